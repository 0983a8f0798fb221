package check

import (
	"slices"
	"strings"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
)

// happening is an event of a table, a stream or a channel: what an effect waits for, and what a body makes happen.
type happening struct {
	of    any // *ir.Table, *ir.Stream or *ir.Channel
	event string
}

// reaction is an effect as the search for cycles sees it.
type reaction struct {
	name  string
	in    *module
	at    ir.Pos // of the event that it waits for
	on    happening
	makes map[happening]ir.Pos
}

// effectCycles refuses effects that set each other off, or themselves, without end.
func (c *checker) effectCycles() {
	told := map[*reaction]bool{}
	for _, from := range c.reactions {
		if told[from] {
			continue
		}
		if path := c.circle(from, from, nil, map[*reaction]bool{}); path != nil {
			names := make([]string, 0, len(path)+1)
			for _, r := range path {
				told[r] = true
				names = append(names, r.name)
			}
			what := "effects set each other off without end: " + strings.Join(append(names, from.name), " → ")
			if len(path) == 1 {
				what = "effect `" + from.name + "` sets itself off without end"
			}
			next := path[0]
			if len(path) > 1 {
				next = path[1]
			}
			c.errorf(from.in, from.at.Span, diag.CodeCycle, "%s", what).also(from.makes[next.on], "this makes `%s` happen", next.on.event).
				help("follow another event, or write where no effect follows")
		}
	}
}

// circle is a way from an effect back to one, each setting off the next; nil if there is none.
func (c *checker) circle(at, to *reaction, path []*reaction, seen map[*reaction]bool) []*reaction {
	path = append(slices.Clone(path), at)
	for _, next := range c.reactions {
		if _, sets := at.makes[next.on]; !sets {
			continue
		}
		if next == to {
			return path
		}
		if !seen[next] {
			seen[next] = true
			if found := c.circle(next, to, path, seen); found != nil {
				return found
			}
		}
	}
	return nil
}

// react notes what an effect waits for and what its body makes happen.
func (c *checker) react(m *module, d *ast.Effect, of any, body *ir.Block) {
	if d.On == nil || of == nil {
		return
	}
	r := &reaction{name: d.Name.Name, in: m, at: m.pos(&d.On.Name), on: happening{of, d.On.Name.Name}, makes: map[happening]ir.Pos{}}
	note := func(of any, event string, at ir.Pos) {
		if _, known := r.makes[happening{of, event}]; !known {
			r.makes[happening{of, event}] = at
		}
	}
	ir.WalkBlock(body, func(s ir.Stmt) {
		switch s := s.(type) {
		case *ir.Publish:
			if s.Stream != nil {
				note(s.Stream, s.Event, s.Pos)
			} else if s.Channel != nil {
				note(s.Channel, s.Event, s.Pos)
			}
		}
	}, func(x ir.Expr) {
		ir.Walk(x, func(x ir.Expr) bool {
			switch x := x.(type) {
			case *ir.Insert:
				note(x.Table, "created", x.Pos)
			case *ir.Upsert:
				note(x.Table, "created", x.Pos)
				note(x.Table, "updated", x.Pos)
			case *ir.UpdateRow:
				note(x.Table, "updated", x.Pos)
			case *ir.UpdateWhere:
				note(x.Table, "updated", x.Pos)
			case *ir.DeleteRow:
				note(x.Table, "deleted", x.Pos)
			case *ir.DeleteWhere:
				note(x.Table, "deleted", x.Pos)
			}
			return true
		})
	})
	c.reactions = append(c.reactions, r)
}

// cycles refuses derived streams that follow each other in a circle.
func (c *checker) cycles() {
	state := map[*ir.Stream]state{}
	var visit func(s *ir.Stream, path []string) bool
	visit = func(s *ir.Stream, path []string) bool {
		switch state[s] {
		case underway:
			c.errorf(c.byName[s.Module], s.Pos.Span, diag.CodeCycle, "derived streams follow each other in a circle: %s", strings.Join(append(path, s.Name), " → ")).help("let one of them follow tables instead")
			return true
		case done:
			return false
		}
		state[s] = underway
		defer func() { state[s] = done }()
		for _, src := range s.Sources {
			if src.Stream != nil && visit(src.Stream, append(path, s.Name)) {
				return true
			}
		}
		return false
	}
	for _, m := range c.order {
		for _, s := range m.ir.Streams {
			visit(s, nil)
		}
	}
}
