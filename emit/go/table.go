package emitgo

import (
	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/relation"
)

// table writes the stored form of a table, and the functions that test its policies.
func (g *gen) table(m *ir.Module, t *ir.Table) {
	name := g.tableVar[t]
	f := g.files.of(m.Name, "tables")
	f.gap()
	f.comment(name + " is the table of " + g.named(t.Row) + ".")
	f.body = append(f.body, jen.Var().Id(name).Op("=").Op("&").Add(literal(rel("Table"), true, func(add func(string, jen.Code)) {
		r := g.plans.Table(t)
		add("Name", jen.Lit(r.Name))
		add("Columns", g.schemaLit(r.Columns))
		add("Key", ints(r.Key))
		if len(r.Unique) > 0 {
			add("Unique", intLists(r.Unique))
		}
		if len(r.Index) > 0 {
			add("Index", intLists(r.Index))
		}
		if len(r.Defaults) > 0 {
			add("Defaults", jen.Map(jen.Int()).Any().Values(jen.DictFunc(func(d jen.Dict) {
				for i, v := range r.Defaults {
					d[jen.Lit(i)] = jen.Lit(v)
				}
			})))
		}
	})))
	g.policies(m, t)
}

func ints(list []int) *jen.Statement {
	return jen.Index().Int().ValuesFunc(func(b *jen.Group) {
		for _, n := range list {
			b.Lit(n)
		}
	})
}

func intLists(lists [][]int) *jen.Statement {
	return jen.Index().Index().Int().ValuesFunc(func(b *jen.Group) {
		for _, list := range lists {
			b.ValuesFunc(func(b *jen.Group) {
				for _, n := range list {
					b.Lit(n)
				}
			})
		}
	})
}

func texts(list []string) *jen.Statement {
	return jen.Index().String().ValuesFunc(func(b *jen.Group) {
		for _, s := range list {
			b.Lit(s)
		}
	})
}

// schemaLit writes the literal of a schema.
func (g *gen) schemaLit(s relation.Schema) *jen.Statement {
	return rel("Schema").CustomFunc(multi(len(s) > 1), func(b *jen.Group) {
		for _, c := range s {
			b.Add(g.columnLit(nil, c))
		}
	})
}

// columnLit writes the literal of a column. typ is nil if the type is known from the context.
func (g *gen) columnLit(typ *jen.Statement, c relation.Column) *jen.Statement {
	if typ == nil {
		typ = jen.Null()
	}
	return literal(typ, false, func(add func(string, jen.Code)) {
		if c.Name != "" {
			add("Name", jen.Lit(c.Name))
		}
		add("Kind", kindLit(c.Kind))
		if c.Nullable {
			add("Nullable", jen.True())
		}
		if len(c.Enum) > 0 {
			add("Enum", texts(c.Enum))
		}
		if len(c.Fields) > 0 {
			add("Fields", g.schemaLit(c.Fields))
		}
		if c.Secret {
			add("Secret", jen.True())
		}
		if c.Visible != nil {
			add("Visible", g.visible(c.Visible))
		}
	})
}

var kindNames = map[relation.Kind]string{
	relation.Bool: "Bool", relation.Int: "Int", relation.Float: "Float", relation.Text: "Text", relation.ID: "ID",
	relation.Time: "Time", relation.Duration: "Duration",
	relation.Bytes: "Bytes", relation.Enum: "Enum", relation.JSONKind: "JSONKind", relation.Record: "Record", relation.Rows: "Rows",
}

func kindLit(k relation.Kind) *jen.Statement {
	if name, ok := kindNames[k]; ok {
		return rel(name)
	}
	return jen.Lit(int(k))
}
