package runtime

// Main runs a compiled app as a program of its own and gives its exit code.
func Main(reg *Registry) int {
	_ = reg
	return 1
}
