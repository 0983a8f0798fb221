package analyze

// Without leaves out one rule of the secrets analysis until the function that it gives is called.
func Without(rule string) (restore func()) {
	withoutRule = rule
	return func() { withoutRule = "" }
}
