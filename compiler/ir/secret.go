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
func HoldsSecret(t Type) bool {
	return holds(t, func(f *Field) bool { return f.Secret }, map[Type]bool{})
}

// HoldsUnsent tells whether values of t hold a field that no client sends, at any depth: what a client sends in place of such a value
// has the default there.
func HoldsUnsent(t Type) bool {
	return holds(t, func(f *Field) bool { return !f.Sent() }, map[Type]bool{})
}

func holds(t Type, marked func(*Field) bool, seen map[Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t := t.(type) {
	case *Optional:
		return holds(t.Elem, marked, seen)
	case *List:
		return holds(t.Elem, marked, seen)
	case *Map:
		return holds(t.Elem, marked, seen)
	case *Record:
		for _, f := range t.Fields {
			if marked(f) || holds(f.Type, marked, seen) {
				return true
			}
		}
	case *Union:
		for _, v := range t.Variants {
			if holds(v.Record, marked, seen) {
				return true
			}
		}
	case *Scalar, *Enum, *Null, *Void, nil: // nil is the type of a field that the checker has not come to yet
	default:
		panic(UnknownType(t))
	}
	return false
}
