package livequery

// edit is one difference between two lists: was is nil for a row that came, is for one that went, neither for one that changed in its place.
type edit struct {
	was, is *entry
	old     int // position in the old list
	new     int // position in the new list, as the edits before have left it
}

// maxFew is how many differences few takes on.
const maxFew = 8

// few writes the operations where two lists differ in a few places, as they do after most commits, and gives false elsewhere. It takes no memory and one look at each row.
func (d *differ) few(old, new []*entry) bool {
	var edits [maxFew]edit
	n, came, went := 0, -1, -1
	i, j := 0, 0
	for i < len(old) || j < len(new) {
		if i < len(old) && j < len(new) && old[i] == new[j] {
			i, j = i+1, j+1
			continue
		}
		if n == maxFew {
			return false
		}
		e := edit{old: i, new: j}
		switch {
		case i == len(old), j+1 < len(new) && i < len(old) && old[i] == new[j+1]:
			e.is, came = new[j], n
			j++
		case j == len(new), i+1 < len(old) && old[i+1] == new[j]:
			e.was, went = old[i], n
			i++
		case old[i].key == new[j].key:
			e.was, e.is = old[i], new[j]
			i, j = i+1, j+1
		default:
			return false
		}
		edits[n] = e
		n++
	}
	if came >= 0 && went >= 0 {
		if n == 2 && edits[came].is.key == edits[went].was.key {
			d.move(edits[went].old, edits[came].new, edits[went].was, edits[came].is)
			return true
		}
		for _, a := range edits[:n] {
			for _, b := range edits[:n] {
				if a.was == nil && b.is == nil && a.is.key == b.was.key {
					return false // a row that has moved, among others
				}
			}
		}
	}
	for _, e := range edits[:n] {
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
