package session

import "github.com/livec-lang/livec/runtime/topic"

// Cursor is the place of a session in a topic it follows.
type Cursor struct {
	session *Session
	topic   *topic.Topic
	seq     uint64  // of the last event that was sent
	news    bool    // is in session.news
	away    bool    // has lost its place; waits for Follow
	readers *Reader // that share it, the latest first
	held    int     // of these: those on hold
}

// Wake has the session send what is new. It is part of topic.Follower.
func (c *Cursor) Wake() {
	s := c.session
	s.mu.Lock()
	if s.closed || c.news || !c.runs() || c.topic.Head() <= c.seq {
		s.mu.Unlock()
		return
	}
	c.news = true
	s.news = append(s.news, c)
	s.kick()
}

// runs tells whether events may be sent from where it stands. It needs the lock.
func (c *Cursor) runs() bool { return c.readers != nil && c.held == 0 && !c.away }

// pass goes past the events that are in the data of all readers: nobody needs them. It needs the lock.
func (c *Cursor) pass() {
	least := c.readers.seq
	for r := c.readers.next; r != nil; r = r.next {
		least = min(least, r.seq)
	}
	c.seq = max(c.seq, least)
}

// left is called without the lock once a reader has left the cursor: the topic is not followed any more, or events go on that
// the reader had on hold. nil is no cursor.
func (c *Cursor) left(gone bool) {
	switch {
	case c == nil:
	case gone:
		c.topic.Unfollow(c)
	default:
		c.Wake()
	}
}
