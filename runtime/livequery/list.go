package livequery

import (
	"slices"

	"github.com/livec-lang/livec/relation"
)

// list is entries in order, each found by its key.
type list struct {
	plan *plan
	rows []*entry
	by   map[string]*entry
	news bool // it is another list than when this was last asked
}

// changed tells whether there may be something to show since it was last asked.
func (l *list) changed() bool {
	news := l.news
	l.news = false
	return news
}

// at is where a place is, or would be.
func (l *list) at(place []relation.Value) int {
	i, _ := slices.BinarySearchFunc(l.rows, place, func(r *entry, place []relation.Value) int { return l.plan.compare(r.place, place) })
	return i
}

// remove takes out the entry with a key and gives it, or nil.
func (l *list) remove(key string) *entry {
	r := l.by[key]
	if r == nil {
		return nil
	}
	delete(l.by, key)
	l.news = true
	i := l.at(r.place)
	if i >= len(l.rows) || l.rows[i] != r {
		i = slices.Index(l.rows, r)
	}
	l.rows = slices.Delete(l.rows, i, i+1)
	return r
}

// insert adds an entry whose key is not there.
func (l *list) insert(r *entry) {
	l.rows = slices.Insert(l.rows, l.at(r.place), r)
	l.by[r.key] = r
	l.news = true
}

func (l *list) clear() {
	l.news = true
	l.rows = nil
	l.by = map[string]*entry{}
}

// first is the first n entries that are shown; all with n 0.
func (l *list) first(n int) []*entry {
	rows := l.rows
	if n > 0 && len(rows) > n {
		rows = rows[:n]
	}
	out := make([]*entry, 0, len(rows))
	for _, r := range rows {
		if r.shown {
			out = append(out, r)
		}
	}
	return out
}
