package analyze

import (
	"slices"
	"strings"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/diag"
)

// eventKey identifies an event of a table, a stream or a channel. An effect waits for it, and a body causes it.
type eventKey struct {
	of   any // *ir.Table, *ir.Stream or *ir.Channel
	name string
}

func keyOf(e *ir.Event) eventKey {
	switch {
	case e.Table != nil:
		return eventKey{e.Table, e.Name}
	case e.Stream != nil:
		return eventKey{e.Stream, e.Name}
	}
	return eventKey{e.Channel, e.Name}
}

// reaction is an effect with its event and the events that it causes.
type reaction struct {
	name  string
	at    ir.Pos // the position of the event that it waits for
	on    eventKey
	makes map[eventKey]ir.Pos
}

// reactions reports effects that trigger each other, or themselves, without end.
func reactions(p *ir.Program, r *report) {
	all := effectsOf(p)
	reported := map[*reaction]bool{}
	for _, from := range all {
		if reported[from] {
			continue
		}
		path := cyclePath(all, from, from, nil, map[*reaction]bool{})
		if path == nil {
			continue
		}
		names := make([]string, 0, len(path)+1)
		for _, r := range path {
			reported[r] = true
			names = append(names, r.name)
		}
		what := "effects trigger each other without end: " + strings.Join(append(names, from.name), " → ")
		next := path[0]
		if len(path) == 1 {
			what = "effect `" + from.name + "` triggers itself without end"
		} else {
			next = path[1]
		}
		r.errorf(from.at, diag.CodeCycle, "%s", what).also(from.makes[next.on], "this triggers `%s`", next.on.name).
			help("react to another event, or write to a table that no effect reacts to")
	}
}

// cyclePath returns a path from an effect back to itself on which each effect triggers the next; nil if there is none.
func cyclePath(all []*reaction, at, to *reaction, path []*reaction, seen map[*reaction]bool) []*reaction {
	path = append(slices.Clone(path), at)
	for _, next := range all {
		if _, sets := at.makes[next.on]; !sets {
			continue
		}
		if next == to {
			return path
		}
		if !seen[next] {
			seen[next] = true
			if found := cyclePath(all, next, to, path, seen); found != nil {
				return found
			}
		}
	}
	return nil
}

// effectsOf returns the effects of a program with the events that their bodies cause, including through functions.
func effectsOf(p *ir.Program) []*reaction {
	var out []*reaction
	for _, m := range p.Modules {
		for _, x := range m.Pending {
			if x.On == nil {
				continue
			}
			r := &reaction{name: x.Name, at: x.On.Pos, on: keyOf(x.On), makes: map[eventKey]ir.Pos{}}
			r.collect(x.Body, map[*ir.Fn]bool{})
			out = append(out, r)
		}
	}
	return out
}

func (r *reaction) collect(n ir.Node, seen map[*ir.Fn]bool) {
	note := func(of any, event string, at ir.Pos) {
		if _, known := r.makes[eventKey{of, event}]; !known {
			r.makes[eventKey{of, event}] = at
		}
	}
	ir.Walk(n, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Publish:
			if n.Stream != nil {
				note(n.Stream, n.Event, n.Pos)
			} else {
				note(n.Channel, n.Event, n.Pos)
			}
		case *ir.Insert:
			note(n.Table, "created", n.Pos)
		case *ir.Upsert:
			note(n.Table, "created", n.Pos)
			note(n.Table, "updated", n.Pos)
		case *ir.UpdateRow:
			note(n.Table, "updated", n.Pos)
		case *ir.UpdateWhere:
			note(n.Table, "updated", n.Pos)
		case *ir.DeleteRow:
			note(n.Table, "deleted", n.Pos)
		case *ir.DeleteWhere:
			note(n.Table, "deleted", n.Pos)
		case *ir.CallFn:
			if !seen[n.Fn] {
				seen[n.Fn] = true
				r.collect(n.Fn.Body, seen)
			}
		}
		return true
	})
}

// cycles reports derived streams that follow each other in a cycle.
func cycles(p *ir.Program, r *report) {
	begun, ended := map[*ir.Stream]bool{}, map[*ir.Stream]bool{}
	var visit func(s *ir.Stream, path []string) bool
	visit = func(s *ir.Stream, path []string) bool {
		switch {
		case ended[s]:
			return false
		case begun[s]:
			r.errorf(s.Pos, diag.CodeCycle, "derived streams depend on each other in a cycle: %s", strings.Join(append(path, s.Name), " → ")).
				help("make one of them follow tables instead")
			return true
		}
		begun[s] = true
		defer func() { ended[s] = true }()
		for _, src := range s.Sources {
			if src.Stream != nil && visit(src.Stream, append(path, s.Name)) {
				return true
			}
		}
		return false
	}
	for _, m := range p.Modules {
		for _, s := range m.Streams {
			visit(s, nil)
		}
	}
}
