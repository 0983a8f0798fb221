package emitgo

import (
	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/relation"
)

// rowOf is a function that makes a record from a row with certain columns.
type rowOf struct {
	record *ir.Record
	name   string
	code   []jen.Code
}

// fromRow returns the name of the function that makes a record from a row with the columns of s. A field comes from a
// column of its own, a nested row, or JSON text. A record has a function for each form of its rows.
func (g *gen) fromRow(r *ir.Record, s relation.Schema) string {
	name := g.named(r)
	key := name + "\x00" + form(s)
	if known := g.codecs.rows[key]; known != nil {
		return known.name
	}
	row := &rowOf{record: r, name: g.names.take(unexported(name) + "FromRow")}
	g.codecs.rows[key] = row
	g.codecs.rowList = append(g.codecs.rowList, row)
	row.code = []jen.Code{
		commentLine(row.name + " makes a " + name + " of a row."),
		jen.Func().Id(row.name).Params(jen.Id("r").Add(rel("Row"))).Id(name).BlockFunc(func(b *jen.Group) {
			b.Return(g.literal(jen.Id(name), len(r.Fields) > 3, func(add func(string, jen.Code)) {
				for i, f := range r.Fields {
					c := columnOf(s, i, f.Name)
					if c < 0 {
						fail(r.Pos, "a row has no column for the field %s of %s", f.Name, name)
					}
					add(g.field(f), g.fromValue(f.Type, &s[c], jen.Id("r").Index(jen.Lit(c))))
				}
			}))
		}),
	}
	return row.name
}

// columnOf finds the column of a field: at the field's position, or anywhere else.
func columnOf(s relation.Schema, i int, name string) int {
	if i < len(s) && s[i].Name == name {
		return i
	}
	for c := range s {
		if s[c].Name == name {
			return c
		}
	}
	return -1
}

// form returns a key that is different for schemas that need different code.
func form(s relation.Schema) string {
	out := "("
	for _, c := range s {
		out += c.Name + ":" + itoa(int(c.Kind))
		if c.Nullable {
			out += "?"
		}
		if c.Fields != nil {
			out += form(c.Fields)
		}
		out += ","
	}
	return out + ")"
}

// fromValue converts the value x of a column to a Go value of type t.
func (g *gen) fromValue(t ir.Type, c *relation.Column, x *jen.Statement) *jen.Statement {
	elem, maybe := optional(t)
	switch c.Kind {
	case relation.Record:
		if r, ok := elem.(*ir.Record); ok {
			if maybe {
				return value("MaybeRow").Call(x, jen.Id(g.fromRow(r, c.Fields)))
			}
			return value("Row").Call(x, jen.Id(g.fromRow(r, c.Fields)))
		}
		if maybe && len(c.Fields) == 1 { // the first of rows that are single values
			return value("FirstValue").Call(x, g.firstColumn(t, &c.Fields[0]))
		}
	case relation.Rows:
		if l, ok := elem.(*ir.List); ok {
			if r, ok := l.Elem.(*ir.Record); ok {
				return value("Rows").Call(x, jen.Id(g.fromRow(r, c.Fields)))
			}
		}
	}
	if isStored(elem) {
		if maybe {
			return value("MaybeStored").Call(x, g.decodeFunc(elem))
		}
		return value("Stored").Call(x, g.decodeFunc(elem))
	}
	of := g.scalarOf(elem)
	if maybe {
		return value("Maybe").Call(x, of)
	}
	return of.Call(x)
}

// isStored reports whether values of t are stored as JSON text, which must be decoded.
func isStored(t ir.Type) bool {
	switch t.(type) {
	case *ir.Scalar, *ir.Enum, *ir.Null, *ir.Void:
		return false
	}
	return true
}

// scalarOf returns the function that converts the value of a column to a Go value.
func (g *gen) scalarOf(t ir.Type) *jen.Statement {
	switch t := t.(type) {
	case *ir.Enum:
		return value("Enum").Types(jen.Id(g.named(t)))
	case *ir.Scalar:
		if t.Kind == ir.ID {
			return value("String")
		}
		return value(readers[t.Kind])
	}
	return value("None")
}

// toRowFunc returns the function that makes a row of a table from its record.
func (g *gen) toRowFunc(r *ir.Record) []jen.Code {
	name := g.named(r)
	fn := g.codecs.names[codec{r, toRow}]
	return []jen.Code{
		commentLine(fn + " makes the row of a " + name + "."),
		jen.Func().Id(fn).Params(jen.Id("v").Op("*").Id(name)).Add(rel("Row")).Block(
			jen.Return(rel("Row").CustomFunc(multi(len(r.Fields) > 6), func(b *jen.Group) {
				for _, f := range r.Fields {
					b.Add(g.toValue(f.Type, jen.Id("v").Dot(g.field(f))))
				}
			})),
		),
	}
}

// toValue converts a Go value x of type t to a value of a row or an argument of a query.
func (g *gen) toValue(t ir.Type, x *jen.Statement) *jen.Statement {
	elem, maybe := optional(t)
	if isStored(elem) {
		if maybe {
			return value("OrNull").Call(x, jen.Func().Params(jen.Id("x").Add(g.goType(elem))).Add(rel("Value")).Block(
				jen.Return(value("OfStored").Call(jen.Id("x"), g.encodeFunc(elem, true)))))
		}
		return value("OfStored").Call(x, g.encodeFunc(elem, true))
	}
	switch t := elem.(type) {
	case *ir.Enum:
		if maybe {
			return value("OfText").Call(x)
		}
		return jen.String().Parens(x)
	case *ir.Scalar:
		switch t.Kind {
		case ir.Time:
			if maybe {
				return value("OfTime").Call(x)
			}
			return jen.Add(x).Dot("UnixMilli").Call()
		case ir.Duration:
			if maybe {
				return value("OfDuration").Call(x)
			}
			return jen.Add(x).Dot("Milliseconds").Call()
		case ir.Bytes:
			if maybe {
				return value("OfBytes").Call(x)
			}
			return x
		case ir.JSON:
			if maybe {
				return value("OrNull").Call(x, value("OfJSON"))
			}
			return value("OfJSON").Call(x)
		}
		if maybe {
			return value("Of").Call(x)
		}
		return x
	}
	return jen.Nil()
}
