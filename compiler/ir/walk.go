package ir

// Walk calls visit for x and, where it returns true, for the expressions inside x, outside in and in source order. It does not enter queries or the bodies of functions.
func Walk(x Expr, visit func(Expr) bool) {
	if x == nil || !visit(x) {
		return
	}
	for _, in := range inner(x) {
		Walk(in, visit)
	}
}

// inner is the expressions directly inside x.
func inner(x Expr) []Expr {
	switch x := x.(type) {
	case *FieldOf:
		return []Expr{x.X}
	case *Index:
		return []Expr{x.X, x.I}
	case *Unary:
		return []Expr{x.X}
	case *Binary:
		return []Expr{x.L, x.R}
	case *In:
		return []Expr{x.X, x.List}
	case *Cond:
		return []Expr{x.If, x.Then, x.Else}
	case *MatchExpr:
		out := []Expr{x.X}
		for _, a := range x.Arms {
			out = append(append(out, a.Values...), a.X)
		}
		return out
	case *Interp:
		return x.Parts
	case *RecordLit:
		return inits(nil, x.Fields)
	case *ListLit:
		return x.Elems
	case *MapLit:
		return append(append([]Expr(nil), x.Keys...), x.Values...)
	case *CallFn:
		return x.Args
	case *CallExtern:
		return x.Args
	case *Builtin:
		return x.Args
	case *ListPipe:
		out := []Expr{x.List}
		for _, s := range x.Stages {
			if s.X != nil {
				out = append(out, s.X)
			}
			for _, k := range s.Keys {
				out = append(out, k.X)
			}
		}
		return out
	case *Wrap:
		return []Expr{x.X}
	case *Unwrap:
		return []Expr{x.X}
	case *ToFloat:
		return []Expr{x.X}
	case *ToEnum:
		return []Expr{x.X}
	case *FromEnum:
		return []Expr{x.X}
	case *Fit:
		return []Expr{x.X}
	case *Check:
		return []Expr{x.X}
	case *As:
		return []Expr{x.X}
	case *Insert:
		return inits(nil, x.Fields)
	case *Upsert:
		return inits(inits(nil, x.Fields), x.Set)
	case *UpdateRow:
		out := inits([]Expr{x.Row}, x.Set)
		if x.Patch != nil {
			out = append(out, x.Patch)
		}
		return out
	case *UpdateWhere:
		return inits(nil, x.Set)
	case *DeleteRow:
		return []Expr{x.Row}
	}
	return nil
}

func inits(out []Expr, fields []FieldInit) []Expr {
	for _, f := range fields {
		out = append(out, f.X)
	}
	return out
}
