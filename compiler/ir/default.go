package ir

// Omittable tells whether a client may leave out a field or parameter of this type and default: null or the default takes its place.
func Omittable(t Type, value Expr) bool {
	_, optional := t.(*Optional)
	return optional || value != nil
}

// Sent tells whether clients send the field: only the server sets a field marked `server` or `secret`.
func (f *Field) Sent() bool { return !f.Server && !f.Secret }

// Shown tells whether clients receive the field.
func (f *Field) Shown() bool { return !f.Secret }

// Directed tells whether what clients send of a type and what they receive differ, in the type itself or anywhere in it: by fields that
// only the server sets, or that may be left out.
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
	case *Scalar, *Enum, *Null, *Void, nil: // nil is the type of a field that the checker has not come to yet
	default:
		panic(UnknownType(t))
	}
	return false
}
