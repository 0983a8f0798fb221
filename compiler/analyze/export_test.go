package analyze

// Without disables one rule of the secrets analysis until the returned function is called.
func Without(rule string) (restore func()) {
	withoutRule = rule
	return func() { withoutRule = "" }
}
