package check

import (
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
)

// unusedLocals warns of names that a body gives and never uses.
func (c *checker) unusedLocals(b *body) {
	c.rename(b)
	if b.misspelt || b.broken {
		return
	}
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
		if s == nil || s.Decl == nil || m.taken[n.Name] || n.Name == "" || !m.Brings(&u.Names[i]) {
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
