package session

// hold keeps back what somebody may have lost the right to, until a check has told. Whoever hears of a change marks it; a
// check begins, reads, and lifts the hold unless it was marked again meanwhile: what was marked since then the check has not
// seen. The lock of the session guards it.
type hold struct {
	on     bool
	marked bool // since the last check began
	marks  int  // since nothing was on hold
}

// mark sets the hold and tells whether a check must be made for it.
func (h *hold) mark() (first bool) {
	first = !h.marked
	h.on, h.marked = true, true
	h.marks++
	return first
}

// lift ends the hold, unless it was marked again.
func (h *hold) lift() bool {
	if h.marked {
		return false
	}
	h.on, h.marks = false, 0
	return true
}

// Hold keeps back all events, all data of subscriptions and all that is offered, until Release. It tells whether that is to be
// brought about by the caller: a check is due, and none is on its way that has not begun. It does not block.
func (s *Session) Hold() (first bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hold.mark()
}

// Check says that a check begins which sees the reasons of all calls of Hold up to now. It gives how many these were since
// nothing was on hold.
func (s *Session) Check() (holds int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hold.marked = false
	return s.hold.marks
}

// Release sends what was kept back, in order. It does nothing and gives false if Hold was called since the last Check: another
// one must follow.
func (s *Session) Release() bool {
	s.mu.Lock()
	if !s.hold.lift() {
		s.mu.Unlock()
		return false
	}
	for _, m := range s.offers {
		s.weigh(-len(m))
		s.enqueue(m)
	}
	s.offers = nil
	s.kick()
	return true
}
