package ir

// Rewrite returns a copy of x in which each expression for which replace has a replacement is replaced, outermost first.
// Queries inside of x are copied too, since they are part of x; bodies of functions are not. Nodes without parts are shared.
func Rewrite(x Expr, replace func(Expr) (Expr, bool)) Expr {
	if x == nil {
		return nil
	}
	if other, ok := replace(x); ok {
		return other
	}
	return x.rebuild(func(part Expr) Expr { return Rewrite(part, replace) })
}

// parter returns the replacement of a part. An omitted part stays omitted.
type parter func(Expr) Expr

func (p parter) expr(x Expr) Expr {
	if x == nil {
		return nil
	}
	return p(x)
}

func (p parter) exprs(xs []Expr) []Expr {
	if xs == nil {
		return nil
	}
	out := make([]Expr, len(xs))
	for i, x := range xs {
		out[i] = p.expr(x)
	}
	return out
}

func (p parter) inits(fields []FieldInit) []FieldInit {
	if fields == nil {
		return nil
	}
	out := make([]FieldInit, len(fields))
	for i, f := range fields {
		f.X = p.expr(f.X)
		out[i] = f
	}
	return out
}

func (p parter) keys(keys []ListSortKey) []ListSortKey {
	if keys == nil {
		return nil
	}
	out := make([]ListSortKey, len(keys))
	for i, k := range keys {
		k.X = p.expr(k.X)
		out[i] = k
	}
	return out
}

func (x *Lit) rebuild(func(Expr) Expr) Expr       { return x }
func (x *Local) rebuild(func(Expr) Expr) Expr     { return x }
func (x *CtxUser) rebuild(func(Expr) Expr) Expr   { return x }
func (x *CtxIP) rebuild(func(Expr) Expr) Expr     { return x }
func (x *CtxPath) rebuild(func(Expr) Expr) Expr   { return x }
func (x *CtxAdded) rebuild(func(Expr) Expr) Expr  { return x }
func (x *CtxCursor) rebuild(func(Expr) Expr) Expr { return x }
func (x *EnvRef) rebuild(func(Expr) Expr) Expr    { return x }

func (x *FieldOf) rebuild(part func(Expr) Expr) Expr  { out := *x; out.X = part(x.X); return &out }
func (x *Unary) rebuild(part func(Expr) Expr) Expr    { out := *x; out.X = part(x.X); return &out }
func (x *Wrap) rebuild(part func(Expr) Expr) Expr     { out := *x; out.X = part(x.X); return &out }
func (x *Unwrap) rebuild(part func(Expr) Expr) Expr   { out := *x; out.X = part(x.X); return &out }
func (x *ToFloat) rebuild(part func(Expr) Expr) Expr  { out := *x; out.X = part(x.X); return &out }
func (x *ToEnum) rebuild(part func(Expr) Expr) Expr   { out := *x; out.X = part(x.X); return &out }
func (x *FromEnum) rebuild(part func(Expr) Expr) Expr { out := *x; out.X = part(x.X); return &out }
func (x *Fit) rebuild(part func(Expr) Expr) Expr      { out := *x; out.X = part(x.X); return &out }
func (x *Check) rebuild(part func(Expr) Expr) Expr    { out := *x; out.X = part(x.X); return &out }
func (x *As) rebuild(part func(Expr) Expr) Expr       { out := *x; out.X = part(x.X); return &out }

func (x *Index) rebuild(part func(Expr) Expr) Expr {
	out := *x
	out.X, out.I = part(x.X), part(x.I)
	return &out
}

func (x *Binary) rebuild(part func(Expr) Expr) Expr {
	out := *x
	out.L, out.R = part(x.L), part(x.R)
	return &out
}

func (x *In) rebuild(part func(Expr) Expr) Expr {
	out := *x
	out.X, out.List = part(x.X), part(x.List)
	return &out
}

func (x *Cond) rebuild(part func(Expr) Expr) Expr {
	out := *x
	out.If, out.Then, out.Else = part(x.If), part(x.Then), part(x.Else)
	return &out
}

func (x *MatchExpr) rebuild(part func(Expr) Expr) Expr {
	out := *x
	out.X, out.Arms = part(x.X), nil
	for _, a := range x.Arms {
		a.Values, a.X = parter(part).exprs(a.Values), part(a.X)
		out.Arms = append(out.Arms, a)
	}
	return &out
}

func (x *Interp) rebuild(part func(Expr) Expr) Expr {
	out := *x
	out.Parts = parter(part).exprs(x.Parts)
	return &out
}

func (x *RecordLit) rebuild(part func(Expr) Expr) Expr {
	out := *x
	out.Fields = parter(part).inits(x.Fields)
	return &out
}

func (x *ListLit) rebuild(part func(Expr) Expr) Expr {
	out := *x
	out.Elems = parter(part).exprs(x.Elems)
	return &out
}

func (x *MapLit) rebuild(part func(Expr) Expr) Expr {
	out := *x
	out.Keys, out.Values = parter(part).exprs(x.Keys), parter(part).exprs(x.Values)
	return &out
}

func (x *CallFn) rebuild(part func(Expr) Expr) Expr {
	out := *x
	out.Args = parter(part).exprs(x.Args)
	return &out
}

func (x *CallExtern) rebuild(part func(Expr) Expr) Expr {
	out := *x
	out.Args = parter(part).exprs(x.Args)
	return &out
}

func (x *Builtin) rebuild(part func(Expr) Expr) Expr {
	out := *x
	out.Args = parter(part).exprs(x.Args)
	return &out
}

func (x *ListPipe) rebuild(part func(Expr) Expr) Expr {
	out := *x
	out.List, out.Stages = part(x.List), nil
	for _, s := range x.Stages {
		s.X, s.Keys = parter(part).expr(s.X), parter(part).keys(s.Keys)
		out.Stages = append(out.Stages, s)
	}
	return &out
}

func (x *QueryExpr) rebuild(part func(Expr) Expr) Expr {
	out := *x
	out.Query = x.Query.rebuild(part)
	return &out
}

func (x *Insert) rebuild(part func(Expr) Expr) Expr {
	out := *x
	out.Fields = parter(part).inits(x.Fields)
	return &out
}

func (x *Upsert) rebuild(part func(Expr) Expr) Expr {
	out := *x
	out.Fields, out.Set = parter(part).inits(x.Fields), parter(part).inits(x.Set)
	return &out
}

func (x *UpdateRow) rebuild(part func(Expr) Expr) Expr {
	out := *x
	out.Row, out.Set, out.Patch = part(x.Row), parter(part).inits(x.Set), parter(part).expr(x.Patch)
	return &out
}

func (x *UpdateWhere) rebuild(part func(Expr) Expr) Expr {
	out := *x
	out.Query, out.Set = x.Query.rebuild(part), parter(part).inits(x.Set)
	return &out
}

func (x *DeleteRow) rebuild(part func(Expr) Expr) Expr { out := *x; out.Row = part(x.Row); return &out }

func (x *DeleteWhere) rebuild(part func(Expr) Expr) Expr {
	out := *x
	out.Query = x.Query.rebuild(part)
	return &out
}

// rebuild copies a query.
func (q *Query) rebuild(part func(Expr) Expr) *Query {
	out := *q
	pipeline := *q.Pipeline
	pipeline.Stages = nil
	for _, s := range q.Pipeline.Stages {
		pipeline.Stages = append(pipeline.Stages, s.rebuild(part))
	}
	out.Pipeline = &pipeline
	return &out
}

func (s *LimitStage) rebuild(func(Expr) Expr) Stage { return s }
func (s *PageStage) rebuild(func(Expr) Expr) Stage  { return s }

func (s *FilterStage) rebuild(part func(Expr) Expr) Stage {
	out := *s
	out.Cond = part(s.Cond)
	return &out
}

func (s *SortStage) rebuild(part func(Expr) Expr) Stage {
	out := *s
	out.Keys = parter(part).keys(s.Keys)
	return &out
}

func (s *JoinStage) rebuild(part func(Expr) Expr) Stage {
	out := *s
	out.Left = parter(part).exprs(s.Left)
	return &out
}

func (s *MapStage) rebuild(part func(Expr) Expr) Stage {
	out := *s
	out.X, out.Fields = parter(part).expr(s.X), parter(part).inits(s.Fields)
	return &out
}

func (s *GroupStage) rebuild(part func(Expr) Expr) Stage {
	out := *s
	out.Keys, out.Aggs = parter(part).inits(s.Keys), nil
	for _, a := range s.Aggs {
		a.X = parter(part).expr(a.X)
		out.Aggs = append(out.Aggs, a)
	}
	return &out
}

func (s *ReduceStage) rebuild(part func(Expr) Expr) Stage {
	out := *s
	out.X = parter(part).expr(s.X)
	return &out
}

func (s *FindStage) rebuild(part func(Expr) Expr) Stage {
	out := *s
	out.Keys = parter(part).exprs(s.Keys)
	return &out
}
