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
