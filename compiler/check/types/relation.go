package types

import (
	"slices"

	"github.com/livec-lang/livec/compiler/ir"
)

// Uncovered finds a secret field of got whose counterpart in want is not secret.
func Uncovered(got, want ir.Type, seen map[[2]ir.Type]bool) (secret, open *ir.Field) {
	got, want = Elem(got), Elem(want)
	if pair := [2]ir.Type{got, want}; IsBad(got) || IsBad(want) || seen[pair] {
		return nil, nil
	} else {
		seen[pair] = true
	}
	switch w := want.(type) {
	case *ir.List:
		if g, ok := got.(*ir.List); ok {
			return Uncovered(g.Elem, w.Elem, seen)
		}
	case *ir.Map:
		if g, ok := got.(*ir.Map); ok {
			return Uncovered(g.Elem, w.Elem, seen)
		}
	case *ir.Record:
		g, ok := got.(*ir.Record)
		if !ok || g == w {
			return nil, nil
		}
		for _, f := range w.Fields {
			s := FieldOf(g, f.Name)
			if s == nil {
				continue
			}
			if s.Secret && !f.Secret {
				return s, f
			}
			if secret, open = Uncovered(s.Type, f.Type, seen); secret != nil {
				return secret, open
			}
		}
	}
	return nil, nil
}

// Narrower reports whether every value of got satisfies the refinements of want. The types must be the same otherwise.
func Narrower(got, want ir.Type) bool {
	switch w := want.(type) {
	case *ir.Scalar:
		g, ok := got.(*ir.Scalar)
		return !ok || w.Refine == nil || g.Refine != nil && within(g.Refine, w.Refine)
	case *ir.Optional:
		g, ok := got.(*ir.Optional)
		return !ok || Narrower(g.Elem, w.Elem)
	case *ir.List:
		g, ok := got.(*ir.List)
		return !ok || (w.Refine == nil || g.Refine != nil && within(g.Refine, w.Refine)) && Narrower(g.Elem, w.Elem)
	case *ir.Map:
		g, ok := got.(*ir.Map)
		return !ok || Narrower(g.Elem, w.Elem)
	case *ir.Record, *ir.Enum, *ir.Union, *ir.Null, *ir.Void, nil: // these have no refinement of their own
		return true
	default:
		panic(ir.UnknownType(want))
	}
}

func within(g, w *ir.Refine) bool {
	if g == w {
		return true
	}
	switch {
	case w.Min != nil && (g.Min == nil || *g.Min < *w.Min), w.Max != nil && (g.Max == nil || *g.Max > *w.Max):
		return false
	case w.FMin != nil && (g.FMin == nil || *g.FMin < *w.FMin), w.FMax != nil && (g.FMax == nil || *g.FMax > *w.FMax):
		return false
	case w.Format != "" && g.Format != w.Format, w.Pattern != nil && g.PatternText != w.PatternText:
		return false
	}
	return true
}

// Same reports whether two types are equal except for refinements.
func Same(a, b ir.Type) bool {
	if IsBad(a) || IsBad(b) {
		return true
	}
	switch a := a.(type) {
	case *ir.Scalar:
		b, ok := b.(*ir.Scalar)
		return ok && a.Kind == b.Kind
	case *ir.Optional:
		b, ok := b.(*ir.Optional)
		return ok && Same(a.Elem, b.Elem)
	case *ir.List:
		b, ok := b.(*ir.List)
		return ok && Same(a.Elem, b.Elem)
	case *ir.Map:
		b, ok := b.(*ir.Map)
		return ok && Same(a.Elem, b.Elem)
	case *ir.Enum:
		b, ok := b.(*ir.Enum)
		return ok && (a == b || (a.Anonymous || b.Anonymous) && slices.Equal(a.Values, b.Values))
	case *ir.Null:
		_, ok := b.(*ir.Null)
		return ok
	case *ir.Void:
		_, ok := b.(*ir.Void)
		return ok
	case *ir.Record, *ir.Union, nil: // nil is the type of a field that the checker has not reached yet
		return a == b
	default:
		panic(ir.UnknownType(a))
	}
}
