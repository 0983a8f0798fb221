package check

import (
	"slices"

	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/compiler/resolve"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
)

// table makes the row type of a table with its keys and indexes.
func (c *checker) table(m *module, d *ast.Table) *ir.Table {
	if t := c.tables[d]; t != nil {
		return t
	}
	r := &ir.Record{Pos: m.namePos(d), Module: m.Name, Name: d.Name.Name, Doc: d.Doc}
	t := &ir.Table{Pos: r.Pos, Row: r}
	r.Table = t
	c.tables[d], c.tableOf[t], c.types[d] = t, d, r
	m.ir.Tables = append(m.ir.Tables, t)
	for _, f := range d.Fields {
		c.spelled(m, &f.Name, "field", resolve.Camel)
		if old := types.FieldOf(r, f.Name.Name); old != nil && f.Name.Name != "" {
			c.errorf(m, f.Name.Span, diag.CodeDuplicateField, "the field `%s` appears twice", f.Name.Name).also(old.Pos, "first here")
		}
		field := &ir.Field{Pos: m.pos(&f.Name), Name: f.Name.Name, Doc: f.Doc, Column: len(r.Fields)}
		r.Fields = append(r.Fields, field)
		field.Type = c.typ(m, f.Type, naming{r.Name + resolve.Pascal.Of(f.Name.Name)})
		c.modifiers(m, field, f, true)
		c.declareField(field)
		for _, modifier := range f.Modifiers {
			switch modifier.Name {
			case "key":
				if t.Key != nil || d.Key != nil {
					c.errorf(m, modifier.Span, diag.CodeColumns, "a table can have only one key").help("write a key of several fields as `key (a, b)`")
					continue
				}
				t.Key = []*ir.Field{field}
			case "unique":
				t.Unique = append(t.Unique, []*ir.Field{field})
			}
		}
	}
	c.tableKey(m, d, t)
	for _, u := range d.Uniques {
		if cols := c.columns(m, r, u); cols != nil {
			t.Unique = append(t.Unique, cols)
		}
	}
	for _, x := range d.Indexes {
		if cols := c.columns(m, r, x); cols != nil {
			t.Index = append(t.Index, cols)
		}
	}
	return t
}

func (c *checker) tableKey(m *module, d *ast.Table, t *ir.Table) {
	switch {
	case d.Key != nil:
		t.Key = c.columns(m, t.Row, d.Key)
	case t.Key == nil:
		if id := types.FieldOf(t.Row, "id"); id != nil {
			t.Key = []*ir.Field{id}
		} else {
			c.errorf(m, d.Name.Span, diag.CodeColumns, "the table `%s` has no key", d.Name.Name).
				help("give it a field `id: id`, or say what its key is: `key (a, b)`")
		}
	}
	if t.Key == nil { // so that later checks need not test it
		t.Key = t.Row.Fields[:min(1, len(t.Row.Fields))]
	}
	for _, f := range t.Key {
		if _, null := f.Type.(*ir.Optional); null {
			c.errorf(m, f.Pos.Span, diag.CodeColumns, "a field of the key cannot be null").help("remove the `?`")
		}
	}
	if len(t.Key) == 1 && types.IsScalar(t.Key[0].Type, ir.ID) {
		f := d.Fields[t.Key[0].Column]
		if n, own := f.Type.(*ast.NamedType); own && n.Name.Name == "id" && f.Default == nil {
			t.Key[0].Default = &ir.Builtin{At: ir.At{Pos: t.Key[0].Pos, T: types.ID}, Name: "newId"}
		}
	}
}

// columns resolves the fields of a key or an index. Their types must be comparable in the database.
func (c *checker) columns(m *module, r *ir.Record, x *ast.Columns) []*ir.Field {
	var out []*ir.Field
	for _, n := range x.Names {
		f := types.FieldOf(r, n.Name)
		if f == nil {
			c.unknownField(m, &n, r)
			return nil
		}
		m.useField(n.Span, f)
		switch t := types.Elem(f.Type).(type) {
		case *ir.Enum:
		case *ir.Scalar:
			if t.Kind == ir.JSON {
				c.errorf(m, n.Span, diag.CodeColumns, "a field of type `json` cannot be in %s", diag.Article(x.Word))
				return nil
			}
		default:
			if types.IsBad(t) { // so that the key has as many fields as the author wrote
				break
			}
			c.errorf(m, n.Span, diag.CodeColumns, "a field of type `%s` cannot be in %s", ir.TypeString(f.Type), diag.Article(x.Word)).
				help("use a field with a single value, such as a string, a number or a time")
			return nil
		}
		if slices.Contains(out, f) {
			c.errorf(m, n.Span, diag.CodeColumns, "`%s` appears twice", n.Name)
			return nil
		}
		out = append(out, f)
	}
	return out
}

// tableBody checks the defaults and policies of a table.
func (c *checker) tableBody(m *module, d *ast.Table) {
	t := c.tables[d]
	for i, f := range d.Fields {
		c.fieldDefault(m, t.Row, i, f)
	}
	t.ReadIf = c.policy(m, t, d.ReadIf)
	t.WriteIf = c.policy(m, t, d.WriteIf)
}
