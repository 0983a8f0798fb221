package check

import (
	"fmt"
	"strings"

	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
)

// rowColumns reports columns whose type is a row. The column would hold a copy, which would not change with the row. A
// column should hold the key, and a join finds the row.
func (c *checker) rowColumns(m *module, d *ast.Table) {
	t := c.tables[d]
	for i, f := range d.Fields {
		field := t.Row.Fields[i]
		if field.Type == nil || types.IsBad(field.Type) {
			continue
		}
		row, in := types.RowIn(field.Type, map[ir.Type]bool{})
		if row == nil {
			continue
		}
		if name := c.namesRow(m, f.Type, row); name != nil {
			c.rowColumn(m, name, field, row)
		} else {
			found := c.errorf(m, f.Type.Where(), diag.CodeRowColumn, "the column `%s` would store a copy of a row of `%s`", field.Name, row.Name)
			if in != nil {
				found.also(in.Pos, "in this field")
			}
			found.help("store the key of the row there, %s, and use a join to read the row", keyTypes(row))
		}
		field.Type = types.Bad // so that the mistake is reported once
	}
}

// rowColumn refuses a column whose type names a table.
func (c *checker) rowColumn(m *module, name *ast.NamedType, field *ir.Field, row *ir.Record) {
	f := c.errorf(m, name.Span, diag.CodeRowColumn, "the column `%s` would store a copy of a row of `%s`", field.Name, row.Name).
		also(row.Pos, "a table")
	key := row.Table.Key
	if len(key) != 1 {
		f.help("store the key of the row, %s, and use a join to read the row", keyTypes(row))
		return
	}
	id := name.Name.Name + "." + key[0].Name
	f.help("store the key of the row, `%s`, and use a join to read the row: `join %s on .%s`", id, name.Name.Name, field.Name).
		fix(m, name.Span, "store the key: `"+id+"`", id)
}

// keyTypes returns the types of the key's fields, as text.
func keyTypes(row *ir.Record) string {
	types := make([]string, len(row.Table.Key))
	for i, k := range row.Table.Key {
		types[i] = "`" + row.Name + "." + k.Name + "`"
	}
	return strings.Join(types, " and ")
}

// namesRow finds where a type expression names the table of a row.
func (c *checker) namesRow(m *module, x ast.Type, row *ir.Record) *ast.NamedType {
	switch x := x.(type) {
	case *ast.NamedType:
		if s := m.Module.Lookup(x.Name.Name); s.Known() {
			if d, table := s.Decl.(*ast.Table); table && c.tables[d] != nil && c.tables[d].Row == row {
				return x
			}
		}
	case *ast.OptionalType:
		return c.namesRow(m, x.Elem, row)
	case *ast.ListType:
		return c.namesRow(m, x.Elem, row)
	case *ast.MapType:
		return c.namesRow(m, x.Elem, row)
	case *ast.RecordType:
		for _, f := range x.Fields {
			if found := c.namesRow(m, f.Type, row); found != nil {
				return found
			}
		}
	case nil, *ast.BadType, *ast.MemberType, *ast.UnionType, *ast.LiteralType: // they do not name the row
	default:
		panic(fmt.Sprintf("a type of kind %T is not searched for a row", x))
	}
	return nil
}
