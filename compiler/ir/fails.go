package ir

import (
	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/function"
)

// Fails reports whether computing x, apart from its parts, may end the call with an error. A called function may if its
// body does, which the caller must look at.
func Fails(x Expr) bool {
	switch x := x.(type) {
	case *Index:
		_, list := x.X.Type().(*List)
		return list
	case *Binary:
		switch x.Op {
		case relation.Add, relation.Subt, relation.Mul, relation.Div, relation.IDiv, relation.Mod:
			switch t := x.T.(type) {
			case *List:
				return false
			case *Scalar:
				return t.Kind != String && t.Kind != ID
			}
			return true
		}
		return false
	case *Builtin:
		return function.Of(x.Name).MayFail
	case *ListPipe:
		for _, s := range x.Stages {
			if s.Name == "sum" || s.Name == "avg" {
				return true
			}
		}
		return x.Long() // looks at the deadline
	case *CallExtern, *QueryExpr, *Check, *As, *ToEnum, *Insert, *Upsert, *UpdateRow, *UpdateWhere, *DeleteRow, *DeleteWhere:
		return true
	case *Lit, *Local, *CtxUser, *CtxIP, *CtxPath, *CtxAdded, *CtxCursor, *EnvRef, *FieldOf, *Unary, *In, *Cond, *MatchExpr, *Interp,
		*RecordLit, *ListLit, *MapLit, *Wrap, *Unwrap, *ToFloat, *FromEnum, *Fit, *CallFn:
		return false
	}
	return true
}
