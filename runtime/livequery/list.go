package livequery

import (
	"slices"

	"github.com/livec-lang/livec/relation"
)

// itemList is items in order, each found by its key.
type itemList struct {
	plan     *plan
	rows     []*item
	by       map[string]*item
	modified bool // since changed was last called
	bytes    int  // of rows, about
}

// changed reports whether there may be something to show since it was last called.
func (l *itemList) changed() bool {
	modified := l.modified
	l.modified = false
	return modified
}

// search is the index of a position, or where it would be.
func (l *itemList) search(position []relation.Value) int {
	i, _ := slices.BinarySearchFunc(l.rows, position, func(r *item, position []relation.Value) int {
		return l.plan.compare(r.position, position)
	})
	return i
}

// remove removes the item with a key and returns it, or nil.
func (l *itemList) remove(key string) *item {
	r := l.by[key]
	if r == nil {
		return nil
	}
	delete(l.by, key)
	l.modified = true
	l.bytes -= r.size()
	i := l.search(r.position)
	if i >= len(l.rows) || l.rows[i] != r {
		i = slices.Index(l.rows, r)
	}
	l.rows = slices.Delete(l.rows, i, i+1)
	return r
}

// insert adds an item whose key is not there.
func (l *itemList) insert(r *item) {
	l.rows = slices.Insert(l.rows, l.search(r.position), r)
	l.by[r.key] = r
	l.modified = true
	l.bytes += r.size()
}

func (l *itemList) size() int { return l.bytes }

func (l *itemList) clear() {
	l.modified = true
	l.rows, l.bytes = nil, 0
	l.by = map[string]*item{}
}

// first returns the shown ones of the first n items; of all items if n is 0.
func (l *itemList) first(n int) []*item {
	rows := l.rows
	if n > 0 && len(rows) > n {
		rows = rows[:n]
	}
	out := make([]*item, 0, len(rows))
	for _, r := range rows {
		if r.shown {
			out = append(out, r)
		}
	}
	return out
}
