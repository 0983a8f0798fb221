package runtime

import "runtime"

// Settle returns when the server has done all that it has been asked to do, apart from what waits for its clock: calls have been answered and what they changed has been sent. It is for tests whose clients are connected
// in this process; while a call waits for something else it does not return.
func (s *Server) Settle() {
	for {
		s.tasks.WaitIdle()
		if e, ok := s.engine.(interface{ Settle() }); ok {
			e.Settle()
		}
		for !s.hub.Idle() {
			runtime.Gosched()
		}
		if s.tasks.Idle() && s.hub.Idle() {
			return
		}
	}
}
