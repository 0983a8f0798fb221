package runtime

// Signal is a message to all connections of one user. Call.Signal sends it.
type Signal struct {
	Name string // module/name
}

// AddSignal registers a signal.
func AddSignal(r *Registry, s Signal) { register(r.signals, "signal", s.Name, s) }
