package check

import (
	"slices"

	"github.com/livec-lang/livec/compiler/check/constant"
	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
)

// migrate records one migration of a table. All migrations of a table are checked together, the newest first: the newest
// results in the table as declared, and undoing each step results in the fields of the version before it.
func (c *checker) migrate(m *module, d *ast.Migrate) {
	m.pending(&d.Name, "migrate", d.Name.Name)
	b := c.systemBody(m, d)
	s := m.refer(d.Name.Name, d.Name.Span)
	var t *ir.Table
	if s != nil {
		if td, ok := s.Decl.(*ast.Table); ok {
			t = c.table(c.home(s), td)
		}
	}
	if t == nil {
		if d.Name.Name != "" && (s == nil || s.Known()) {
			b.errorf(d.Name.Span, diag.CodeMigration, "there is no table `%s`", d.Name.Name).
				suggest(m, d.Name.Span, d.Name.Name, m.declared("table"))
		}
		return
	}
	if d.From == nil || d.To == nil {
		return
	}
	if d.To.Value != d.From.Value+1 {
		b.errorf(span(d.From, d.To), diag.CodeMigration, "a migration goes from one version to the next").
			help("write `%d -> %d`", d.From.Value, d.From.Value+1)
	}
	for _, old := range c.migrations[t] {
		if old.decl.From.Value == d.From.Value {
			b.errorf(d.From.Span, diag.CodeMigration, "version %d of `%s` is migrated twice", d.From.Value, t.Row.Name).
				also(old.in.pos(old.decl.From), "first here")
			return
		}
	}
	if len(c.migrations[t]) == 0 {
		c.migrated = append(c.migrated, t)
	}
	c.migrations[t] = append(c.migrations[t], migration{m, d})
}

// migration is a `migrate` declaration with its module.
type migration struct {
	in   *module
	decl *ast.Migrate
}

// migrationSteps checks the migrations of each table.
func (c *checker) migrationSteps() {
	for _, t := range c.migrated {
		list := c.migrations[t]
		slices.SortFunc(list, func(a, b migration) int { return int(b.decl.From.Value - a.decl.From.Value) })
		fields := map[string]bool{}
		for _, f := range t.Row.Fields {
			fields[f.Name] = true
		}
		for i, l := range list {
			if i > 0 && l.decl.From.Value+1 < list[i-1].decl.From.Value {
				newer := list[i-1]
				c.errorf(newer.in, newer.decl.From.Span, diag.CodeMigration, "no migration goes from version %d of `%s` to version %d",
					l.decl.From.Value+1, t.Row.Name, newer.decl.From.Value).
					also(l.in.pos(l.decl.From), "the version before").help("number the migrations without gaps")
			}
			b := c.systemBody(l.in, l.decl)
			for _, step := range slices.Backward(l.decl.Steps) {
				c.migrateStep(b, t, step, fields, i == 0)
			}
		}
	}
}

// migrateStep checks one step and undoes it: fields are those after the step, and become those before it. newest is true
// while they have the types of the table.
func (c *checker) migrateStep(b *body, t *ir.Table, s *ast.MigrateStep, fields map[string]bool, newest bool) {
	var typ ir.Type
	if s.Type != nil {
		typ = c.typ(b.m, s.Type, naming{t.Row.Name + "Old"})
	}
	for _, n := range []*ast.Ident{&s.From, &s.To} {
		b.m.useField(n.Span, types.FieldOf(t.Row, n.Name))
	}
	switch s.Word.Name {
	case "add":
		if !b.existsAfter(&s.From, t, fields) {
			return
		}
		delete(fields, s.From.Name)
		if f := types.FieldOf(t.Row, s.From.Name); newest && f.Default == nil && !types.Nullable(f.Type) && s.Value == nil {
			b.errorf(s.From.Span, diag.CodeMigration, "`%s` has no value for the existing rows", f.Name).
				also(f.Pos, "declared here").help("give the field a default in the table, or make it optional")
		}
	case "rename", "convert":
		switch {
		case s.To.Name != "" && s.From.Name == s.To.Name && s.Word.Name == "rename":
			b.errorf(s.To.Span, diag.CodeMigration, "this renames a field to itself")
			return
		case s.Word.Name == "convert" && (s.Value == nil || s.Back == nil):
			b.errorf(s.Span, diag.CodeMigration, "a conversion must work both ways").
				help("write `convert a -> b: T = .a * 60 back .b / 60`: old clients get the value of `back`")
		}
		if !b.existsAfter(&s.To, t, fields) {
			return
		}
		if s.Word.Name == "convert" {
			b.overFields(s.Back, t, &s.From, fields)
		}
		delete(fields, s.To.Name)
		if b.restore(&s.From, t, fields) && s.Word.Name == "convert" {
			b.overFields(s.Value, t, &s.To, fields)
		}
	case "drop":
		if b.restore(&s.From, t, fields) && typ != nil && s.Value != nil {
			b.exposes(b.expr(s.Value, typ), t, &s.From)
		}
	case "literal":
		b.literalStep(s, typ)
	case "":
	default:
		b.errorf(s.Word.Span, diag.CodeMigration, "unknown step `%s`", s.Word.Name).
			suggest(b.m, s.Word.Span, s.Word.Name, ast.MigrateWords).help("the steps are %s", diag.Or(ast.MigrateWords))
	}
}

// existsAfter reports whether a field exists after a step, and adds a diagnostic if it does not.
func (b *body) existsAfter(name *ast.Ident, t *ir.Table, fields map[string]bool) bool {
	if name.Name == "" {
		return false
	}
	if !fields[name.Name] {
		b.errorf(name.Span, diag.CodeMigration, "`%s` has no field `%s` after this step", t.Row.Name, name.Name).
			suggest(b.m, name.Span, name.Name, sortedKeys(fields)).also(t.Pos, "the table")
		return false
	}
	return true
}

// restore adds a field back that a step removes, and adds a diagnostic if the field exists already.
func (b *body) restore(name *ast.Ident, t *ir.Table, fields map[string]bool) bool {
	if name.Name == "" {
		return false
	}
	if fields[name.Name] {
		f := b.errorf(name.Span, diag.CodeMigration, "`%s` is still a field of `%s` after this step", name.Name, t.Row.Name)
		if old := types.FieldOf(t.Row, name.Name); old != nil {
			f.also(old.Pos, "declared here")
		}
		f.help("remove it from the table")
		return false
	}
	fields[name.Name] = true
	return true
}

// overFields checks an expression over the fields of a row in one version. The types of the fields are unknown.
func (b *body) overFields(x ast.Expr, t *ir.Table, to *ast.Ident, fields map[string]bool) {
	if x == nil {
		return
	}
	r := &ir.Record{Name: "row", Anonymous: true}
	for _, name := range sortedKeys(fields) {
		r.Fields = append(r.Fields, &ir.Field{Name: name, Type: types.Bad, Column: -1})
	}
	b.rows = append(b.rows, &rowScope{row: &ir.Var{Name: "row", Type: r}, list: true})
	b.exposes(b.expr(x, nil), t, to)
	b.rows = b.rows[:len(b.rows)-1]
}

// exposes reports a secret in the value of a field that is not secret. A field of an older version counts as secret if
// the table has a secret field of that name.
func (b *body) exposes(x ir.Expr, t *ir.Table, to *ast.Ident) {
	if f := types.FieldOf(t.Row, to.Name); f != nil && f.Secret {
		return
	}
	ir.WalkExprs(x, func(x ir.Expr) bool {
		name := ""
		switch x := x.(type) {
		case *ir.EnvRef:
			if x.Env.Secret {
				name = x.Env.Name
			}
		case *ir.FieldOf:
			if f := types.FieldOf(t.Row, x.Field.Name); f != nil && f.Secret {
				name = f.Name
			}
		}
		if name != "" {
			b.errorf(x.Where().Span, diag.CodeSecretKept, "the secret `%s` would be stored in a field that is not secret", name).
				help("mark the field `%s` `secret` as well, or leave it out", to.Name)
		}
		return true
	})
}

// literalStep checks `literal Priority "urgent" back "high"`. t is the type that it names.
func (b *body) literalStep(s *ast.MigrateStep, t ir.Type) {
	if t == nil || types.IsBad(t) {
		return
	}
	e, ok := t.(*ir.Enum)
	if !ok {
		b.errorf(s.Type.Where(), diag.CodeMigration, "`%s` is not a union of literals", ir.TypeString(t))
		return
	}
	for _, x := range []ast.Expr{s.Value, s.Back} {
		if x != nil {
			b.expr(x, e)
		}
	}
	value, ok := s.Value.(*ast.StringLit)
	back, is := s.Back.(*ast.StringLit)
	if ok && is && constant.Text(value) == constant.Text(back) {
		b.errorf(back.Span, diag.CodeMigration, "old clients do not know %q", constant.Text(back)).
			help("name a literal that the union had before")
	}
}

func sortedKeys(m map[string]bool) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
