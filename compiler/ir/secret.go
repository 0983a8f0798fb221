package ir

// IsSecret tells whether x is a secret field, or a part of one, as it is. What is made of a secret by operators and functions is another
// pass's concern.
func IsSecret(x Expr) bool {
	switch x := x.(type) {
	case *FieldOf:
		return x.Field.Secret || IsSecret(x.X)
	case *CtxAdded:
		return x.Field.Secret
	case *Wrap:
		return IsSecret(x.X)
	case *Unwrap:
		return IsSecret(x.X)
	case *Check:
		return IsSecret(x.X)
	case *Index:
		return IsSecret(x.X)
	}
	return false
}

// HoldsSecret tells whether values of t hold a secret field, at any depth.
func HoldsSecret(t Type) bool { return holdsSecret(t, map[Type]bool{}) }

func holdsSecret(t Type, seen map[Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t := t.(type) {
	case *Optional:
		return holdsSecret(t.Elem, seen)
	case *List:
		return holdsSecret(t.Elem, seen)
	case *Map:
		return holdsSecret(t.Elem, seen)
	case *Record:
		for _, f := range t.Fields {
			if f.Secret || holdsSecret(f.Type, seen) {
				return true
			}
		}
	case *Union:
		for _, v := range t.Variants {
			if holdsSecret(v.Record, seen) {
				return true
			}
		}
	}
	return false
}
