package check

import (
	"strings"
	"unicode"

	"github.com/livec-lang/livec/compiler/check/fix"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
)

// unusedLocals warns about names that a body declares and never uses.
func (c *checker) unusedLocals(b *body) {
	c.rename(b)
	for _, s := range b.unread {
		b.m.mentions(s)
	}
	if b.misspelt || b.broken {
		return
	}
	for _, l := range b.lets {
		switch {
		case l.used:
		case l.let:
			c.warnf(b.m, l.at, diag.CodeUnused, "`%s` is never used", l.v.Name).help("use it, or remove it")
		case l.param && !b.m.IsStd():
			c.warnf(b.m, l.at, diag.CodeUnused, "the parameter `%s` is never used", l.v.Name).help("use it, or remove it")
		}
	}
}

// unused warns about private declarations that the app never uses.
func (c *checker) unused() {
	c.each(func(m *module, d ast.Decl) {
		if _, bad := d.(*ast.BadDecl); bad {
			m.mentions(d.Where())
		}
	})
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
		if s := m.Module.Lookup(n.Name); s != nil && s.Decl == d && !c.used[s] {
			c.warnf(m, n.Span, diag.CodeUnused, "%s `%s` is never used", d.Keyword(), n.Name).help("use it, or remove it")
		}
	})
}

// mentions marks all names in a text that could not be parsed as used.
func (m *module) mentions(at source.Span) {
	for _, w := range words(m.src.Text[at.Start:at.End]) {
		m.lookup(w)
	}
}

// unusedSettings warns about settings that nothing reads.
func (c *checker) unusedSettings() {
	for _, v := range c.prog.Env {
		if m := c.envIn[v]; !c.envRead[v] && !m.IsStd() {
			c.warnf(m, v.Pos.Span, diag.CodeUnused, "the setting `%s` is never used", v.Name).help("read it as `env.%s`, or remove it", v.Name)
		}
	}
}

// words returns the words of a text.
func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// unusedNames warns about names that a module imports and never uses.
func (c *checker) unusedNames(m *module, u *ast.Use) {
	for i, n := range u.Names {
		s := m.Module.Lookup(n.Name)
		if s == nil || s.Decl == nil || m.lookedUp[n.Name] || n.Name == "" || !m.Brings(&u.Names[i]) {
			continue
		}
		c.warnf(m, n.Span, diag.CodeUnused, "`%s` is never used", n.Name).help("remove it").d().Fix = fix.DropUse(m.src, u, i)
	}
}
