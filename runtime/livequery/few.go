package livequery

// edit is one difference between two lists: was is nil for a row that came, is for one that went, neither for one that changed in its place.
type edit struct {
	was, is *entry
	old     int // position in the old list
	new     int // position in the new list, as the edits before have left it
}

// maxFew is how many rows may come and go for few.
const maxFew = 8

// few writes the operations where few rows come and go, as after most commits, and gives false elsewhere. It takes one look at each row.
func (d *differ) few(old, new []*entry) bool {
	var room [maxFew]edit
	edits := room[:0]
	moving, came, went := 0, -1, -1
	i, j := 0, 0
	for i < len(old) || j < len(new) {
		if i < len(old) && j < len(new) && old[i] == new[j] {
			i, j = i+1, j+1
			continue
		}
		e := edit{old: i, new: j}
		switch {
		case i == len(old), j+1 < len(new) && i < len(old) && old[i] == new[j+1]:
			e.is, came = new[j], len(edits)
			moving++
			j++
		case j == len(new), i+1 < len(old) && old[i+1] == new[j]:
			e.was, went = old[i], len(edits)
			moving++
			i++
		case old[i].key == new[j].key:
			e.was, e.is = old[i], new[j]
			i, j = i+1, j+1
		default:
			return false
		}
		if moving > maxFew {
			return false
		}
		edits = append(edits, e)
	}
	if came >= 0 && went >= 0 {
		if len(edits) == 2 && edits[came].is.key == edits[went].was.key {
			d.move(edits[went].old, edits[came].new, edits[went].was, edits[came].is)
			return true
		}
		for _, a := range edits {
			for _, b := range edits {
				if a.was != nil {
					break
				}
				if b.is == nil && a.is.key == b.was.key {
					return false // a row that has moved, among others
				}
			}
		}
	}
	for _, e := range edits {
		switch {
		case e.was == nil:
			d.insert(e.new, e.is)
		case e.is == nil:
			d.op('-', e.new)
		default:
			d.change(e.new, e.was, e.is)
		}
	}
	return true
}

// move writes that the only row that differs has another place.
func (d *differ) move(from, to int, was, is *entry) {
	d.op('>', from, to)
	d.change(to, was, is)
}
