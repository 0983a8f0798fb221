package ir

// IsSecret reports whether x is an unchanged secret field, or a part of one. Package analyze follows what operators and
// functions make of a secret.
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

// HoldsSecret reports whether values of t contain a secret field, at any depth.
func HoldsSecret(t Type) bool {
	return holds(t, func(f *Field) bool { return f.Secret }, map[Type]bool{})
}

// HoldsUnsent reports whether values of t contain, at any depth, a field that clients do not send. In a value from a client,
// such a field has its default.
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
	case *Scalar, *Enum, *Null, *Void, nil: // nil is the type of a field that the checker has not reached yet
	default:
		panic(UnknownType(t))
	}
	return false
}
