package runtime

// Publish sends an event of a published stream or a channel, once the call has committed, in the order of the statements. topic is what Open of the stream names it by; data is JSON: a row or an entry, of which deleted, leave and remove need only the
// key, the whole value for set.
func (c *Call) Publish(stream string, topic []byte, event string, data []byte, pace Pace) {}

// Signal sends a signal to all connections of the user with this key, once the call has committed. args is a JSON array. It gives how many connections the user has now; the answer to the call tells how many were
// reached.
func (c *Call) Signal(name, to string, args []byte) int { return 0 }

// AddPublished registers a published stream.
func AddPublished[A any](r *Registry, s Published[A]) {}

// AddDerived registers a derived stream.
func AddDerived[A any](r *Registry, s Derived[A]) {}

// AddChannel registers a channel.
func AddChannel[A any](r *Registry, c Channel[A]) {}

// AddRoom registers a room.
func AddRoom[A any](r *Registry, room Room[A]) {}

// AddSignal registers a signal.
func AddSignal(r *Registry, s Signal) {}
