package livequery

// edit is one difference between two lists: before is nil for an inserted row, after for a removed one.
type edit struct {
	before, after *item
	old           int // index in the old list
	new           int // index in the new list, as the earlier edits have left it
}

// maxFew is how many rows may be inserted and removed for few.
const maxFew = 8

// few writes the operations where few rows are inserted and removed, as after most commits, and returns false elsewhere. It looks at
// each row once.
func (d *differ) few(old, new []*item) bool {
	var buf [maxFew]edit
	edits := buf[:0]
	moving, inserted, removed := 0, -1, -1
	i, j := 0, 0
	for i < len(old) || j < len(new) {
		if i < len(old) && j < len(new) && old[i] == new[j] {
			i, j = i+1, j+1
			continue
		}
		e := edit{old: i, new: j}
		switch {
		case i == len(old), j+1 < len(new) && i < len(old) && old[i] == new[j+1]:
			e.after, inserted = new[j], len(edits)
			moving++
			j++
		case j == len(new), i+1 < len(old) && old[i+1] == new[j]:
			e.before, removed = old[i], len(edits)
			moving++
			i++
		case old[i].key == new[j].key:
			e.before, e.after = old[i], new[j]
			i, j = i+1, j+1
		default:
			return false
		}
		if moving > maxFew {
			return false
		}
		edits = append(edits, e)
	}
	if inserted >= 0 && removed >= 0 {
		if len(edits) == 2 && edits[inserted].after.key == edits[removed].before.key {
			d.move(edits[removed].old, edits[inserted].new, edits[removed].before, edits[inserted].after)
			return true
		}
		for _, a := range edits {
			for _, b := range edits {
				if a.before != nil {
					break
				}
				if b.after == nil && a.after.key == b.before.key {
					return false // a row that has moved, among others
				}
			}
		}
	}
	for _, e := range edits {
		switch {
		case e.before == nil:
			d.insert(e.new, e.after)
		case e.after == nil:
			d.op('-', e.new)
		default:
			d.change(e.new, e.before, e.after)
		}
	}
	return true
}

// move writes that the only row that differs is at another index.
func (d *differ) move(from, to int, before, after *item) {
	d.op('>', from, to)
	d.change(to, before, after)
}
