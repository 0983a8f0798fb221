package check

import (
	"fmt"

	"github.com/livec-lang/livec/compiler/check/constant"
	"github.com/livec-lang/livec/compiler/check/flow"
	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/relation"
)

// expr checks an expression. If want is set, it converts the expression to that type.
func (b *body) expr(x ast.Expr, want ir.Type) ir.Expr { return b.member(x, want, "") }

// member is expr for a member of a record. Messages of failed checks include its path.
func (b *body) member(x ast.Expr, want ir.Type, path string) ir.Expr {
	e := b.infer(x, want)
	if want == nil {
		return e
	}
	return b.fit(e, want, path)
}

// text checks an expression that is a string or can be converted to one.
func (b *body) text(x ast.Expr) ir.Expr { return b.toText(b.infer(x, types.String)) }

// toText converts a value to a string if there is one obvious way.
func (b *body) toText(x ir.Expr) ir.Expr {
	switch t := x.Type().(type) {
	case *ir.Scalar:
		switch t.Kind {
		case ir.String:
			return x
		case ir.Bytes, ir.JSON:
		default:
			return &ir.Builtin{At: ir.At{Pos: x.Where(), T: types.String}, Name: "string", Args: []ir.Expr{x}}
		}
	case *ir.Enum:
		return &ir.FromEnum{At: ir.At{Pos: x.Where(), T: types.String}, X: x}
	case *ir.Optional:
		b.mayBeNull(x, x.Where().Span)
		return b.bad(x.Where())
	}
	if !types.IsBad(x.Type()) {
		b.errorf(x.Where().Span, diag.CodeTypeMismatch, "`%s` cannot be put into a string", ir.TypeString(x.Type())).
			help("name one of its fields")
	}
	return b.bad(x.Where())
}

func (b *body) bad(p ir.Pos) ir.Expr { return &ir.Lit{At: ir.At{Pos: p, T: types.Bad}} }

func (b *body) at(x ast.Node, t ir.Type) ir.At { return ir.At{Pos: b.pos(x), T: t} }

// infer checks an expression and determines its type. hint is the expected type; the type of some literals depends on it.
func (b *body) infer(x ast.Expr, hint ir.Type) ir.Expr {
	if p, ok := x.(*ast.Paren); ok {
		return b.infer(p.X, hint)
	}
	parts := b.parts
	b.parts = false
	e := b.inferred(x, hint)
	if x != nil {
		b.m.typed(x.Where(), e.Type())
	}
	if !parts {
		b.whole(e)
	}
	return e
}

func (b *body) inferred(x ast.Expr, hint ir.Type) ir.Expr {
	switch x := x.(type) {
	case nil:
		b.misspelt = true
		return b.bad(ir.Pos{File: b.m.src})
	case *ast.BadExpr:
		b.misspelt = true // it may contain a name
		return b.bad(b.pos(x))
	case *ast.IntLit:
		return &ir.Lit{At: b.at(x, types.Int), Value: x.Value}
	case *ast.FloatLit:
		return &ir.Lit{At: b.at(x, types.Float), Value: x.Value}
	case *ast.BoolLit:
		return &ir.Lit{At: b.at(x, types.Bool), Value: x.Value}
	case *ast.NullLit:
		return &ir.Lit{At: b.at(x, types.Null)}
	case *ast.DurationLit:
		return &ir.Lit{At: b.at(x, types.Duration), Value: x.Value}
	case *ast.SizeLit:
		return &ir.Lit{At: b.at(x, types.Int), Value: x.Value}
	case *ast.StringLit:
		return b.stringLit(x)
	case *ast.Name:
		return b.variable(x)
	case *ast.RowField:
		return b.rowField(x)
	case *ast.Member:
		return b.memberOf(x)
	case *ast.Index:
		return b.index(x)
	case *ast.Call:
		return b.call(x, hint)
	case *ast.Unary:
		return b.unary(x)
	case *ast.Binary:
		return b.binary(x, hint)
	case *ast.As:
		return b.as(x)
	case *ast.Is:
		return b.is(x)
	case *ast.IfExpr:
		return b.ifExpr(x, hint)
	case *ast.MatchExpr:
		return b.matchExpr(x, hint)
	case *ast.RecordLit:
		return b.recordLit(x, hint)
	case *ast.ListLit:
		return b.listLit(x, hint)
	case *ast.Pipeline:
		return b.pipeline(x)
	case *ast.Insert:
		return b.insert(x)
	case *ast.Upsert:
		return b.upsert(x)
	case *ast.Update:
		return b.update(x)
	case *ast.Delete:
		return b.delete(x)
	}
	panic(fmt.Sprintf("an expression of kind %T is not checked", x))
}

func (b *body) stringLit(x *ast.StringLit) ir.Expr {
	plain := true
	for _, p := range x.Parts {
		plain = plain && p.X == nil
	}
	if plain {
		return &ir.Lit{At: b.at(x, types.String), Value: constant.Text(x)}
	}
	out := &ir.Interp{At: b.at(x, types.String)}
	for i := range x.Parts {
		p := &x.Parts[i]
		if p.X == nil {
			out.Parts = append(out.Parts, &ir.Lit{At: b.at(p, types.String), Value: p.Text})
			continue
		}
		out.Parts = append(out.Parts, b.toText(b.infer(p.X, nil)))
	}
	return out
}

func (b *body) unary(x *ast.Unary) ir.Expr {
	if x.Op == "!" {
		return &ir.Unary{At: b.at(x, types.Bool), Op: relation.Not, X: b.expr(x.X, types.Bool)}
	}
	in := b.infer(x.X, nil)
	if types.IsBad(in.Type()) {
		return in
	}
	if !types.IsScalar(in.Type(), ir.Int, ir.Float, ir.Duration) {
		b.operand(x, "-", in)
		return b.bad(b.pos(x))
	}
	if l, ok := in.(*ir.Lit); ok {
		switch v := l.Value.(type) {
		case int64:
			return &ir.Lit{At: b.at(x, l.T), Value: -v}
		case float64:
			return &ir.Lit{At: b.at(x, l.T), Value: -v}
		}
	}
	return &ir.Unary{At: b.at(x, types.Plain(in.Type())), Op: relation.Neg, X: in}
}

func (b *body) operand(x ast.Node, op string, in ir.Expr) {
	if types.Nullable(in.Type()) {
		b.mayBeNull(in, in.Where().Span)
		return
	}
	b.errorf(x.Where(), diag.CodeOperands, "`%s` cannot take `%s`", op, ir.TypeString(in.Type()))
}

// ifExpr checks `if c then a else b`. The branches have the same type, or one has the optional of the other's.
func (b *body) ifExpr(x *ast.IfExpr, hint ir.Type) ir.Expr {
	cond := b.expr(x.Cond, types.Bool)
	before := b.facts
	var then, other ir.Expr
	thenBranch := func(hint ir.Type) {
		b.facts = before.With(flow.Proves(cond, true))
		then = b.infer(x.Then, hint)
	}
	elseBranch := func(hint ir.Type) {
		b.facts = before.With(flow.Proves(cond, false))
		other = b.infer(x.Else, hint)
	}
	switch {
	case hint == nil && isEmpty(x.Then):
		elseBranch(nil)
		thenBranch(hintOf(other))
	case hint == nil && isEmpty(x.Else):
		thenBranch(nil)
		elseBranch(hintOf(then))
	default:
		thenBranch(hint)
		elseBranch(hint)
	}
	b.facts = before
	t, exprs := b.unify(x, hint, then, other)
	return &ir.Cond{At: b.at(x, t), If: cond, Then: exprs[0], Else: exprs[1]}
}

func (b *body) as(x *ast.As) ir.Expr {
	in := b.infer(x.X, nil)
	t := b.c.typ(b.m, x.Type, naming{"As"})
	if types.IsBad(in.Type()) || types.IsBad(t) {
		return &ir.Lit{At: b.at(x, t)}
	}
	if _, e := types.Elem(t).(*ir.Enum); e && types.IsScalar(in.Type(), ir.String) {
		if o, null := t.(*ir.Optional); null {
			return &ir.Wrap{At: b.at(x, t), X: &ir.ToEnum{At: b.at(x, o.Elem), X: in}}
		}
		return &ir.ToEnum{At: b.at(x, t), X: in}
	}
	if types.IsScalar(in.Type(), ir.JSON) {
		return &ir.As{At: b.at(x, t), X: in}
	}
	if types.Same(in.Type(), t) {
		return b.refined(in, t, "")
	}
	if b.convertible(in.Type(), t) {
		out, _ := b.convert(in, t, "")
		return out
	}
	if types.IsScalar(in.Type(), ir.String) { // a number is read as in JSON, a time from its text
		switch {
		case types.IsScalar(types.Elem(t), ir.Int, ir.Float, ir.Bool):
			return &ir.As{At: b.at(x, t), X: &ir.Builtin{At: b.at(x, types.JSON), Name: "json", Args: []ir.Expr{in}}}
		case types.IsScalar(types.Elem(t), ir.Time):
			return &ir.As{At: b.at(x, t), X: &ir.Builtin{At: b.at(x, types.JSON), Name: "toJson", Args: []ir.Expr{in}}}
		}
	}
	b.errorf(x.Span, diag.CodeTypeMismatch, "`%s` cannot be validated as `%s`", ir.TypeString(in.Type()), ir.TypeString(t)).
		help("`as` reads json and strings, and checks refinements")
	return b.bad(b.pos(x))
}

// is tests which record of a union a value is, by comparing the tag.
func (b *body) is(x *ast.Is) ir.Expr {
	in := b.infer(x.X, nil)
	t := b.c.typ(b.m, x.Type, naming{"Is"})
	if types.IsBad(in.Type()) || types.IsBad(t) {
		return &ir.Lit{At: b.at(x, types.Bool), Value: false}
	}
	if o, null := in.Type().(*ir.Optional); null {
		if _, union := o.Elem.(*ir.Union); union {
			b.mayBeNull(in, x.X.Where())
			return b.bad(b.pos(x))
		}
	}
	u, ok := in.Type().(*ir.Union)
	r, is := t.(*ir.Record)
	if !ok || !is || r.TagOf != u {
		b.errorf(x.Span, diag.CodeTypeMismatch, "`is` tests which record of a union a value is, but `%s` is not a record of `%s`",
			ir.TypeString(t), ir.TypeString(in.Type()))
		return b.bad(b.pos(x))
	}
	return &ir.MatchExpr{At: b.at(x, types.Bool), X: in, Arms: []ir.MatchExprArm{
		{Values: []ir.Expr{&ir.Lit{At: b.at(x, types.String), Value: types.VariantOf(u, r)}}, X: &ir.Lit{At: b.at(x, types.Bool), Value: true}},
		{X: &ir.Lit{At: b.at(x, types.Bool), Value: false}},
	}}
}
