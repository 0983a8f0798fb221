package session

import "github.com/livec-lang/livec/runtime/topic"

// Cursor is the place of a session in a topic it follows.
type Cursor struct {
	session *Session
	topic   *topic.Topic
	seq     uint64 // of the last event that was sent
	news    bool   // is in session.news
	away    bool   // has lost its place; waits for Follow
	holds   int    // subscriptions of the session that share the topic
}

// Wake has the session send what is new. It is part of topic.Follower.
func (c *Cursor) Wake() {
	s := c.session
	s.mu.Lock()
	if s.closed || c.news || c.away || c.holds == 0 || c.topic.Head() <= c.seq {
		s.mu.Unlock()
		return
	}
	c.news = true
	s.news = append(s.news, c)
	s.kick()
}

// Follow sends a message, the data of a subscription as of sequence seq of t, and from then on the events of t. Subscriptions of the session that share a topic share its events. renew tells
// that the message stands for a subscription that follows t already. Follow does nothing and gives false if the client was sent events after seq: the data is too old. Calls for one session must not
// overlap.
func (s *Session) Follow(t *topic.Topic, seq uint64, message []byte, renew bool) bool {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return true
	}
	c := s.cursors[t]
	fresh := c == nil
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
		return false
	case renew && c.holds == 1:
		c.seq = seq // nobody needs the events that are in the data
	}
	if fresh || !renew {
		c.holds++
	}
	s.enqueue(message)
	s.kick()
	if fresh {
		t.Follow(c)
	}
	c.Wake() // for what came since seq
	return true
}

// Unfollow ends one Follow of t.
func (s *Session) Unfollow(t *topic.Topic) {
	s.mu.Lock()
	c := s.cursors[t]
	if c == nil {
		s.mu.Unlock()
		return
	}
	c.holds--
	gone := c.holds == 0
	if gone {
		delete(s.cursors, t)
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
	}
	s.mu.Unlock()
	if gone {
		t.Unfollow(c)
	}
}
