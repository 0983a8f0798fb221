package ir

// Rewrite gives a copy of x in which each expression that replace has another for stands replaced, outside in. Queries are copied with all that stands in them, since they are part of x; bodies of
// functions are not. Where nothing is replaced the result may be x itself.
func Rewrite(x Expr, replace func(Expr) (Expr, bool)) Expr {
	return (&rewriter{replace}).expr(x)
}

type rewriter struct{ replace func(Expr) (Expr, bool) }

func (r *rewriter) exprs(xs []Expr) []Expr {
	if xs == nil {
		return nil
	}
	out := make([]Expr, len(xs))
	for i, x := range xs {
		out[i] = r.expr(x)
	}
	return out
}

func (r *rewriter) inits(fields []FieldInit) []FieldInit {
	out := make([]FieldInit, len(fields))
	for i, f := range fields {
		out[i] = FieldInit{Field: f.Field, Name: f.Name, X: r.expr(f.X)}
	}
	return out
}

func (r *rewriter) keys(keys []ListSortKey) []ListSortKey {
	out := make([]ListSortKey, len(keys))
	for i, k := range keys {
		out[i] = ListSortKey{X: r.expr(k.X), Desc: k.Desc}
	}
	return out
}

func (r *rewriter) expr(x Expr) Expr {
	if x == nil {
		return nil
	}
	if other, ok := r.replace(x); ok {
		return other
	}
	switch x := x.(type) {
	case *FieldOf:
		return &FieldOf{At: x.At, X: r.expr(x.X), Field: x.Field, Safe: x.Safe}
	case *Index:
		return &Index{At: x.At, X: r.expr(x.X), I: r.expr(x.I)}
	case *Unary:
		return &Unary{At: x.At, Op: x.Op, X: r.expr(x.X)}
	case *Binary:
		return &Binary{At: x.At, Op: x.Op, L: r.expr(x.L), R: r.expr(x.R)}
	case *In:
		return &In{At: x.At, X: r.expr(x.X), List: r.expr(x.List)}
	case *Cond:
		return &Cond{At: x.At, If: r.expr(x.If), Then: r.expr(x.Then), Else: r.expr(x.Else)}
	case *MatchExpr:
		out := &MatchExpr{At: x.At, X: r.expr(x.X)}
		for _, a := range x.Arms {
			out.Arms = append(out.Arms, MatchExprArm{Values: r.exprs(a.Values), Bind: a.Bind, X: r.expr(a.X)})
		}
		return out
	case *Interp:
		return &Interp{At: x.At, Parts: r.exprs(x.Parts)}
	case *RecordLit:
		return &RecordLit{At: x.At, Fields: r.inits(x.Fields)}
	case *ListLit:
		return &ListLit{At: x.At, Elems: r.exprs(x.Elems)}
	case *MapLit:
		return &MapLit{At: x.At, Keys: r.exprs(x.Keys), Values: r.exprs(x.Values)}
	case *CallFn:
		return &CallFn{At: x.At, Fn: x.Fn, Args: r.exprs(x.Args)}
	case *CallExtern:
		return &CallExtern{At: x.At, Extern: x.Extern, Args: r.exprs(x.Args)}
	case *Builtin:
		return &Builtin{At: x.At, Name: x.Name, Args: r.exprs(x.Args)}
	case *ListPipe:
		out := &ListPipe{At: x.At, List: r.expr(x.List)}
		for _, s := range x.Stages {
			out.Stages = append(out.Stages, ListStage{Name: s.Name, Row: s.Row, X: r.expr(s.X), Keys: r.keys(s.Keys), T: s.T})
		}
		return out
	case *QueryExpr:
		return &QueryExpr{At: x.At, Query: r.query(x.Query)}
	case *Wrap:
		return &Wrap{At: x.At, X: r.expr(x.X)}
	case *Unwrap:
		return &Unwrap{At: x.At, X: r.expr(x.X)}
	case *ToFloat:
		return &ToFloat{At: x.At, X: r.expr(x.X)}
	case *ToEnum:
		return &ToEnum{At: x.At, X: r.expr(x.X)}
	case *FromEnum:
		return &FromEnum{At: x.At, X: r.expr(x.X)}
	case *Fit:
		return &Fit{At: x.At, X: r.expr(x.X)}
	case *Check:
		return &Check{At: x.At, X: r.expr(x.X), Path: x.Path}
	case *As:
		return &As{At: x.At, X: r.expr(x.X)}
	}
	return x
}

// query copies a query. Its plan is made for the copy.
func (r *rewriter) query(q *Query) *Query {
	out := *q
	out.Rel, out.Args = nil, nil
	out.Pipeline = &Pipeline{Pos: q.Pipeline.Pos, Table: q.Pipeline.Table}
	for _, s := range q.Pipeline.Stages {
		out.Pipeline.Stages = append(out.Pipeline.Stages, r.stage(s))
	}
	return &out
}

func (r *rewriter) stage(s Stage) Stage {
	switch s := s.(type) {
	case *FilterStage:
		return &FilterStage{Pos: s.Pos, Row: s.Row, Cond: r.expr(s.Cond)}
	case *SortStage:
		return &SortStage{Pos: s.Pos, Row: s.Row, Keys: r.keys(s.Keys)}
	case *JoinStage:
		out := *s
		out.Left = r.exprs(s.Left)
		return &out
	case *MapStage:
		out := *s
		out.X = r.expr(s.X)
		if s.Fields != nil {
			out.Fields = r.inits(s.Fields)
		}
		return &out
	case *GroupStage:
		out := *s
		out.Keys, out.Aggs = r.inits(s.Keys), nil
		for _, a := range s.Aggs {
			out.Aggs = append(out.Aggs, GroupAgg{Field: a.Field, Func: a.Func, X: r.expr(a.X)})
		}
		return &out
	case *ReduceStage:
		return &ReduceStage{Pos: s.Pos, Func: s.Func, Row: s.Row, X: r.expr(s.X), T: s.T}
	case *FindStage:
		return &FindStage{Pos: s.Pos, Keys: r.exprs(s.Keys)}
	}
	return s
}
