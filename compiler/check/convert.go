package check

import (
	"slices"
	"strings"

	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/internal/spelling"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
	"github.com/livec-lang/livec/relation"
)

// fit converts x to the type want, or reports that this is not possible.
func (b *body) fit(x ir.Expr, want ir.Type, path string) ir.Expr {
	out, ok := b.convert(x, want, path)
	if ok {
		return out
	}
	got := x.Type()
	at := x.Where().Span
	// continue as if the condition were `x != null`, so that what it is meant to prove is not lost
	if types.IsScalar(want, ir.Bool) && types.Nullable(got) && !types.IsScalar(types.Elem(got), ir.Bool) {
		b.mismatch(at, got, want)
		return &ir.Binary{At: ir.At{Pos: x.Where(), T: types.Bool}, Op: relation.Ne, L: x, R: &ir.Lit{At: ir.At{Pos: x.Where(), T: got}}}
	}
	if o, null := got.(*ir.Optional); null && b.convertible(o.Elem, want) {
		b.mayBeNull(x, at)
		return &ir.Lit{At: ir.At{Pos: x.Where(), T: types.Bad}}
	}
	if _, null := got.(*ir.Null); null {
		b.errorf(at, diag.CodeMaybeNull, "this is `null`, but `%s` is expected", ir.TypeString(want)).
			help("make the type optional, `%s?`, or use a value", ir.TypeString(want))
		return &ir.Lit{At: ir.At{Pos: x.Where(), T: types.Bad}}
	}
	b.mismatch(at, got, want)
	return &ir.Lit{At: ir.At{Pos: x.Where(), T: types.Bad}}
}

func (b *body) mismatch(at source.Span, got, want ir.Type) {
	if s, f := types.Uncovered(got, want, map[[2]ir.Type]bool{}); s != nil {
		b.uncovers(at, f).
			help("mark it `secret` there too, leave it out, or reveal it on purpose: `%s: reveal(.%s)`", s.Name, s.Name)
		return
	}
	if _, void := got.(*ir.Void); void {
		b.errorf(at, diag.CodeTypeMismatch, "this has no value, but %s is expected", diag.Article("`"+ir.TypeString(want)+"`"))
		return
	}
	f := b.errorf(at, diag.CodeTypeMismatch, "this is `%s`, but `%s` is expected", ir.TypeString(got), ir.TypeString(want))
	switch {
	case types.IsScalar(types.Elem(want), ir.String) && types.IsScalar(got, ir.Int, ir.Float, ir.Bool, ir.Time, ir.Duration):
		f.help("make it a string: `string(…)` or \"{…}\"")
	case types.IsScalar(want, ir.Bool) && types.Nullable(got):
		f.help("check that there is a value: `… != null`")
	case types.IsScalar(want, ir.Bool):
		f.help("write a condition as a comparison, such as `… != 0` or `… != \"\"`")
	case types.IsScalar(types.Elem(want), ir.Int) && types.IsScalar(got, ir.Float):
		f.help("make it a whole number: `round(…)`, `floor(…)` or `div(a, b)`")
	case types.IsScalar(types.Elem(want), ir.Int) && types.IsScalar(got, ir.String):
		f.help("read it as a number: `… as int`")
	}
	if e, ok := types.Elem(want).(*ir.Enum); ok && types.IsScalar(got, ir.String) {
		f.help("check it at run time: `… as %s`", ir.TypeString(e))
	}
	gr, ok := types.Elem(got).(*ir.Record)
	wr, is := types.Elem(want).(*ir.Record)
	if ok && is && gr != wr {
		for _, field := range wr.Fields {
			if types.FieldOf(gr, field.Name) == nil {
				f.help("it has no field `%s`", field.Name)
				break
			}
		}
		if !gr.Anonymous {
			f.help("record types are equal only by name: copy the fields, `{ ...row }`")
		}
	}
}

func (b *body) mayBeNull(x ir.Expr, at source.Span) finding {
	text := b.m.src.Text[at.Start:at.End]
	f := b.errorf(at, diag.CodeMaybeNull, "`%s` may be null here", text)
	switch _, path := ir.PathOf(x); {
	case strings.HasPrefix(text, "."):
		f.help("remove such rows first, `filter %s != null`, or use another value with `??`", text)
	case text == "ctx.user":
		f.help("add a guard that requires `ctx.user != null`, such as `signedIn`")
	case path:
		f.help("check it first, `require %s != null else NOT_FOUND`, or use another value with `??`", text)
	default:
		f.help("use another value with `??`, or name it with `let` and check it")
	}
	return f
}

// convertible reports whether a value of type got can be converted to want, at most with a check at run time.
func (b *body) convertible(got, want ir.Type) bool {
	v := &ir.Local{At: ir.At{T: got}, Var: &ir.Var{}}
	_, ok := b.convert(v, want, "")
	return ok
}

// convert converts x to the type want, with a node for each conversion. ok is false if there is no conversion.
func (b *body) convert(x ir.Expr, want ir.Type, path string) (_ ir.Expr, ok bool) {
	got := x.Type()
	at := ir.At{Pos: x.Where(), T: want}
	if types.IsBad(got) || types.IsBad(want) {
		return x, true
	}
	if o, is := want.(*ir.Optional); is {
		switch g := got.(type) {
		case *ir.Null:
			return &ir.Lit{At: at}, true
		case *ir.Optional:
			if types.Same(g.Elem, o.Elem) && types.Narrower(g.Elem, o.Elem) {
				return x, true
			}
			return b.convertOptional(x, g, o, path)
		}
		in, ok := b.convert(x, o.Elem, path)
		if !ok {
			return nil, false
		}
		return &ir.Wrap{At: at, X: in}, true
	}
	if types.Same(got, want) {
		return b.refined(x, want, path), true
	}
	switch w := want.(type) {
	case *ir.Scalar:
		return b.convertScalar(x, w, at, path)
	case *ir.Enum:
		return b.convertEnum(x, w, at)
	case *ir.List:
		return b.convertList(x, w, at, path)
	case *ir.Map:
		if m, ok := x.(*ir.MapLit); ok {
			return b.convertMapLit(m, w, at, path)
		}
	case *ir.Record:
		return b.convertRecord(x, w, at)
	case *ir.Union:
		if r, ok := got.(*ir.Record); ok && r.TagOf == w {
			return &ir.Fit{At: at, X: x}, true
		}
	case *ir.Null, *ir.Void, nil: // nothing converts to these; nil is the type of a field that the checker has not reached yet
	default:
		panic(ir.UnknownType(want))
	}
	return nil, false
}

// convertOptional converts the value inside of an optional. Null stays null.
func (b *body) convertOptional(x ir.Expr, got, want *ir.Optional, path string) (ir.Expr, bool) {
	if _, ok := ir.PathOf(x); !ok {
		if types.Same(got.Elem, want.Elem) { // they differ in a refinement only
			return &ir.Check{At: ir.At{Pos: x.Where(), T: want}, X: x, Path: path}, true
		}
		return b.convertSome(x, got, want, path)
	}
	some := &ir.Unwrap{At: ir.At{Pos: x.Where(), T: got.Elem}, X: x}
	in, ok := b.convert(some, want.Elem, path)
	if !ok {
		return nil, false
	}
	at := ir.At{Pos: x.Where(), T: want}
	isNull := &ir.Binary{At: ir.At{Pos: x.Where(), T: types.Bool}, Op: "==", L: x, R: &ir.Lit{At: ir.At{Pos: x.Where(), T: got}}}
	return &ir.Cond{At: at, If: isNull, Then: &ir.Lit{At: at}, Else: &ir.Wrap{At: at, X: in}}, true
}

// convertSome converts a value that may be null without reading it twice. It makes a list of the value, filters out null,
// converts, and takes the first element.
func (b *body) convertSome(x ir.Expr, got, want *ir.Optional, path string) (ir.Expr, bool) {
	pos := x.Where()
	maybe := &ir.Var{Pos: pos, Name: "it", Type: got}
	local := &ir.Local{At: ir.At{Pos: pos, T: got}, Var: maybe}
	row := &ir.Var{Pos: pos, Name: "it", Type: got}
	there := &ir.Local{At: ir.At{Pos: pos, T: got}, Var: row}
	in, ok := b.convert(&ir.Unwrap{At: ir.At{Pos: pos, T: got.Elem}, X: there}, want.Elem, path)
	if !ok {
		return nil, false
	}
	list := &ir.ListLit{At: ir.At{Pos: pos, T: &ir.List{Elem: got}}, Elems: []ir.Expr{x}}
	known := &ir.Binary{At: ir.At{Pos: pos, T: types.Bool}, Op: relation.Ne, L: local, R: &ir.Lit{At: ir.At{Pos: pos, T: got}}}
	return &ir.ListPipe{At: ir.At{Pos: pos, T: want}, List: list, Stages: []ir.ListStage{
		{Name: "filter", Row: maybe, X: known, T: &ir.List{Elem: got}},
		{Name: "map", Row: row, X: in, T: &ir.List{Elem: want.Elem}},
		{Name: "first", Row: &ir.Var{Pos: pos, Name: "it", Type: want.Elem}, T: want},
	}}, true
}

func (b *body) convertScalar(x ir.Expr, want *ir.Scalar, at ir.At, path string) (ir.Expr, bool) {
	got := x.Type()
	raw := ir.At{Pos: at.Pos, T: types.Plain(want)}
	switch {
	case want.Kind == ir.Float && types.IsScalar(got, ir.Int):
		if l, ok := x.(*ir.Lit); ok {
			if n, is := l.Value.(int64); is {
				return b.refined(&ir.Lit{At: raw, Value: float64(n)}, want, path), true
			}
		}
		return b.refined(&ir.ToFloat{At: raw, X: x}, want, path), true
	case want.Kind == ir.String && types.IsScalar(got, ir.ID):
		return b.refined(&ir.Builtin{At: raw, Name: "string", Args: []ir.Expr{x}}, want, path), true
	case want.Kind == ir.ID && types.IsScalar(got, ir.String):
		if l, ok := x.(*ir.Lit); ok {
			return &ir.Lit{At: at, Value: l.Value}, true
		}
		return &ir.Builtin{At: at, Name: "id", Args: []ir.Expr{x}}, true
	case want.Kind == ir.String:
		if _, ok := got.(*ir.Enum); ok {
			if l, is := x.(*ir.Lit); is {
				return b.refined(&ir.Lit{At: raw, Value: l.Value}, want, path), true
			}
			return b.refined(&ir.FromEnum{At: raw, X: x}, want, path), true
		}
	case want.Kind == ir.JSON:
		if _, void := got.(*ir.Void); !void {
			return &ir.Builtin{At: at, Name: "toJson", Args: []ir.Expr{x}}, true
		}
	}
	return nil, false
}

func (b *body) convertEnum(x ir.Expr, want *ir.Enum, at ir.At) (ir.Expr, bool) {
	if l, ok := x.(*ir.Lit); ok {
		if v, is := l.Value.(string); is {
			if !slices.Contains(want.Values, v) {
				f := b.errorf(x.Where().Span, diag.CodeTypeMismatch, "%q is not one of the values of `%s`", v, ir.TypeString(want))
				if best, ok := spelling.Suggest(v, want.Values); ok {
					f.help("did you mean %q?", best).fix(b.m, x.Where().Span, "write \""+best+"\"", "\""+best+"\"")
				}
				f.help("its values are %s", diag.Quoted(want.Values))
				return &ir.Lit{At: ir.At{Pos: at.Pos, T: types.Bad}}, true
			}
			b.useMember(x.Where(), want, v)
			return &ir.Lit{At: at, Value: v}, true
		}
	}
	if e, ok := x.Type().(*ir.Enum); ok {
		for _, v := range e.Values {
			if !slices.Contains(want.Values, v) {
				return nil, false
			}
		}
		s := &ir.FromEnum{At: ir.At{Pos: at.Pos, T: types.String}, X: x}
		return &ir.ToEnum{At: at, X: s}, true
	}
	return nil, false
}

func (b *body) convertList(x ir.Expr, want *ir.List, at ir.At, path string) (ir.Expr, bool) {
	if lit, ok := x.(*ir.ListLit); ok {
		out := &ir.ListLit{At: ir.At{Pos: at.Pos, T: types.Plain(want)}}
		for _, e := range lit.Elems {
			in, ok := b.convert(e, want.Elem, path)
			if !ok {
				return nil, false
			}
			out.Elems = append(out.Elems, in)
		}
		return b.refined(out, want, path), true
	}
	got, ok := x.Type().(*ir.List)
	if !ok {
		return nil, false
	}
	row := &ir.Var{Pos: at.Pos, Name: "it", Type: got.Elem}
	in, ok := b.convert(&ir.Local{At: ir.At{Pos: at.Pos, T: got.Elem}, Var: row}, want.Elem, path)
	if !ok {
		return nil, false
	}
	raw := &ir.List{Elem: want.Elem}
	out := &ir.ListPipe{At: ir.At{Pos: at.Pos, T: raw}, List: x, Stages: []ir.ListStage{{Name: "map", Row: row, X: in, T: raw}}}
	return b.refined(out, want, path), true
}

func (b *body) convertMapLit(x *ir.MapLit, want *ir.Map, at ir.At, path string) (ir.Expr, bool) {
	out := &ir.MapLit{At: at, Keys: x.Keys}
	for _, v := range x.Values {
		in, ok := b.convert(v, want.Elem, path)
		if !ok {
			return nil, false
		}
		out.Values = append(out.Values, in)
	}
	return out, true
}

// convertRecord converts a record that has no name, or a smaller form of the same table's row, if all fields fit.
func (b *body) convertRecord(x ir.Expr, want *ir.Record, at ir.At) (ir.Expr, bool) {
	got, ok := x.Type().(*ir.Record)
	if !ok || !got.Anonymous && !want.Anonymous || got.PatchOf != nil || want.PatchOf != nil {
		return nil, false
	}
	for _, f := range want.Fields {
		g := types.FieldOf(got, f.Name)
		if g == nil {
			return nil, false
		}
		if g.Secret && !f.Secret { // the field would no longer be secret
			return nil, false
		}
		if !types.Same(g.Type, f.Type) || !types.Narrower(g.Type, f.Type) {
			return b.convertFields(x, got, want, at)
		}
	}
	return &ir.Fit{At: at, X: x}, true
}

// uncovers reports that a secret field would be converted to f, which is not secret.
func (b *body) uncovers(at source.Span, f *ir.Field) finding {
	return b.errorf(at, diag.CodeSecretField, "the secret field `%s` would be copied to a field that is not secret", f.Name).
		also(f.Pos, "not marked `secret` here")
}

// convertFields converts a record field by field without reading it more than once.
func (b *body) convertFields(x ir.Expr, got, want *ir.Record, at ir.At) (ir.Expr, bool) {
	of, path := x, true
	if _, path = ir.PathOf(x); !path {
		of = &ir.Local{At: ir.At{Pos: at.Pos, T: got}, Var: &ir.Var{Pos: at.Pos, Name: "it", Type: got}}
	}
	out := &ir.RecordLit{At: at}
	for _, f := range want.Fields {
		g := types.FieldOf(got, f.Name)
		if g == nil || g.Secret && !f.Secret {
			return nil, false
		}
		in, ok := b.convert(&ir.FieldOf{At: ir.At{Pos: at.Pos, T: g.Type}, X: of, Field: g}, f.Type, f.Name)
		if !ok {
			return nil, false
		}
		out.Fields = append(out.Fields, ir.FieldInit{Field: f, X: in})
	}
	if path {
		return out, true
	}
	row := of.(*ir.Local).Var
	list := &ir.ListLit{At: ir.At{Pos: at.Pos, T: &ir.List{Elem: got}}, Elems: []ir.Expr{x}}
	return &ir.Unwrap{At: at, X: &ir.ListPipe{At: ir.At{Pos: at.Pos, T: &ir.Optional{Elem: want}}, List: list, Stages: []ir.ListStage{
		{Name: "map", Row: row, X: out, T: &ir.List{Elem: want}},
		{Name: "first", Row: &ir.Var{Pos: at.Pos, Name: "it", Type: want}, T: &ir.Optional{Elem: want}},
	}}}, true
}
