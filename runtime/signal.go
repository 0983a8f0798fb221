package runtime

// Signal is a message to all connections of one user.
type Signal struct {
	Name string // module/name
}
