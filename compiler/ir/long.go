package ir

import (
	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/function"
)

// Long reports whether computing a stage of a list for one element may take longer than a few operations on numbers do. A loop over such a
// stage looks at the deadline of the call. What is not known may take long.
func (s *ListStage) Long() bool {
	long := false
	look := func(x Expr) {
		WalkExprs(x, func(x Expr) bool {
			long = long || !short(x)
			return !long
		})
	}
	if s.X != nil {
		look(s.X)
	}
	for _, k := range s.Keys {
		look(k.X)
	}
	return long
}

// Long reports whether a stage of the pipeline is Long.
func (x *ListPipe) Long() bool {
	for i := range x.Stages {
		if x.Stages[i].Long() {
			return true
		}
	}
	return false
}

// short reports whether computing x, apart from its parts, takes a few operations only.
func short(x Expr) bool {
	switch x := x.(type) {
	case *Lit, *Local, *CtxUser, *CtxIP, *CtxPath, *CtxAdded, *CtxCursor, *EnvRef, *FieldOf, *Index, *Unary, *Cond, *RecordLit, *ListLit,
		*Wrap, *Unwrap, *ToFloat, *ToEnum, *FromEnum:
		return true
	case *Binary:
		return x.Op != relation.Cat && single(x.L.Type()) && single(x.R.Type())
	case *Builtin:
		if function.Of(x.Name).Carry == function.Reveals { // it is its argument
			return true
		}
		for _, a := range x.Args {
			if s, ok := a.Type().(*Scalar); !ok || s.Kind == String || s.Kind == Bytes || s.Kind == JSON {
				return false
			}
		}
		return len(x.Args) > 0
	case *As, *CallExtern, *CallFn, *Check, *Fit, *In, *Interp, *ListPipe, *MapLit, *MatchExpr, *QueryExpr,
		*Insert, *Upsert, *UpdateRow, *UpdateWhere, *DeleteRow, *DeleteWhere:
		return false
	}
	return false
}

// single reports whether values of a type are compared in one step, or as one text.
func single(t Type) bool {
	switch t := t.(type) {
	case *Null, *Enum:
		return true
	case *Scalar:
		return t.Kind != JSON
	case *Optional:
		return single(t.Elem)
	}
	return false
}
