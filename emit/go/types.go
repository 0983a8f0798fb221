package emitgo

import (
	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/ir"
)

func live(name string) *jen.Statement  { return jen.Qual(livePath, name) }
func value(name string) *jen.Statement { return jen.Qual(valuePath, name) }
func rel(name string) *jen.Statement   { return jen.Qual(relationPath, name) }

// named returns the Go name of a record, enum or union. A type that no module lists, such as the rows of a query, gets its name here.
func (g *gen) named(t ir.Type) string {
	if name, ok := g.typeName[t]; ok {
		return name
	}
	module := ""
	switch t := t.(type) {
	case *ir.Record:
		module = t.Module
	case *ir.Enum:
		module = t.Module
	case *ir.Union:
		module = t.Module
	}
	g.nameType(t, module)
	return g.typeName[t]
}

// field returns the Go name of a field.
func (g *gen) field(f *ir.Field) string {
	if name, ok := g.fields[f]; ok {
		return name
	}
	return exported(f.Name)
}

// goType returns the Go type for a type.
func (g *gen) goType(t ir.Type) *jen.Statement {
	switch t := t.(type) {
	case *ir.Scalar:
		switch t.Kind {
		case ir.Int:
			return jen.Int64()
		case ir.Float:
			return jen.Float64()
		case ir.Bool:
			return jen.Bool()
		case ir.Time:
			return jen.Qual("time", "Time")
		case ir.Duration:
			return jen.Qual("time", "Duration")
		case ir.Bytes:
			return jen.Index().Byte()
		case ir.JSON:
			return jen.Qual("encoding/json", "RawMessage")
		case ir.String, ir.ID:
			return jen.String()
		}
		panic("a scalar of unknown kind: " + t.Kind.String())
	case *ir.Optional:
		return jen.Op("*").Add(g.goType(t.Elem))
	case *ir.List:
		return jen.Index().Add(g.goType(t.Elem))
	case *ir.Map:
		return jen.Map(jen.String()).Add(g.goType(t.Elem))
	case *ir.Record, *ir.Enum, *ir.Union:
		return jen.Id(g.named(t))
	case *ir.Null, *ir.Void, nil: // no value, such as an rpc without a result
		return live("None")
	}
	panic(ir.UnknownType(t))
}

// fieldType returns the Go type of a field. A member of a patch may be absent.
func (g *gen) fieldType(r *ir.Record, f *ir.Field) *jen.Statement {
	if r.PatchOf != nil {
		return value("Present").Types(g.goType(patched(r, f)))
	}
	return g.goType(f.Type)
}

// patched returns the type of a member that is present in a patch: its type in the patched record.
func patched(r *ir.Record, f *ir.Field) ir.Type {
	for _, o := range r.PatchOf.Fields {
		if o.Name == f.Name {
			return o.Type
		}
	}
	return f.Type
}

// zero returns the zero value of a type.
func (g *gen) zero(t ir.Type) *jen.Statement {
	switch t := t.(type) {
	case *ir.Scalar:
		switch t.Kind {
		case ir.Int, ir.Float, ir.Duration:
			return jen.Lit(0)
		case ir.Bool:
			return jen.False()
		case ir.Time:
			return jen.Qual("time", "Time").Values()
		case ir.Bytes, ir.JSON:
			return jen.Nil()
		case ir.String, ir.ID:
			return jen.Lit("")
		}
		panic("a scalar of unknown kind: " + t.Kind.String())
	case *ir.Optional, *ir.List, *ir.Map, *ir.Union:
		return jen.Nil()
	case *ir.Enum:
		return jen.Lit("")
	case *ir.Record, *ir.Null, *ir.Void, nil:
		return g.goType(t).Values()
	}
	panic(ir.UnknownType(t))
}

func isVoid(t ir.Type) bool {
	if t == nil {
		return true
	}
	_, ok := t.(*ir.Void)
	return ok
}

func isNull(t ir.Type) bool {
	_, ok := t.(*ir.Null)
	return ok
}

func optional(t ir.Type) (elem ir.Type, ok bool) {
	if o, ok := t.(*ir.Optional); ok {
		return o.Elem, true
	}
	return t, false
}

func kindOf(t ir.Type) ir.ScalarKind {
	if s, ok := t.(*ir.Scalar); ok {
		return s.Kind
	}
	return 0
}

func isText(t ir.Type) bool { k := kindOf(t); return k == ir.String || k == ir.ID }

// comparable reports whether Go's == is the equality of the language for values of type t.
func comparable(t ir.Type) bool {
	switch t := t.(type) {
	case *ir.Scalar:
		return t.Kind != ir.Time && t.Kind != ir.Bytes && t.Kind != ir.JSON
	case *ir.Enum:
		return true
	}
	return false
}

// declareTypes writes the named types, in the order of their declarations.
func (g *gen) declareTypes() {
	for i := 0; i < len(g.types); i++ { // naming the type of a field may add another type
		f := g.files.of(g.home[g.types[i]], "types")
		switch t := g.types[i].(type) {
		case *ir.Record:
			g.declareRecord(f, t)
		case *ir.Enum:
			g.declareEnum(f, t)
		case *ir.Union:
			g.declareUnion(f, t)
		}
	}
}

func (g *gen) declareRecord(f *source, r *ir.Record) {
	name := g.typeName[r]
	about := " is a record of module "
	switch {
	case r.Table != nil:
		about = " is a row of its table in module "
	case r.PatchOf != nil:
		about = " is a change of some fields of " + g.named(r.PatchOf) + ", in module "
	case r.TagOf != nil:
		about = " is a form of " + g.named(r.TagOf) + ", in module "
	case r.Anonymous:
		about = " is a shape in module "
	}
	f.gap()
	f.comment(docOf(name+about+g.home[r]+".", r.Doc)...)
	f.body = append(f.body, jen.Type().Id(name).StructFunc(func(s *jen.Group) {
		for _, field := range r.Fields {
			for _, l := range field.Doc {
				s.Add(commentLine(l))
			}
			s.Id(g.field(field)).Add(g.fieldType(r, field))
		}
	}))
	if r.TagOf != nil {
		f.add(jen.Func().Params(jen.Id(name)).Id("is" + g.named(r.TagOf)).Params().Block())
	}
}

func (g *gen) declareEnum(f *source, e *ir.Enum) {
	name := g.typeName[e]
	f.gap()
	f.comment(docOf(name+" is one of the strings below, in order.", e.Doc)...)
	declared := jen.Type().Id(name).String()
	if one := g.enums.one(e); one != e {
		declared = jen.Type().Id(name).Op("=").Id(g.named(one))
	}
	f.body = append(f.body, declared, jen.Line(),
		jen.Comment("// The values of "+name+"."),
		jen.Const().DefsFunc(func(d *jen.Group) {
			for i, v := range e.Values {
				d.Id(g.values[e][i]).Id(name).Op("=").Lit(v)
			}
		}))
	if compare := g.codecs.ordered[e]; compare != "" {
		f.gap()
		f.comment(compare + " orders values as they are declared.")
		f.body = append(f.body,
			jen.Func().Id(compare).Params(jen.List(jen.Id("a"), jen.Id("b")).Id(name)).Int().Block(
				jen.Return(jen.Id("a").Dot("rank").Call().Op("-").Id("b").Dot("rank").Call()),
			), jen.Line(),
			jen.Func().Params(jen.Id("v").Id(name)).Id("rank").Params().Int().Block(
				jen.Switch(jen.Id("v")).BlockFunc(func(b *jen.Group) {
					for i, v := range g.values[e][1:] {
						b.Case(jen.Id(v)).Block(jen.Return(jen.Lit(i + 1)))
					}
				}),
				jen.Return(jen.Lit(0)),
			))
	}
}

func (g *gen) declareUnion(f *source, u *ir.Union) {
	name := g.typeName[u]
	f.gap()
	f.comment(docOf(name+" is one of several records, which its field "+u.Tag+" distinguishes.", u.Doc)...)
	f.body = append(f.body, jen.Type().Id(name).Interface(jen.Id("is"+name).Params()))
	for _, v := range u.Variants {
		g.named(v.Record)
	}
}

// docOf returns a doc comment: first a sentence about the declaration, then the author's text.
func docOf(first string, doc []string) []string {
	if len(doc) == 0 {
		return []string{first}
	}
	return append([]string{first, ""}, doc...)
}
