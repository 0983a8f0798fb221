package check

import (
	"strings"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
)

// unusedLocals warns of names that a body gives and never uses.
func (c *checker) unusedLocals(b *body) {
	for _, l := range b.lets {
		if l.let && !l.used {
			c.warnf(b.m, l.at, diag.CodeUnused, "`%s` is never used", l.v.Name).help("drop it, or use it")
		}
	}
}

// unused warns of what an app declares for itself and never uses.
func (c *checker) unused() {
	c.each(func(m *module, d ast.Decl) {
		if u, ok := d.(*ast.Use); ok {
			c.unusedNames(m, u)
			return
		}
		if m.IsStd() {
			return
		}
		switch d.(type) {
		case *ast.Guard, *ast.Fn, *ast.Pipe, *ast.Extern, *ast.Signal:
		default:
			return
		}
		n := d.Named()
		if n == nil {
			return
		}
		if s := m.Module.Lookup(n.Name); s != nil && s.Decl == d && !s.Used {
			c.warnf(m, n.Span, diag.CodeUnused, "%s `%s` is never used", d.Keyword(), n.Name).help("drop it, or use it")
		}
	})
}

// unusedNames warns of names that a module takes from another and never uses.
func (c *checker) unusedNames(m *module, u *ast.Use) {
	for i, n := range u.Names {
		s := m.Module.Lookup(n.Name)
		if s == nil || s.Decl == nil || m.taken[n.Name] || n.Name == "" {
			continue
		}
		f := c.warnf(m, n.Span, diag.CodeUnused, "`%s` is never used", n.Name).help("drop it")
		if len(u.Names) > 1 {
			at := n.Span
			if i > 0 {
				at.Start = u.Names[i-1].Span.End
			} else {
				at.End = u.Names[1].Span.Start
			}
			f.fix(m, at, "drop `"+n.Name+"`", "")
		}
	}
}

// cycles refuses derived streams that follow each other in a circle.
func (c *checker) cycles() {
	state := map[*ir.Stream]state{}
	var visit func(s *ir.Stream, path []string) bool
	visit = func(s *ir.Stream, path []string) bool {
		switch state[s] {
		case underway:
			c.errorf(c.moduleOf(s), s.Pos.Span, diag.CodeCycle, "derived streams follow each other in a circle: %s", strings.Join(append(path, s.Name), " → ")).help("let one of them follow tables instead")
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

func (c *checker) moduleOf(s *ir.Stream) *module {
	for _, m := range c.order {
		if m.Name == s.Module {
			return m
		}
	}
	return c.order[0]
}
