package emitgo

import (
	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/ir"
)

// expr writes an expression.
func (b *body) expr(x ir.Expr) val { return b.exprAs(x, "") }

// exprAs writes an expression. If it needs a variable for the value, it uses the name want.
func (b *body) exprAs(x ir.Expr, want string) val {
	switch x := x.(type) {
	case *ir.Lit:
		return b.g.lit(x)
	case *ir.Local:
		v, ok := b.vars[x.Var]
		if !ok {
			fail(x.Pos, "the variable %s has no value here", x.Var.Name)
		}
		return v
	case *ir.CtxUser:
		if b.user == "" {
			b.user = b.names.take("user")
		}
		return simple(jen.Id(b.user))
	case *ir.CtxIP:
		return call(jen.Id("c").Dot("IP").Call())
	case *ir.CtxPath:
		return call(jen.Id("c").Dot("Path").Call())
	case *ir.CtxAdded:
		if v, ok := b.hiddenAdded[x.Field]; ok {
			return simple(jen.Add(v))
		}
		name, ok := b.added[x.Guard]
		if !ok {
			fail(x.Pos, "guard %s does not run before ctx.%s is read", x.Guard.Name, x.Field.Name)
		}
		return simple(jen.Id(name).Dot(b.g.field(x.Field)))
	case *ir.EnvRef:
		return simple(jen.Id("env").Dot(b.g.setting[x.Env.Name]))
	case *ir.FieldOf:
		return b.fieldOf(x, want)
	case *ir.Index:
		return b.index(x, want)
	case *ir.Unary:
		return b.unary(x)
	case *ir.Binary:
		return b.binary(x, want)
	case *ir.In:
		return b.in(x)
	case *ir.Cond:
		return b.cond(x, want)
	case *ir.MatchExpr:
		return b.matchExpr(x, want)
	case *ir.Interp:
		return b.interp(x)
	case *ir.RecordLit:
		return b.recordLit(b.g.goType(x.T), x.T, x.Fields)
	case *ir.ListLit:
		vs := b.exprs(x.Elems)
		return call(b.g.goType(x.T).CustomFunc(multi(len(vs) > 6), func(g *jen.Group) {
			for _, v := range vs {
				g.Add(v.any())
			}
		}))
	case *ir.MapLit:
		return b.mapLit(x)
	case *ir.CallFn:
		return b.callFn(x, want)
	case *ir.CallExtern:
		return b.callExtern(x, want)
	case *ir.Builtin:
		return b.builtin(x, want)
	case *ir.QueryExpr:
		return b.query(x, want)
	case *ir.ListPipe:
		return b.listPipe(x, want)
	case *ir.Wrap:
		if isNull(x.X.Type()) {
			return simple(jen.Nil())
		}
		return call(jen.New(b.expr(x.X).typed()))
	case *ir.Unwrap:
		if w, ok := x.X.(*ir.Wrap); ok {
			return b.expr(w.X)
		}
		p := b.expr(x.X)
		if p.deref { // Go has no optional of an optional here, but a pointer instead of one
			p = b.keep(p, "value")
		}
		return val{code: p.at(primaryPrec), prec: unaryPrec, deref: true, plain: p.plain}
	case *ir.ToFloat:
		v := b.expr(x.X)
		return call(jen.Float64().Parens(v.any()))
	case *ir.ToEnum:
		return b.toEnum(x, want)
	case *ir.FromEnum:
		return call(jen.String().Parens(b.expr(x.X).any()))
	case *ir.Fit:
		return b.fit(x)
	case *ir.Check:
		return b.checked(x, want)
	case *ir.As:
		v := b.expr(x.X)
		if _, toJSON := x.T.(*ir.Scalar); toJSON && kindOf(x.T) == ir.JSON {
			return v
		}
		return b.try(b.name(want, "value"), live("As").Call(v.any(), b.g.decodeFunc(x.T)))
	case *ir.Insert, *ir.Upsert, *ir.UpdateRow, *ir.UpdateWhere, *ir.DeleteRow, *ir.DeleteWhere:
		return b.write(x, want)
	}
	fail(x.Where(), "no Go for the expression %T", x) // includes ctx.cursor, whose streams have no back end yet
	return val{}
}

// exprs writes operands in order. If an operand needs statements, an earlier operand that makes an id is stored in a
// variable first: the n-th id of a call must be the same each time the call runs.
func (b *body) exprs(xs []ir.Expr) []val { return b.exprsLike(xs, nil) }

// exprsLike is exprs with the names of the places that receive the values, which become names of variables.
func (b *body) exprsLike(xs []ir.Expr, names []string) []val {
	out := make([]val, len(xs))
	for i, x := range xs {
		before := len(b.stmts)
		want := ""
		if names != nil {
			want = b.names.take(names[i])
			b.took = ""
		}
		v := b.exprAs(x, want)
		if b.took != want {
			b.names.release(want)
		}
		if len(b.stmts) > before {
			for j := range out[:i] {
				if makesID(xs[j]) && !out[j].plain {
					name := b.names.take("id")
					keep := jen.Id(name).Op(":=").Add(out[j].typed())
					b.stmts = append(b.stmts[:before], append([]jen.Code{keep}, b.stmts[before:]...)...)
					before++
					out[j] = simple(jen.Id(name))
				}
			}
		}
		out[i] = v
	}
	return out
}

func makesID(x ir.Expr) bool {
	found := false
	ir.WalkExprs(x, func(x ir.Expr) bool {
		if c, ok := x.(*ir.Builtin); ok && c.Name == "newId" {
			found = true
		}
		return !found
	})
	return found
}

// fieldOf reads a field of a record, or of an optional record.
func (b *body) fieldOf(x *ir.FieldOf, want string) val {
	v := b.expr(x.X)
	from, _ := optional(x.X.Type())
	name := b.g.field(x.Field)
	if r, ok := from.(*ir.Record); ok && r.PatchOf != nil {
		member := v.dot(name)
		if _, twice := optional(patched(r, x.Field)); twice {
			return simple(jen.Add(member).Dot("Value"))
		}
		return call(jen.Add(member).Dot("Optional").Call())
	}
	if !x.Safe {
		return val{code: v.dot(name), prec: primaryPrec, plain: v.plain}
	}
	v = b.keep(v, "record")
	out := b.name(want, x.Field.Name)
	b.add(jen.Var().Id(out).Add(b.g.goType(x.T)))
	member := v.dot(name)
	if _, already := optional(x.Field.Type); !already {
		member = jen.New(member)
	}
	b.add(jen.If(v.at(comparePrec).Op("!=").Nil()).Block(jen.Id(out).Op("=").Add(member)))
	return simple(jen.Id(out))
}

func (b *body) index(x *ir.Index, want string) val {
	vs := b.exprs([]ir.Expr{x.X, x.I})
	if m, ok := x.X.Type().(*ir.Map); ok {
		if _, maybe := optional(m.Elem); maybe { // also nil if the key is missing
			return val{code: jen.Add(vs[0].at(primaryPrec)).Index(vs[1].any()), prec: primaryPrec}
		}
		return call(value("Lookup").Call(vs[0].any(), vs[1].any()))
	}
	return b.try(b.name(want, "element"), value("At").Call(vs[0].any(), vs[1].any()))
}

// cond writes a conditional expression. Only the chosen branch is evaluated.
func (b *body) cond(x *ir.Cond, want string) val {
	test := b.expr(x.If)
	name := b.name(want, "choice")
	assign := func(x ir.Expr) func() {
		return func() { b.add(jen.Id(name).Op("=").Add(b.expr(x).any())) }
	}
	b.add(jen.Var().Id(name).Add(b.g.goType(x.T)))
	b.add(jen.If(test.any()).Block(b.block(assign(x.Then))...).Else().Block(b.block(assign(x.Else))...))
	b.took = want
	return simple(jen.Id(name))
}

func (b *body) interp(x *ir.Interp) val {
	vs := b.exprs(x.Parts)
	if len(vs) == 0 {
		return call(jen.Lit(""))
	}
	if len(vs) == 1 {
		return vs[0]
	}
	return cat(x.Parts, vs)
}

// cat writes texts one after another. Where only one of them is computed, the text grows by what the program writes out. With more, it may
// grow from itself, so that its size is looked at.
func cat(parts []ir.Expr, vs []val) val {
	computed := 0
	for _, x := range parts {
		if _, literal := x.(*ir.Lit); !literal {
			computed++
		}
	}
	if computed > 1 {
		return call(value("Cat").Call(codes(vs)...))
	}
	out := vs[0].at(addPrec)
	for _, v := range vs[1:] {
		out = jen.Add(out).Op("+").Add(v.at(addPrec + 1))
	}
	return val{code: out, prec: addPrec}
}

func (b *body) mapLit(x *ir.MapLit) val {
	var all []ir.Expr
	for i := range x.Keys {
		all = append(all, x.Keys[i], x.Values[i])
	}
	vs := b.exprs(all)
	return call(b.g.goType(x.T).CustomFunc(multi(len(x.Keys) > 2), func(g *jen.Group) {
		for i := 0; i < len(vs); i += 2 {
			g.Add(vs[i].any()).Op(":").Add(vs[i+1].any())
		}
	}))
}

// not returns the negation of a condition.
func (b *body) not(x ir.Expr) *jen.Statement { return negated(b.expr(x)).any() }
