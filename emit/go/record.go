package emitgo

import (
	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/ir"
)

// recordLit writes a record literal.
func (b *body) recordLit(typ *jen.Statement, t ir.Type, fields []ir.FieldInit) val {
	xs, names := make([]ir.Expr, len(fields)), make([]string, len(fields))
	for i, f := range fields {
		xs[i], names[i] = f.X, f.Field.Name
	}
	vs := b.exprsLike(xs, names)
	r, _ := t.(*ir.Record)
	return call(literal(typ, len(fields) > 3, func(add func(string, jen.Code)) {
		for i, f := range fields {
			x := vs[i].any()
			if r != nil && r.PatchOf != nil {
				x = presentOf(b, r, f, vs[i])
			} else if isNull(f.X.Type()) {
				continue
			}
			add(b.g.field(f.Field), x)
		}
	}))
}

// presentOf returns a member of a patch that is present.
func presentOf(b *body, r *ir.Record, f ir.FieldInit, v val) *jen.Statement {
	t := patched(r, f.Field)
	if _, maybe := optional(f.X.Type()); maybe {
		if _, both := optional(t); !both {
			return value("PresentIf").Call(v.any())
		}
	}
	return value("Present").Types(b.g.goType(t)).Values(jen.Id("Set").Op(":").True(), jen.Id("Value").Op(":").Add(v.any()))
}

// fit converts a record to another record type. A variant is already a value of its union.
func (b *body) fit(x *ir.Fit) val {
	v := b.expr(x.X)
	to, ok := x.T.(*ir.Record)
	from, ok2 := x.X.Type().(*ir.Record)
	if !ok || !ok2 || to == from {
		return v
	}
	v = b.keep(v, from.Name)
	return call(literal(b.g.goType(to), len(to.Fields) > 3, func(add func(string, jen.Code)) {
		for _, f := range to.Fields {
			for _, o := range from.Fields {
				if o.Name != f.Name {
					continue
				}
				member := val{code: v.dot(b.g.field(o)), prec: primaryPrec, plain: true}
				add(b.g.field(f), b.fitMember(f.Type, o.Type, member).any())
			}
		}
	}))
}

// fitMember converts a member to another type with the same fields.
func (b *body) fitMember(to, from ir.Type, v val) val {
	_, maybe := optional(to)
	_, already := optional(from)
	switch {
	case maybe && !already:
		return call(jen.New(v.any()))
	case to == from:
		return v
	}
	switch to.(type) {
	case *ir.Record:
		inner := &ir.Var{Name: "member", Type: from}
		b.vars[inner] = v
		return b.fit(&ir.Fit{At: ir.At{T: to}, X: &ir.Local{At: ir.At{T: from}, Var: inner}})
	case *ir.Enum:
		if _, other := from.(*ir.Enum); other {
			return call(b.g.goType(to).Parens(v.any()))
		}
	}
	return v
}
