package livequery

import (
	"slices"
	"strconv"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/value"
)

// item is one row of a window. It never changes: a row that has changed is another item with the same key.
type item struct {
	key      string           // what identifies the row
	position []relation.Value // the values of the order, then the key
	row      relation.Row
	deps     []string // by dependency: the values that the row depends on
	shown    bool
}

// appendDiff appends the operations of docs/protocol.md that turn old into new as a JSON array. It returns nil if nothing has changed.
func appendDiff(dst []byte, s relation.Schema, old, new []*item) []byte {
	from, to := 0, 0
	for from < len(old) && from < len(new) && old[from] == new[from] {
		from++
	}
	for to < len(old)-from && to < len(new)-from && old[len(old)-1-to] == new[len(new)-1-to] {
		to++
	}
	d := &differ{dst: append(dst, '['), schema: s, at: from}
	old, new = old[from:len(old)-to], new[from:len(new)-to]
	if !d.few(old, new) {
		d.run(old, new)
	}
	if d.n == 0 {
		return nil
	}
	return append(d.dst, ']')
}

// differ writes the operations for the middle of two lists, which begins at index at.
type differ struct {
	dst    []byte
	schema relation.Schema
	at, n  int
}

// run finds the operations for any two lists.
func (d *differ) run(old, new []*item) {
	rank := make(map[string]int, len(new)) // index of each row in new
	for i, r := range new {
		rank[r.key] = i
	}
	// Rows that are gone are removed first, from the end, so that indexes stay right.
	list := slices.Clone(old)
	for i := len(list) - 1; i >= 0; i-- {
		if _, ok := rank[list[i].key]; !ok {
			d.op('-', i)
			list = slices.Delete(list, i, i+1)
		}
	}
	stay := stable(list, rank)
	have := make(map[string]*item, len(list))
	for _, r := range list {
		have[r.key] = r
	}
	// From left to right, each row that does not stay is moved after the one before it.
	last := -1 // index in list of the row before
	for _, r := range new {
		before := have[r.key]
		switch {
		case before == nil:
			last++
			d.insert(last, r)
			list = slices.Insert(list, last, r)
		case stay[r.key]:
			if last+1 >= len(list) || list[last+1].key != r.key {
				last = indexOf(list, r.key, last+1)
			} else {
				last++
			}
			last = d.update(list, last, before, r)
		default:
			at := indexOf(list, r.key, 0)
			to := last + 1
			if at < to {
				to--
			}
			if at != to {
				d.op('>', at, to)
				list = slices.Delete(list, at, at+1)
				list = slices.Insert(list, to, before)
			}
			last = d.update(list, to, before, r)
		}
	}
}

func indexOf(list []*item, key string, from int) int {
	for i := from; i < len(list); i++ {
		if list[i].key == key {
			return i
		}
	}
	for i := range list {
		if list[i].key == key {
			return i
		}
	}
	return -1
}

// stable is a longest subsequence of rows that are in the same order in both lists.
func stable(list []*item, rank map[string]int) map[string]bool {
	// Patience sorting: tails[k] is the end of an increasing subsequence of length k+1, with the smallest rank.
	var tails []int
	prev := make([]int, len(list))
	for i, r := range list {
		k, _ := slices.BinarySearchFunc(tails, rank[r.key], func(t, want int) int { return rank[list[t].key] - want })
		prev[i] = -1
		if k > 0 {
			prev[i] = tails[k-1]
		}
		if k == len(tails) {
			tails = append(tails, i)
		} else {
			tails[k] = i
		}
	}
	stay := make(map[string]bool, len(tails))
	if len(tails) > 0 {
		for i := tails[len(tails)-1]; i >= 0; i = prev[i] {
			stay[list[i].key] = true
		}
	}
	return stay
}

// begin begins an operation.
func (d *differ) begin(kind byte) {
	if d.n++; d.n > 1 {
		d.dst = append(d.dst, ',')
	}
	d.dst = append(d.dst, '[', '"', kind, '"')
}

func (d *differ) op(kind byte, positions ...int) {
	d.begin(kind)
	for _, p := range positions {
		d.dst = append(d.dst, ',')
		d.dst = strconv.AppendInt(d.dst, int64(d.at+p), 10)
	}
	d.dst = append(d.dst, ']')
}

func (d *differ) insert(at int, r *item) {
	d.begin('+')
	d.dst = append(d.dst, ',')
	d.dst = strconv.AppendInt(d.dst, int64(d.at+at), 10)
	d.dst = append(d.dst, ',')
	d.dst = appendRow(d.dst, d.schema, r.row)
	d.dst = append(d.dst, ']')
}

// update writes what has changed in a row of the list, and returns its index.
func (d *differ) update(list []*item, at int, before, after *item) int {
	list[at] = after
	d.change(at, before, after)
	return at
}

// change writes what has changed in a row.
func (d *differ) change(at int, before, after *item) {
	if before == after {
		return
	}
	if isBare(d.schema) {
		if !looksSame(&d.schema[0], before.row[0], after.row[0]) {
			d.op('-', at)
			d.insert(at, after)
		}
		return
	}
	n := 0
	for i := range d.schema {
		if looksSame(&d.schema[i], before.row[i], after.row[i]) {
			continue
		}
		if n++; n == 1 {
			d.begin('~')
			d.dst = append(d.dst, ',')
			d.dst = strconv.AppendInt(d.dst, int64(d.at+at), 10)
			d.dst = append(d.dst, ',', '{')
		} else {
			d.dst = append(d.dst, ',')
		}
		d.dst = appendMember(d.dst, &d.schema[i], after.row[i])
	}
	if n > 0 {
		d.dst = append(d.dst, '}', ']')
	}
}

// looksSame reports whether two values of a column are the same to a client, who does not see secrets. No event may show that a secret
// has changed.
func looksSame(c *relation.Column, a, b relation.Value) bool {
	if c.Secret || relation.Same(a, b) {
		return true
	}
	switch x := a.(type) {
	case relation.JSON:
		y, ok := b.(relation.JSON)
		return ok && c.Visible != nil && value.SameVisible(x, y, c.Visible)
	case relation.Row:
		y, ok := b.(relation.Row)
		return ok && looksSameRow(c.Fields, x, y)
	case []relation.Row:
		y, ok := b.([]relation.Row)
		return ok && slices.EqualFunc(x, y, func(x, y relation.Row) bool { return looksSameRow(c.Fields, x, y) })
	}
	return false
}

func looksSameRow(s relation.Schema, a, b relation.Row) bool {
	for i := range s {
		if !looksSame(&s[i], a[i], b[i]) {
			return false
		}
	}
	return true
}
