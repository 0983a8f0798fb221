package check

import (
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
)

// migrate checks one lens. The table is as the last one leaves it, so that only what the last step of a field leads to can be compared with it.
func (c *checker) migrate(m *module, d *ast.Migrate) {
	m.pending(&d.Name, "migrate", d.Name.Name)
	b := c.systemBody(m, d)
	s := m.lookup(d.Name.Name)
	var t *ir.Table
	if s != nil {
		if td, ok := s.Decl.(*ast.Table); ok {
			t = c.table(c.home(s), td)
		}
	}
	if t == nil {
		if d.Name.Name != "" && (s == nil || s.Decl != nil) {
			b.errorf(d.Name.Span, diag.CodeMigration, "there is no table `%s`", d.Name.Name).suggest(m, d.Name.Span, d.Name.Name, m.Names())
		}
		return
	}
	if d.From != nil && d.To != nil && d.To.Value != d.From.Value+1 {
		b.errorf(span(d.From, d.To), diag.CodeMigration, "a migration leads from one version to the next").help("write `%d -> %d`", d.From.Value, d.From.Value+1)
	}
	if d.From != nil {
		for _, old := range c.migrations[t] {
			if old.From != nil && old.From.Value == d.From.Value {
				b.errorf(d.From.Span, diag.CodeMigration, "version %d of `%s` is migrated twice", d.From.Value, t.Row.Name).also(m.pos(old.From), "first here")
			}
		}
		c.migrations[t] = append(c.migrations[t], d)
	}
	for _, step := range d.Steps {
		c.migrateStep(b, t, step)
	}
}

func (c *checker) migrateStep(b *body, t *ir.Table, s *ast.MigrateStep) {
	var typ ir.Type
	if s.Type != nil {
		typ = c.typ(b.m, s.Type, naming{t.Row.Name + "Old"})
	}
	switch s.Word.Name {
	case "add":
		if fieldOf(t.Row, s.From.Name) == nil && s.From.Name != "" {
			b.unknownFieldOf(&s.From, t.Row)
		} else if f := fieldOf(t.Row, s.From.Name); f != nil && f.Default == nil && !nullable(f.Type) && s.Value == nil && !hasDefault(c.tableOf[t], f.Name) {
			b.errorf(s.From.Span, diag.CodeMigration, "`%s` has no value for the rows that exist", f.Name).help("give the field a default in the table, or make it optional")
		}
	case "rename", "convert":
		if s.To.Name != "" && s.From.Name == s.To.Name && s.Word.Name == "rename" {
			b.errorf(s.To.Span, diag.CodeMigration, "this renames a field to itself")
		}
		if s.Word.Name == "convert" && (s.Value == nil || s.Back == nil) {
			b.errorf(s.Span, diag.CodeMigration, "a conversion goes both ways").help("write `convert a -> b: T = .a * 60 back .b / 60`: old clients are served by the way back")
		}
	case "drop":
		if fieldOf(t.Row, s.From.Name) != nil {
			b.errorf(s.From.Span, diag.CodeMigration, "`%s` is still a field of `%s`", s.From.Name, t.Row.Name).help("remove it from the table")
		}
		if typ != nil && s.Value != nil {
			b.expr(s.Value, typ)
		}
	case "literal", "":
	default:
		words := []string{"add", "rename", "drop", "convert", "literal"}
		b.errorf(s.Word.Span, diag.CodeMigration, "there is no step `%s`", s.Word.Name).suggest(b.m, s.Word.Span, s.Word.Name, words).help("the steps are %s", choice(words))
	}
}

func hasDefault(d *ast.Table, name string) bool {
	for _, f := range d.Fields {
		if f.Name.Name == name {
			return f.Default != nil
		}
	}
	return false
}
