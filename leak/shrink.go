package leak

import "fmt"

// Smaller returns programs that are a part of this one: one of its chunks, or all but one. They need not compile.
func (p *Program) Smaller() []*Program {
	var out []*Program
	with := func(keep func(i int) bool) {
		q := *p
		q.Name = fmt.Sprintf("%ss%d", p.Name, len(out))
		q.chunks = nil
		for i, c := range p.chunks {
			if c.needs || keep(i) {
				q.chunks = append(q.chunks, c)
			}
		}
		out = append(out, &q)
	}
	if len(p.chunks) < 3 { // the tables, and one chunk that uses them
		return nil
	}
	for i, c := range p.chunks {
		if c.needs {
			continue
		}
		with(func(j int) bool { return i == j })
		with(func(j int) bool { return i != j })
	}
	return out
}
