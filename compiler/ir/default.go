package ir

// Omittable tells whether a client may leave out a field or parameter of this type and default: where null or a constant takes its place. A default that is made for each call, such as now(), is for
// what the server itself writes.
func Omittable(t Type, value Expr) bool {
	_, optional := t.(*Optional)
	return optional || value != nil && Constant(value)
}

// Constant tells whether an expression has the same value in every call.
func Constant(x Expr) bool {
	constant := true
	Walk(x, func(x Expr) bool {
		switch x.(type) {
		case *Lit, *Wrap, *ListLit, *MapLit, *RecordLit, *EnvRef, *ToFloat, *Unary, *FromEnum:
		default:
			constant = false
		}
		return constant
	})
	return constant
}
