package outbound

import "github.com/livec-lang/livec/runtime/topic"

// Subscription sends one client's subscription: the topic that it follows, and whether its events are on hold. Subscriptions of
// one queue to the same topic share its events, which are sent once; they are on hold while any one of them is. The zero value is
// ready to use after Init.
type Subscription struct {
	queue  *Queue
	reader *reader       // nil while it follows nothing
	next   *Subscription // of the same reader
	offset uint64        // of the data that was sent last
	hold   hold
}

// Init sets the queue. It must be called once, before all else.
func (s *Subscription) Init(q *Queue) { s.queue = q }

// Outcome is the result of Follow.
type Outcome uint8

// The outcomes of Follow.
const (
	Sent   Outcome = iota // the message is sent, and events follow it
	Behind                // nothing is sent: the client already has events that are not in the data
	Held                  // nothing is sent: the subscription or the queue is on hold and waits for a check
)

// Follow sends a message with the data of the subscription at an offset of t, and then the events of t after that offset. The
// subscription stops following its former topic. Follow also ends a hold that a check has allowed to end. Calls for one queue
// must not overlap.
func (s *Subscription) Follow(t *topic.Topic, offset uint64, message []byte) Outcome {
	q := s.queue
	q.mu.Lock()
	if q.closed {
		q.mu.Unlock()
		return Sent
	}
	if q.hold.on || s.hold.due {
		q.mu.Unlock()
		return Held
	}
	r := q.readers[t]
	fresh, renew := r == nil, r != nil && r == s.reader
	switch {
	case fresh:
		r = &reader{queue: q, topic: t, offset: offset}
		if q.readers == nil {
			q.readers = map[*topic.Topic]*reader{}
		}
		q.readers[t] = r
	case r.lost:
		r.lost, r.offset = false, offset
		q.lost--
	case r.offset > offset:
		q.mu.Unlock()
		return Behind
	}
	q.enqueue(message)
	var old *reader
	last := false
	if !renew {
		old, last = s.detach()
		s.reader, s.next, r.subs = r, r.subs, s
	}
	s.offset = offset
	r.skip()
	if s.hold.on {
		s.hold.lift()
		if renew {
			r.holding--
		}
	}
	q.kick()
	if fresh {
		t.Follow(r)
	}
	old.left(last)
	r.Wake() // for events since the offset
	return Sent
}

// Leave stops following. It sends a message, unless it is nil; no event for this subscription comes after it.
func (s *Subscription) Leave(message []byte) {
	q := s.queue
	q.mu.Lock()
	if q.closed {
		message = nil
	}
	if message != nil {
		q.enqueue(message)
	}
	old, last := s.detach()
	q.kick()
	old.left(last)
}

// detach takes the subscription from its reader. The reader ends with its last subscription. It needs the lock; the caller then
// calls left without it.
func (s *Subscription) detach() (old *reader, last bool) {
	r := s.reader
	if r == nil {
		return nil, false
	}
	s.reader = nil
	if s.hold.on {
		r.holding--
	}
	for at := &r.subs; *at != nil; at = &(*at).next {
		if *at == s {
			*at, s.next = s.next, nil
			break
		}
	}
	if r.subs != nil {
		r.skip()
		return r, false
	}
	q := s.queue
	delete(q.readers, r.topic)
	for i, n := range q.ready {
		if n == r {
			q.ready = append(q.ready[:i], q.ready[i+1:]...)
			break
		}
	}
	r.ready = false
	if r.lost {
		q.lost--
	}
	return r, true
}

// Hold keeps back the events of the topic until Release, and makes Follow send nothing. It reports whether the caller must start
// a check, as Queue.Hold does. It does not block.
func (s *Subscription) Hold() (first bool) {
	q := s.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	if !s.hold.on && s.reader != nil {
		s.reader.holding++
	}
	return s.hold.set()
}

// Check begins a check, which sees the causes of all calls of Hold so far. It returns how many calls of Hold there were since
// neither the subscription nor the queue was on hold.
func (s *Subscription) Check() (holds int) {
	q := s.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	return s.hold.begin()
}

// Release sends the events that were kept back. It does nothing and returns false if Hold was called since the last Check.
func (s *Subscription) Release() bool {
	q := s.queue
	q.mu.Lock()
	on, count := s.hold.on, s.hold.count
	if !s.hold.lift() {
		q.mu.Unlock()
		return false
	}
	if q.hold.on {
		s.hold.count = count // the queue's hold goes on, and so does the count
	}
	r := s.reader
	if on && r != nil {
		r.holding--
	}
	q.mu.Unlock()
	if r != nil {
		r.Wake()
	}
	return true
}

// Held reports whether no events are sent: the subscription or its queue is on hold, or it follows no topic.
func (s *Subscription) Held() bool {
	q := s.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	return s.reader == nil || s.hold.on || q.hold.on
}
