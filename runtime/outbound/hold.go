package outbound

// hold keeps back what a client may have lost the right to, until a check has decided. Each change that may take the right away
// sets the hold. A check begins, reads, and lifts the hold, unless it was set again meanwhile: the check has not seen what
// happened since it began. The lock of the queue guards it.
type hold struct {
	on    bool
	due   bool // a check is due and has not begun
	count int  // calls of set since it was last off
}

// set sets the hold and reports whether the caller must start a check.
func (h *hold) set() (first bool) {
	first = !h.due
	h.on, h.due = true, true
	h.count++
	return first
}

// begin begins a check.
func (h *hold) begin() (count int) {
	h.due = false
	return h.count
}

// lift ends the hold, unless it was set again since the check began.
func (h *hold) lift() bool {
	if h.due {
		return false
	}
	h.on, h.count = false, 0
	return true
}

// Hold keeps back all events, all data of subscriptions and all offers until Release. It reports whether the caller must start a
// check: none is due yet. It does not block.
func (q *Queue) Hold() (first bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.hold.set()
}

// Check begins a check, which sees the causes of all calls of Hold so far. It returns how many these were since nothing was on
// hold.
func (q *Queue) Check() (holds int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.hold.begin()
}

// Release sends what was kept back, in order. It does nothing and returns false if Hold was called since the last Check: another
// check must follow.
func (q *Queue) Release() bool {
	q.mu.Lock()
	if !q.hold.lift() {
		q.mu.Unlock()
		return false
	}
	for _, m := range q.offers {
		q.resize(-len(m))
		q.enqueue(m)
	}
	q.offers = nil
	q.kick()
	return true
}
