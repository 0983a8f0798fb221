package livequery

import (
	"slices"
	"strconv"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/value"
)

// entry is one row of a window. It is not changed once it is shown: a row that has changed is another entry with the same key.
type entry struct {
	key   string           // what identifies the row
	place []relation.Value // the values of the order, then the key
	row   relation.Row
	deps  []string // by dependency: the values that the row hangs on
	shown bool
}

// appendDiff appends the operations of docs/protocol.md that make new out of old as a JSON array, few where little has changed; nil if nothing has.
func appendDiff(dst []byte, s relation.Schema, old, new []*entry) []byte {
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

// differ writes the operations for the middle of two lists, which begins at position at.
type differ struct {
	dst    []byte
	schema relation.Schema
	at, n  int
}

// run finds the operations for any two lists.
func (d *differ) run(old, new []*entry) {
	rank := make(map[string]int, len(new)) // place of each row in new
	for i, r := range new {
		rank[r.key] = i
	}
	// What is gone goes first, from the end, so that positions stay right.
	list := slices.Clone(old)
	for i := len(list) - 1; i >= 0; i-- {
		if _, ok := rank[list[i].key]; !ok {
			d.op('-', i)
			list = slices.Delete(list, i, i+1)
		}
	}
	stay := stable(list, rank)
	have := make(map[string]*entry, len(list))
	for _, r := range list {
		have[r.key] = r
	}
	// From left to right, each row that does not stay where it is goes behind the one before it.
	before := -1 // position in list of the row before
	for _, r := range new {
		was := have[r.key]
		switch {
		case was == nil:
			before++
			d.insert(before, r)
			list = slices.Insert(list, before, r)
		case stay[r.key]:
			if before+1 >= len(list) || list[before+1].key != r.key {
				before = indexOf(list, r.key, before+1)
			} else {
				before++
			}
			before = d.update(list, before, was, r)
		default:
			at := indexOf(list, r.key, 0)
			to := before + 1
			if at < to {
				to--
			}
			if at != to {
				d.op('>', at, to)
				list = slices.Delete(list, at, at+1)
				list = slices.Insert(list, to, was)
			}
			before = d.update(list, to, was, r)
		}
	}
}

func indexOf(list []*entry, key string, from int) int {
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

// stable is a longest run of rows that are in the same order in both lists.
func stable(list []*entry, rank map[string]int) map[string]bool {
	// Patience sorting: tails[k] is the end of a run of length k+1, with the smallest rank.
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

func (d *differ) insert(at int, r *entry) {
	d.begin('+')
	d.dst = append(d.dst, ',')
	d.dst = strconv.AppendInt(d.dst, int64(d.at+at), 10)
	d.dst = append(d.dst, ',')
	d.dst = appendRow(d.dst, d.schema, r.row)
	d.dst = append(d.dst, ']')
}

// update writes what has changed in a row of the list, and gives its position.
func (d *differ) update(list []*entry, at int, was, is *entry) int {
	list[at] = is
	d.change(at, was, is)
	return at
}

// change writes what has changed in a row.
func (d *differ) change(at int, was, is *entry) {
	if was == is {
		return
	}
	if isBare(d.schema) {
		if !looksSame(&d.schema[0], was.row[0], is.row[0]) {
			d.op('-', at)
			d.insert(at, is)
		}
		return
	}
	n := 0
	for i := range d.schema {
		if looksSame(&d.schema[i], was.row[i], is.row[i]) {
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
		d.dst = appendMember(d.dst, &d.schema[i], is.row[i])
	}
	if n > 0 {
		d.dst = append(d.dst, '}', ']')
	}
}

// looksSame tells whether two values of a column are the same to a client, who does not see what is secret. No event may tell that a
// secret has changed.
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
