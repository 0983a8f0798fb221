package ir

// Omittable reports whether a client may leave out a field or parameter with this type and default. Null or the default is
// used instead.
func Omittable(t Type, value Expr) bool {
	_, optional := t.(*Optional)
	return optional || value != nil
}

// Sent reports whether clients send the field. Only the server sets a field marked `server` or `secret`.
func (f *Field) Sent() bool { return !f.Server && !f.Secret }

// Shown reports whether clients receive the field.
func (f *Field) Shown() bool { return !f.Secret }

// Directed reports whether clients send a type in a different form than they receive it. This is so if the type contains, at
// any depth, a field that only the server sets or that a client may leave out.
func Directed(t Type) bool { return directed(t, map[Type]bool{}) }

func directed(t Type, seen map[Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t := t.(type) {
	case *Optional:
		return directed(t.Elem, seen)
	case *List:
		return directed(t.Elem, seen)
	case *Map:
		return directed(t.Elem, seen)
	case *Record:
		for _, f := range t.Fields {
			if !f.Shown() { // neither sent nor received
				continue
			}
			if !f.Sent() || t.PatchOf == nil && Omittable(f.Type, f.Default) || directed(f.Type, seen) {
				return true
			}
		}
	case *Union:
		for _, v := range t.Variants {
			if directed(v.Record, seen) {
				return true
			}
		}
	case *Scalar, *Enum, *Null, *Void, nil: // nil is the type of a field that the checker has not reached yet
	default:
		panic(UnknownType(t))
	}
	return false
}
