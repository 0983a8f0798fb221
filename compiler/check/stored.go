package check

import (
	"strings"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/diag"
)

// storedNames reports tables, and fields of a table, that a database cannot tell apart, since case does not matter in its names.
func (c *checker) storedNames() {
	tables := map[string]*ir.Table{}
	declared := map[string]bool{}
	for _, m := range c.order {
		for _, t := range m.ir.Tables {
			c.columnNames(m, t)
			exact := m.Name + "/" + t.Row.Name
			if t.Row.Name == "" || declared[exact] { // two of one name in a module are reported as that
				continue
			}
			declared[exact] = true
			name := strings.ToLower(t.StoredName())
			old := tables[name]
			switch {
			case old == nil:
				tables[name] = t
			case t.Row.Module == old.Row.Module:
				c.errorf(m, t.Pos.Span, diag.CodeSameName, "`%s` and `%s` differ only in case, so they would be one table in the database",
					old.Row.Name, t.Row.Name).also(old.Pos, "the other table").help("give one of them another name")
			default:
				c.errorf(m, t.Pos.Span, diag.CodeSameName, "`%s` of `%s` and `%s` of `%s` would be one table in the database, `%s`",
					old.Row.Name, old.Row.Module, t.Row.Name, t.Row.Module, old.StoredName()).
					also(old.Pos, "the other table").help("give one of them another name")
			}
		}
	}
}

func (c *checker) columnNames(m *module, t *ir.Table) {
	fields := map[string]*ir.Field{}
	for _, f := range t.Row.Fields {
		name := strings.ToLower(f.Name)
		old := fields[name]
		switch {
		case old == nil:
			fields[name] = f
		case old.Name != f.Name:
			c.errorf(m, f.Pos.Span, diag.CodeSameName, "`%s` and `%s` differ only in case, so they would be one column in the database",
				old.Name, f.Name).
				also(old.Pos, "the other field").help("give one of them another name")
		}
	}
}
