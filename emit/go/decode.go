package emitgo

import (
	"strconv"

	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/ir"
)

// decoder returns the function that reads a record, enum or union from JSON, in all modes of the decoder.
func (g *gen) decoder(t ir.Type) []jen.Code {
	name := g.codecs.names[codec{t, decodeJSON}]
	var body []jen.Code
	switch t := t.(type) {
	case *ir.Record:
		body = g.decodeRecord(t)
	case *ir.Enum:
		body = g.decodeEnum(t)
	case *ir.Union:
		body = g.decodeUnion(t)
	}
	return []jen.Code{
		commentLine(name + " reads a value from JSON."),
		jen.Func().Id(name).Params(jen.Id("d").Op("*").Add(value("Decoder"))).Params(jen.Id("v").Add(g.goType(t))).Block(body...),
	}
}

func (g *gen) decodeEnum(e *ir.Enum) []jen.Code {
	return []jen.Code{
		jen.Switch(jen.String().Parens(jen.Id("d").Dot("Text").Call())).BlockFunc(func(b *jen.Group) {
			for i, v := range e.Values {
				b.Case(jen.Lit(v)).Block(jen.Return(jen.Id(g.values[e][i])))
			}
		}),
		jen.Id("d").Dot("Refuse").Call(jen.Lit("must be " + oneOf(e.Values))),
		jen.Return(jen.Id("v")),
	}
}

// oneOf lists values for people, in the style of the messages about schemas.
func oneOf(values []string) string {
	out := ""
	for i, v := range values {
		switch {
		case i == 0:
		case i == len(values)-1:
			out += " or "
		default:
			out += ", "
		}
		out += quote(v)
	}
	return out
}

func (g *gen) decodeUnion(u *ir.Union) []jen.Code {
	var tags []string
	for _, v := range u.Variants {
		tags = append(tags, v.Value)
	}
	return []jen.Code{
		jen.Switch(jen.String().Parens(jen.Id("d").Dot("Tag").Call(jen.Lit(u.Tag)))).BlockFunc(func(b *jen.Group) {
			for _, v := range u.Variants {
				b.Case(jen.Lit(v.Value)).Block(jen.Return(jen.Id(g.codecs.use(v.Record, decodeJSON)).Call(jen.Id("d"))))
			}
		}),
		jen.Id("d").Dot("Refuse").Call(jen.Lit("must be an object whose member " + u.Tag + " is " + oneOf(tags))),
		jen.Return(jen.Id("v")),
	}
}

// decodeRecord reads members in any order. It sets members that may be omitted to their defaults first.
func (g *gen) decodeRecord(r *ir.Record) []jen.Code {
	var defaults, cases []jen.Code
	var need, stored [4]uint64 // bits of the required members, and of those that are required unless a client sends the record
	if len(r.Fields) > 64*len(need) {
		fail(r.Pos, "the record %s has more than %d fields", r.Name, 64*len(need))
	}
	for i, f := range r.Fields {
		bit := jen.Lit(1).Op("<<").Lit(i % 64)
		member := jen.Id("v").Dot(g.field(f))
		body := []jen.Code{jen.Id("d").Dot("Once").Call(jen.Op("&").Id(seenVar(i)), bit)}
		switch {
		case r.PatchOf != nil:
			body = append(body, jen.Add(member).Dot("Set").Op("=").True())
			body = append(body, g.decodeInto(patched(r, f), jen.Add(member).Dot("Value"), 0)...)
		default:
			null, _ := f.Default.(*ir.Lit)
			if _, maybe := optional(f.Type); maybe && f.Default != nil &&
				(null == nil || null.Value != nil) { // null means the default
				body = append(body, jen.Add(member).Op("=").Nil())
			}
			body = append(body, g.decodeField(r, f, member)...)
			if _, maybe := optional(f.Type); !maybe && (f.Default == nil || g.unfilled(f)) && !f.Server {
				if f.Secret {
					stored[i/64] |= 1 << (i % 64)
				} else {
					need[i/64] |= 1 << (i % 64)
				}
			}
			if f.Default != nil {
				if x, ok := g.constant(f.Default); ok { // other defaults are computed in the call
					defaults = append(defaults, jen.Add(member).Op("=").Add(x))
				}
			}
		}
		switch {
		case f.Server:
			body = append([]jen.Code{jen.Id("d").Dot("Server").Call()}, body...)
		case f.Secret:
			body = append([]jen.Code{jen.Id("d").Dot("Secret").Call()}, body...)
		}
		cases = append(cases, jen.Case(jen.Lit(f.Name)).Block(body...))
	}
	var out []jen.Code
	if len(r.Fields) > 0 {
		var names []jen.Code
		for i := 0; i < len(r.Fields); i += 64 {
			names = append(names, jen.Id(seenVar(i)))
		}
		out = append(out, jen.Var().List(names...).Uint64())
	}
	out = append(out, defaults...)
	cases = append(cases, jen.Default().Block(jen.Id("d").Dot("Unknown").Call()))
	out = append(out, jen.For(jen.Id("d").Dot("Object").Call(), jen.Id("d").Dot("Member").Call(), jen.Empty()).Block(
		jen.Switch(jen.String().Parens(jen.Id("d").Dot("Key").Call())).Block(cases...),
	), jen.Id("d").Dot("End").Call())
	wants := func(method string, masks [4]uint64) {
		for i, mask := range masks {
			if mask != 0 {
				out = append(out, jen.Id("d").Dot(method).Call(jen.Id(seenVar(i*64)), jen.Op("0b"+strconv.FormatUint(mask, 2))))
			}
		}
	}
	wants("Need", need)
	wants("NeedSecret", stored)
	return append(out, jen.Return(jen.Id("v")))
}

func seenVar(i int) string {
	if i < 64 {
		return "seen"
	}
	return "seen" + itoa(i/64+1)
}

// decodeField reads a member. The tag of a variant must have its value.
func (g *gen) decodeField(r *ir.Record, f *ir.Field, member *jen.Statement) []jen.Code {
	if r.TagOf == nil || f.Name != r.TagOf.Tag {
		return g.decodeInto(f.Type, member, 0)
	}
	for _, v := range r.TagOf.Variants {
		if v.Record != r {
			continue
		}
		if e, ok := f.Type.(*ir.Enum); ok {
			return []jen.Code{
				jen.Add(member).Op("=").Add(g.enumValue(e, v.Value)),
				jen.Id("d").
					Dot("Check").
					Call(jen.String().Parens(jen.Id("d").Dot("Text").Call()).Op("==").Lit(v.Value), jen.Lit("must be "+quote(v.Value))),
			}
		}
	}
	return g.decodeInto(f.Type, member, 0)
}

// enumValue returns the constant for a value of an enum.
func (g *gen) enumValue(e *ir.Enum, v string) *jen.Statement {
	g.named(e)
	for i, s := range e.Values {
		if s == v {
			return jen.Id(g.values[e][i])
		}
	}
	return jen.Id(g.named(e)).Call(jen.Lit(v))
}

var readers = map[ir.ScalarKind]string{
	ir.String: "String", ir.ID: "String", ir.Int: "Int", ir.Float: "Float", ir.Bool: "Bool", ir.Time: "Time",
	ir.Duration: "Duration", ir.Bytes: "Bytes", ir.JSON: "JSON",
}

// decodeInto writes the statements that read a value of type t into a place. depth distinguishes nested loops.
func (g *gen) decodeInto(t ir.Type, into *jen.Statement, depth int) []jen.Code {
	suffix := ""
	if depth > 0 {
		suffix = itoa(depth + 1)
	}
	switch t := t.(type) {
	case *ir.Optional:
		return []jen.Code{jen.If(jen.Op("!").Id("d").Dot("Null").Call()).Block(g.decodeSome(t.Elem, into, depth)...)}
	case *ir.List:
		i, x := "i"+suffix, "x"+suffix
		out := []jen.Code{jen.Add(into).Op("=").Add(g.goType(t)).Values(), jen.Id("d").Dot("Array").Call()}
		var body []jen.Code
		if call, simple := g.decodeCall(t.Elem); simple {
			body = []jen.Code{jen.Add(into).Op("=").Append(into, call)}
		} else {
			body = append(body, jen.Var().Id(x).Add(g.goType(t.Elem)))
			body = append(body, g.decodeInto(t.Elem, jen.Id(x), depth+1)...)
			body = append(body, jen.Add(into).Op("=").Append(into, jen.Id(x)))
		}
		loop := jen.For(jen.Id(i).Op(":=").Lit(0), jen.Id("d").Dot("Item").Call(jen.Id(i)), jen.Id(i).Op("++")).Block(body...)
		out = append(out, loop, jen.Id("d").Dot("End").Call())
		return append(out, g.decodeChecks(t, into)...)
	case *ir.Map:
		x, k := "x"+suffix, "key"+suffix
		body := []jen.Code{
			jen.Id(k).Op(":=").String().Parens(jen.Id("d").Dot("Key").Call()),
			jen.Id("d").Dot("Check").Call(jen.Op("!").Add(value("Has").Call(into, jen.Id(k))), jen.Lit("must not have the same member twice")),
		}
		if call, simple := g.decodeCall(t.Elem); simple {
			body = append(body, jen.Add(into).Index(jen.Id(k)).Op("=").Add(call))
		} else {
			body = append(body, jen.Var().Id(x).Add(g.goType(t.Elem)))
			body = append(body, g.decodeInto(t.Elem, jen.Id(x), depth+1)...)
			body = append(body, jen.Add(into).Index(jen.Id(k)).Op("=").Id(x))
		}
		return []jen.Code{
			jen.Add(into).Op("=").Add(g.goType(t)).Values(),
			jen.For(jen.Id("d").Dot("Object").Call(), jen.Id("d").Dot("Member").Call(), jen.Empty()).Block(body...),
			jen.Id("d").Dot("End").Call(),
		}
	case *ir.Null, *ir.Void:
		return []jen.Code{jen.Id("d").Dot("Check").Call(jen.Id("d").Dot("Null").Call(), jen.Lit("must be null"))}
	case *ir.Scalar, *ir.Enum, *ir.Record, *ir.Union:
		call, _ := g.decodeCall(t)
		return append([]jen.Code{jen.Add(into).Op("=").Add(call)}, g.decodeChecks(t, into)...)
	}
	panic(ir.UnknownType(t))
}

// decodeSome writes the statements that read a value of type t, which is not null, into the place of an optional.
func (g *gen) decodeSome(t ir.Type, into *jen.Statement, depth int) []jen.Code {
	if call, simple := g.decodeCall(t); simple {
		return []jen.Code{jen.Add(into).Op("=").New(call)}
	}
	x := "x"
	if depth > 0 {
		x += itoa(depth + 1)
	}
	out := append([]jen.Code{jen.Var().Id(x).Add(g.goType(t))}, g.decodeInto(t, jen.Id(x), depth+1)...)
	return append(out, jen.Add(into).Op("=").Op("&").Id(x))
}

// decodeCall returns the call that reads a value, if one call is enough.
func (g *gen) decodeCall(t ir.Type) (*jen.Statement, bool) {
	switch t := t.(type) {
	case *ir.Scalar:
		return jen.Id("d").Dot(readers[t.Kind]).Call(), t.Refine == nil
	case *ir.Record, *ir.Enum, *ir.Union:
		return jen.Id(g.codecs.use(t, decodeJSON)).Call(jen.Id("d")), true
	}
	return nil, false
}

// decodeChecks writes the tests of a refinement.
func (g *gen) decodeChecks(t ir.Type, x *jen.Statement) []jen.Code {
	var out []jen.Code
	for _, c := range g.refinement(t, x) {
		out = append(out, jen.Id("d").Dot("Check").Call(c.ok, jen.Lit(c.message)))
	}
	return out
}

// decodeFunc returns a function of type func(d *value.Decoder) T.
func (g *gen) decodeFunc(t ir.Type) *jen.Statement {
	switch t.(type) {
	case *ir.Record, *ir.Enum, *ir.Union:
		return jen.Id(g.codecs.use(t, decodeJSON))
	}
	return jen.Func().Params(jen.Id("d").Op("*").Add(value("Decoder"))).Params(jen.Id("v").Add(g.goType(t))).Block(
		append(g.decodeInto(t, jen.Id("v"), 0), jen.Return(jen.Id("v")))...)
}
