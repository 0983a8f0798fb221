package ir

// Omittable tells whether a client may leave out a field or parameter of this type and default: null or the default takes its place.
func Omittable(t Type, value Expr) bool {
	_, optional := t.(*Optional)
	return optional || value != nil
}
