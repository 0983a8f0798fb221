package runtime

// Held is how many topics of published and derived streams, channels and rooms the server holds.
func (s *Server) Held() int {
	n := 0
	s.feeds.mu.Lock()
	n += len(s.feeds.open)
	s.feeds.mu.Unlock()
	s.derivations.mu.Lock()
	n += len(s.derivations.open)
	s.derivations.mu.Unlock()
	s.halls.mu.Lock()
	n += len(s.halls.open)
	s.halls.mu.Unlock()
	return n
}

// Deliver publishes an event of a channel, as a call does once it has committed.
func (s *Server) Deliver(channel, topic, name, data string) error {
	return s.deliver(&event{stream: s.streams[channel], topic: topic, name: name, data: []byte(data)})
}
