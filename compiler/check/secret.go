package check

import (
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/diag"
)

// leaves refuses a value on its way to a client that holds a secret field of a row. A whole row may leave: its secret fields stay behind.
func (b *body) leaves(x ir.Expr) {
	if b.pure || b.guard || b.test {
		return
	}
	f := b.c.secretIn(x, b.secrets)
	if f == nil {
		return
	}
	name := f.Field.Name
	b.errorf(f.Where().Span, diag.CodeSecretField, "the secret field `%s` would leave the server", name).also(f.Field.Pos, "marked `secret` here").
		help("leave it out, or let it out on purpose: `reveal(…)`")
}

// secretIn finds the secret field that a value holds or is made of. vars are variables that hold one.
func (c *checker) secretIn(x ir.Expr, vars map[*ir.Var]*ir.FieldOf) *ir.FieldOf {
	first := func(xs ...ir.Expr) *ir.FieldOf {
		for _, x := range xs {
			if x == nil {
				continue
			}
			if f := c.secretIn(x, vars); f != nil {
				return f
			}
		}
		return nil
	}
	switch x := x.(type) {
	case *ir.FieldOf:
		if x.Field.Secret {
			return x
		}
		if _, record := elem(x.Field.Type).(*ir.Record); !record && isLocal(x.X) { // another field of a record that holds one
			return nil
		}
		return first(x.X)
	case *ir.CtxAdded:
		if x.Field.Secret {
			return &ir.FieldOf{At: x.At, Field: x.Field}
		}
	case *ir.Index:
		return first(x.X)
	case *ir.As:
		return first(x.X)
	case *ir.Local:
		return vars[x.Var]
	case *ir.Wrap:
		return first(x.X)
	case *ir.Unwrap:
		return first(x.X)
	case *ir.Check:
		return first(x.X)
	case *ir.Fit:
		return first(x.X)
	case *ir.FromEnum:
		return first(x.X)
	case *ir.ToFloat:
		return first(x.X)
	case *ir.Cond:
		return first(x.Then, x.Else)
	case *ir.Interp:
		return first(x.Parts...)
	case *ir.ListLit:
		return first(x.Elems...)
	case *ir.MapLit:
		return first(x.Values...)
	case *ir.RecordLit:
		for _, f := range x.Fields {
			if f.Field != nil && f.Field.Secret && !x.T.(*ir.Record).Anonymous { // stays behind
				continue
			}
			if found := first(f.X); found != nil {
				return found
			}
		}
	case *ir.MatchExpr:
		for _, a := range x.Arms {
			if found := first(a.X); found != nil {
				return found
			}
		}
	case *ir.Binary:
		if isScalar(x.T, ir.Bool) { // what a comparison tells is for the author to judge
			return nil
		}
		return first(x.L, x.R)
	case *ir.ListPipe:
		return c.secretInStages(x, vars)
	case *ir.QueryExpr:
		return c.secretInQuery(x.Query.Pipeline, vars)
	case *ir.CallFn:
		return c.secretFns[x.Fn]
	case *ir.Builtin:
		switch x.Name {
		case "string", "lower", "upper", "trim", "replace", "slice", "concat", "reverse", "join", "split", "toJson", "repeat", "padStart", "unique", "last", "min", "max", "abs":
			return first(x.Args...)
		}
	}
	return nil
}

func isLocal(x ir.Expr) bool {
	_, ok := x.(*ir.Local)
	return ok
}

// keepsSecret marks the fields that a guard adds to ctx as secret where it gives them a secret.
func (b *body) keepsSecret(g *ir.Guard) {
	for _, x := range b.returned {
		lit, ok := x.(*ir.RecordLit)
		if !ok || g.Adds == nil {
			continue
		}
		for _, f := range lit.Fields {
			if b.c.secretIn(f.X, b.secrets) != nil && f.Field != nil {
				f.Field.Secret = true
			}
		}
	}
}

func (c *checker) secretInStages(x *ir.ListPipe, vars map[*ir.Var]*ir.FieldOf) *ir.FieldOf {
	for i := len(x.Stages) - 1; i >= 0; i-- {
		switch s := x.Stages[i]; s.Name {
		case "map", "min", "max", "sum":
			return c.secretIn(s.X, vars)
		case "count", "any", "all", "avg":
			return nil
		}
	}
	return c.secretIn(x.List, vars)
}

// secretInQuery looks at the stages that make the values of the rows.
func (c *checker) secretInQuery(p *ir.Pipeline, vars map[*ir.Var]*ir.FieldOf) *ir.FieldOf {
	for i := len(p.Stages) - 1; i >= 0; i-- {
		switch s := p.Stages[i].(type) {
		case *ir.MapStage:
			if s.X != nil {
				return c.secretIn(s.X, vars)
			}
			for _, f := range s.Fields {
				if found := c.secretIn(f.X, vars); found != nil {
					return found
				}
			}
			return nil
		case *ir.GroupStage:
			for _, k := range s.Keys {
				if found := c.secretIn(k.X, vars); found != nil {
					return found
				}
			}
			for _, a := range s.Aggs {
				if (a.Func == "min" || a.Func == "max") && a.X != nil {
					if found := c.secretIn(a.X, vars); found != nil {
						return found
					}
				}
			}
			return nil
		case *ir.ReduceStage:
			if (s.Func == "min" || s.Func == "max") && s.X != nil {
				return c.secretIn(s.X, vars)
			}
			if s.Func != "first" {
				return nil
			}
		}
	}
	return nil
}
