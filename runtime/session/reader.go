package session

import "github.com/livec-lang/livec/runtime/topic"

// Reader is one subscription of a session: the topic that it follows, and whether its events are on hold. Readers of a session
// that follow the same topic share its events, which come once; they are on hold while any of these readers is. The zero value
// with Init is ready to use.
type Reader struct {
	session *Session
	cursor  *Cursor // nil while it follows nothing
	next    *Reader // of the same cursor
	seq     uint64  // that its last data stands at
	hold    hold
}

// Init makes a reader of a session.
func (r *Reader) Init(s *Session) { r.session = s }

// Outcome is what came of Follow.
type Outcome uint8

// The outcomes of Follow.
const (
	Sent   Outcome = iota // the message is sent, and events will be
	Behind                // nothing is sent: the client has been sent events that are not in the data
	Held                  // nothing is sent: the reader or the session is on hold, and a check is due
)

// Follow sends a message, the data of the subscription as of sequence seq of t, and from then on the events of t; what the
// reader followed before it follows no longer. It ends a hold of the reader, of which a check has found that it may go on.
// Calls for one session must not overlap.
func (r *Reader) Follow(t *topic.Topic, seq uint64, message []byte) Outcome {
	s := r.session
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return Sent
	}
	if s.hold.on || r.hold.marked {
		s.mu.Unlock()
		return Held
	}
	c := s.cursors[t]
	fresh, renew := c == nil, c != nil && c == r.cursor
	switch {
	case fresh:
		c = &Cursor{session: s, topic: t, seq: seq}
		if s.cursors == nil {
			s.cursors = map[*topic.Topic]*Cursor{}
		}
		s.cursors[t] = c
	case c.away:
		c.away, c.seq = false, seq
		s.away--
	case c.seq > seq:
		s.mu.Unlock()
		return Behind
	}
	s.enqueue(message)
	var old *Cursor
	gone := false
	if !renew {
		old, gone = r.leave()
		r.cursor, r.next, c.readers = c, c.readers, r
	}
	r.seq = seq
	c.pass()
	if r.hold.on {
		r.hold.lift()
		if renew {
			c.held--
		}
	}
	s.kick()
	if fresh {
		t.Follow(c)
	}
	old.left(gone)
	c.Wake() // for what came since seq
	return Sent
}

// Leave sends a message, unless it is nil, behind which no events come that are for this reader: it follows nothing any more.
func (r *Reader) Leave(message []byte) {
	s := r.session
	s.mu.Lock()
	if s.closed {
		message = nil
	}
	if message != nil {
		s.enqueue(message)
	}
	old, gone := r.leave()
	s.kick()
	old.left(gone)
}

// leave takes the reader from its cursor, which is gone with the last one. It needs the lock; left follows without it.
func (r *Reader) leave() (old *Cursor, gone bool) {
	c := r.cursor
	if c == nil {
		return nil, false
	}
	r.cursor = nil
	if r.hold.on {
		c.held--
	}
	for at := &c.readers; *at != nil; at = &(*at).next {
		if *at == r {
			*at, r.next = r.next, nil
			break
		}
	}
	if c.readers != nil {
		c.pass()
		return c, false
	}
	s := r.session
	delete(s.cursors, c.topic)
	for i, n := range s.news {
		if n == c {
			s.news = append(s.news[:i], s.news[i+1:]...)
			break
		}
	}
	c.news = false
	if c.away {
		s.away--
	}
	return c, true
}

// Hold keeps back the events of the topic that the reader follows, and has Follow send nothing, until Release. It tells
// whether a check is due for it, as Session.Hold does. It does not block.
func (r *Reader) Hold() (first bool) {
	s := r.session
	s.mu.Lock()
	defer s.mu.Unlock()
	if !r.hold.on && r.cursor != nil {
		r.cursor.held++
	}
	return r.hold.mark()
}

// Check says that a check begins which sees the reasons of all calls of Hold up to now. It gives how many these were since
// nothing was on hold, neither the reader nor the session.
func (r *Reader) Check() (holds int) {
	s := r.session
	s.mu.Lock()
	defer s.mu.Unlock()
	r.hold.marked = false
	return r.hold.marks
}

// Release sends the events that have come meanwhile. It does nothing and gives false if Hold was called since the last Check.
func (r *Reader) Release() bool {
	s := r.session
	s.mu.Lock()
	on, marks := r.hold.on, r.hold.marks
	if !r.hold.lift() {
		s.mu.Unlock()
		return false
	}
	if s.hold.on {
		r.hold.marks = marks // the session's check counts on
	}
	c := r.cursor
	if on && c != nil {
		c.held--
	}
	s.mu.Unlock()
	if c != nil {
		c.Wake()
	}
	return true
}

// Held tells whether the reader or its session is on hold, or follows nothing.
func (r *Reader) Held() bool {
	s := r.session
	s.mu.Lock()
	defer s.mu.Unlock()
	return r.cursor == nil || r.hold.on || s.hold.on
}
