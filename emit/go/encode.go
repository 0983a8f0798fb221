package emitgo

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/ir"
)

// codecs are the conversions of named types that the program uses. They are written when all uses are known.
type codecs struct {
	g       *gen
	names   map[codec]string
	pending []codec
	done    map[codec][]jen.Code
	ordered map[*ir.Enum]string // the functions that compare
	rows    map[string]*rowOf   // by type and form of the row
	rowList []*rowOf
}

// codecKind is a kind of conversion.
type codecKind uint8

const (
	encodeClient codecKind = iota // JSON for clients, without secret fields
	encodeStored                  // JSON for columns
	decodeJSON
	toRow
	fillDefaults // computes the defaults that a client has omitted
)

// codec is one conversion of one type.
type codec struct {
	t    ir.Type
	kind codecKind
}

func newCodecs(g *gen) *codecs {
	return &codecs{g: g, names: map[codec]string{}, done: map[codec][]jen.Code{}, ordered: map[*ir.Enum]string{}, rows: map[string]*rowOf{}}
}

// use returns the name of the function for a conversion, and makes sure that it is written.
func (c *codecs) use(t ir.Type, kind codecKind) string {
	if kind == encodeStored && !ir.HoldsSecret(t) {
		kind = encodeClient
	}
	if e, ok := t.(*ir.Enum); ok {
		t = c.g.enums.one(e)
	}
	k := codec{t, kind}
	name, ok := c.names[k]
	if !ok {
		name = c.g.names.take(codecPrefix[kind] + c.g.named(t))
		c.names[k] = name
		c.pending = append(c.pending, k)
	}
	return name
}

var codecPrefix = [...]string{encodeClient: "append", encodeStored: "store", decodeJSON: "decode", toRow: "row", fillDefaults: "fill"}

// order returns the name of the function that compares values of an enum.
func (c *codecs) order(e *ir.Enum) string {
	e = c.g.enums.one(e)
	if c.ordered[e] == "" {
		c.ordered[e] = c.g.names.take("compare" + c.g.named(e))
	}
	return c.ordered[e]
}

// write writes the conversions that are used, in the order of the types' declarations.
func (c *codecs) write() {
	for len(c.pending) > 0 {
		k := c.pending[0]
		c.pending = c.pending[1:]
		switch k.kind {
		case decodeJSON:
			c.done[k] = c.g.decoder(k.t)
		case fillDefaults:
			c.done[k] = c.g.fillFunc(k.t.(*ir.Record))
		case toRow:
			c.done[k] = c.g.toRowFunc(k.t.(*ir.Record))
		default:
			c.done[k] = c.g.encoder(k.t, k.kind == encodeStored)
		}
	}
	for _, t := range c.g.types {
		for _, kind := range []codecKind{encodeClient, encodeStored, decodeJSON, fillDefaults, toRow} {
			code := c.done[codec{t, kind}]
			if code == nil {
				continue
			}
			construct := "json"
			if kind == toRow {
				construct = "rows"
			}
			f := c.g.files.of(c.g.home[t], construct)
			f.gap()
			f.body = append(f.body, code...)
		}
		for _, r := range c.rowList {
			if r.record == t {
				f := c.g.files.of(c.g.home[t], "rows")
				f.gap()
				f.body = append(f.body, r.code...)
			}
		}
	}
}

// encoder returns the function that appends values of a record or union as JSON. Members are in the order of the fields.
func (g *gen) encoder(t ir.Type, stored bool) []jen.Code {
	name, about := g.codecs.names[codec{t, encodeClient}], "as JSON, as clients see it."
	if stored {
		name, about = g.codecs.names[codec{t, encodeStored}], "as JSON with its secret fields, for the database."
	}
	e := &encoding{g: g, stored: stored}
	var body []jen.Code
	switch t := t.(type) {
	case *ir.Record:
		body = e.record(t)
	case *ir.Union:
		body = e.union(t)
	}
	return []jen.Code{
		commentLine(name + " appends a value " + about),
		jen.Func().Id(name).Params(jen.Id("dst").Index().Byte(), jen.Id("v").Op("*").Add(g.goType(t))).Index().Byte().Block(body...),
	}
}

// encoding writes statements that append values to dst.
type encoding struct {
	g      *gen
	stored bool
	depth  int
}

func (e *encoding) kind() codecKind {
	if e.stored {
		return encodeStored
	}
	return encodeClient
}

func appendText(s string) jen.Code {
	if len(s) == 1 {
		return jen.Id("dst").Op("=").Append(jen.Id("dst"), jen.LitRune(rune(s[0])))
	}
	return jen.Id("dst").Op("=").Append(jen.Id("dst"), rawLit(s).Op("..."))
}

func (e *encoding) record(r *ir.Record) []jen.Code {
	if r.PatchOf != nil {
		return e.patch(r)
	}
	var out []jen.Code
	before := "{"
	for _, f := range r.Fields {
		if f.Secret && !e.stored {
			continue
		}
		out = append(out, appendText(before+quote(f.Name)+":"))
		out = append(out, e.value(f.Type, jen.Id("v").Dot(e.g.field(f)))...)
		before = ","
	}
	if before == "{" {
		return []jen.Code{jen.Return(jen.Append(jen.Id("dst"), jen.Lit("{}").Op("...")))}
	}
	return append(out, jen.Return(jen.Append(jen.Id("dst"), jen.LitRune('}'))))
}

// patch appends the members that are present.
func (e *encoding) patch(r *ir.Record) []jen.Code {
	out := []jen.Code{jen.Id("start").Op(":=").Len(jen.Id("dst"))}
	for _, f := range r.Fields {
		if f.Secret && !e.stored {
			continue
		}
		member := jen.Id("v").Dot(e.g.field(f))
		out = append(out, jen.If(jen.Add(member).Dot("Set")).Block(
			append([]jen.Code{appendText("," + quote(f.Name) + ":")}, e.value(patched(r, f), jen.Add(member).Dot("Value"))...)...))
	}
	return append(out, jen.Return(value("EndPatch").Call(jen.Id("dst"), jen.Id("start"))))
}

func (e *encoding) union(u *ir.Union) []jen.Code {
	return []jen.Code{
		jen.Switch(jen.Id("v").Op(":=").Parens(jen.Op("*").Id("v")).Assert(jen.Type())).BlockFunc(func(b *jen.Group) {
			for _, v := range u.Variants {
				b.Case(jen.Id(e.g.named(v.Record))).
					Block(jen.Return(jen.Id(e.g.codecs.use(v.Record, e.kind())).Call(jen.Id("dst"), jen.Op("&").Id("v"))))
			}
		}),
		jen.Return(value("AppendNull").Call(jen.Id("dst"))),
	}
}

// value writes the statements that append x, which must be addressable.
func (e *encoding) value(t ir.Type, x *jen.Statement) []jen.Code {
	set := func(call *jen.Statement) []jen.Code { return []jen.Code{jen.Id("dst").Op("=").Add(call)} }
	switch t := t.(type) {
	case *ir.Scalar:
		return set(value(appenders[t.Kind]).Call(jen.Id("dst"), x))
	case *ir.Enum:
		return set(value("AppendString").Call(jen.Id("dst"), jen.String().Parens(x)))
	case *ir.Record, *ir.Union:
		return set(jen.Id(e.g.codecs.use(t, e.kind())).Call(jen.Id("dst"), jen.Op("&").Add(x)))
	case *ir.Optional:
		some := e.value(t.Elem, jen.Parens(jen.Op("*").Add(x)))
		switch t.Elem.(type) {
		case *ir.Record, *ir.Union:
			some = set(jen.Id(e.g.codecs.use(t.Elem, e.kind())).Call(jen.Id("dst"), x))
		}
		return []jen.Code{jen.If(jen.Add(x).Op("==").Nil()).Block(
			jen.Id("dst").Op("=").Add(value("AppendNull").Call(jen.Id("dst"))),
		).Else().Block(some...)}
	case *ir.List:
		i := e.index()
		body := append([]jen.Code{jen.If(jen.Id(i).Op(">").Lit(0)).Block(appendText(","))}, e.value(t.Elem, jen.Add(x).Index(jen.Id(i)))...)
		e.depth--
		return []jen.Code{appendText("["), jen.For(jen.Id(i).Op(":=").Range().Add(x)).Block(body...), appendText("]")}
	case *ir.Map:
		i := e.index()
		k := "key" + i[1:]
		v := "value" + i[1:]
		body := []jen.Code{
			jen.If(jen.Id(i).Op(">").Lit(0)).Block(appendText(",")),
			jen.Id("dst").Op("=").Append(value("AppendString").Call(jen.Id("dst"), jen.Id(k)), jen.LitRune(':')),
			jen.Id(v + "Of").Op(":=").Add(x).Index(jen.Id(k)),
		}
		body = append(body, e.value(t.Elem, jen.Id(v+"Of"))...)
		e.depth--
		loop := jen.For(jen.List(jen.Id(i), jen.Id(k)).Op(":=").Range().Add(value("Keys").Call(x))).Block(body...)
		return []jen.Code{appendText("{"), loop, appendText("}")}
	case *ir.Null, *ir.Void:
		return set(value("AppendNull").Call(jen.Id("dst")))
	}
	panic(ir.UnknownType(t))
}

// index returns the name of a loop variable.
func (e *encoding) index() string {
	e.depth++
	if e.depth == 1 {
		return "i"
	}
	return "i" + itoa(e.depth)
}

var appenders = map[ir.ScalarKind]string{
	ir.String: "AppendString", ir.ID: "AppendString", ir.Int: "AppendInt", ir.Float: "AppendFloat", ir.Bool: "AppendBool",
	ir.Time:     "AppendTime",
	ir.Duration: "AppendDuration", ir.Bytes: "AppendBytes", ir.JSON: "AppendJSON",
}

// encodeFunc returns a function of type func(dst []byte, v *T) []byte.
func (g *gen) encodeFunc(t ir.Type, stored bool) *jen.Statement {
	switch t := t.(type) {
	case *ir.Record, *ir.Union:
		e := &encoding{g: g, stored: stored}
		return jen.Id(g.codecs.use(t, e.kind()))
	case *ir.Scalar:
		return value("Encode" + strings.TrimPrefix(appenders[t.Kind], "Append"))
	case *ir.Enum:
		return value("EncodeText").Types(jen.Id(g.named(t)))
	case *ir.Optional:
		return value("EncodeOptional").Call(g.encodeFunc(t.Elem, stored))
	case *ir.List:
		return value("EncodeList").Call(g.encodeFunc(t.Elem, stored))
	case *ir.Map:
		return value("EncodeMap").Call(g.encodeFunc(t.Elem, stored))
	case *ir.Null, *ir.Void:
		return value("EncodeNull").Types(g.goType(t))
	}
	panic(ir.UnknownType(t))
}
