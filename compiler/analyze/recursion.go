package analyze

import (
	"maps"
	"slices"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/relation"
)

// recursion reports functions that call themselves on every path, and so never end.
func recursion(p *ir.Program, r *report) {
	always := map[*ir.Fn]calls{}
	for _, m := range p.Modules {
		for _, f := range m.Fns {
			always[f], _ = inBlock(f.Body)
		}
	}
	for _, m := range p.Modules {
		for _, f := range m.Fns {
			if !f.System && reaches(always, f, f, map[*ir.Fn]bool{}) {
				r.errorf(f.Pos, diag.CodeRecursion, "function `%s` calls itself without end", f.Name).
					help("end one path without the call: `if … then … else …`")
			}
		}
	}
}

// calls returns the functions that are called whatever the values are.
type calls map[*ir.Fn]bool

func reaches(always map[*ir.Fn]calls, from, to *ir.Fn, seen map[*ir.Fn]bool) bool {
	for f := range always[from] {
		if f == to {
			return true
		}
		if !seen[f] {
			seen[f] = true
			if reaches(always, f, to, seen) {
				return true
			}
		}
	}
	return false
}

// inBlock returns the functions that a block always calls, and whether the block may end the body. If so, the statements
// after it are conditional.
func inBlock(b *ir.Block) (out calls, mayEnd bool) {
	out = calls{}
	if b == nil {
		return out, false
	}
	for _, s := range b.Stmts {
		switch s := s.(type) {
		case *ir.Let:
			inExpr(out, s.Init)
		case *ir.Return:
			inExpr(out, s.X)
			return out, true
		case *ir.Fail:
			return out, true
		case *ir.Require:
			inExpr(out, s.Cond)
			return out, true
		case *ir.If:
			inExpr(out, s.Cond)
			then, thenEnds := inBlock(s.Then)
			other, otherEnds := inBlock(s.Else)
			maps.Copy(out, both(then, other))
			if thenEnds || otherEnds {
				return out, true
			}
		case *ir.Match:
			inExpr(out, s.X)
			var all []calls
			for _, a := range s.Arms {
				arm, ends := inBlock(a.Body)
				all = append(all, arm)
				mayEnd = mayEnd || ends
			}
			maps.Copy(out, both(all...))
			if mayEnd {
				return out, true
			}
		case *ir.For:
			inExpr(out, s.Over)
			if _, ends := inBlock(s.Body); ends {
				return out, true
			}
		case *ir.Do:
			inExpr(out, s.X)
		case *ir.Log:
			inExpr(out, s.Message)
		case *ir.Publish, *ir.SendSignal: // not allowed in a function
		default:
			panic(unknown(s))
		}
	}
	return out, false
}

// both returns the functions that two paths have in common.
func both(paths ...calls) calls {
	out := calls{}
	if len(paths) == 0 {
		return out
	}
	for f := range paths[0] {
		if !slices.ContainsFunc(paths[1:], func(o calls) bool { return !o[f] }) {
			out[f] = true
		}
	}
	return out
}

func inExpr(out calls, x ir.Expr) {
	ir.WalkExprs(x, func(x ir.Expr) bool {
		switch x := x.(type) {
		case *ir.CallFn:
			out[x.Fn] = true
		case *ir.Cond:
			inExpr(out, x.If)
			then, other := calls{}, calls{}
			inExpr(then, x.Then)
			inExpr(other, x.Else)
			maps.Copy(out, both(then, other))
			return false
		case *ir.MatchExpr:
			inExpr(out, x.X)
			var all []calls
			for _, a := range x.Arms {
				arm := calls{}
				inExpr(arm, a.X)
				all = append(all, arm)
			}
			maps.Copy(out, both(all...))
			return false
		case *ir.Binary:
			if x.Op == relation.And || x.Op == relation.Or || x.Op == relation.Coal {
				inExpr(out, x.L)
				return false
			}
		case *ir.ListPipe:
			inExpr(out, x.List)
			return false
		case *ir.QueryExpr: // the expressions in it are evaluated once per row, and there may be no rows
			return false
		}
		return true
	})
}
