package runtime

import (
	"fmt"

	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/wire"
)

// Publish sends an event of a published stream or a channel once the call has committed, in the order of the statements. topic is what Open of the stream names it by. data is JSON: a row or an entry, of which deleted,
// leave and remove need the key only, or the whole value for set. Both are kept.
func (c *Call) Publish(stream string, topic []byte, name string, data []byte, pace Pace) {
	c.AfterCommit(func() {
		s := c.server
		e := s.streams[stream]
		err := fmt.Errorf("there is no published stream or channel %q", stream)
		if e != nil && e.feed != nil {
			p := &feed.Publication{Key: feed.Key{Stream: stream, Topic: topicOf(topic)}, Spec: e.feed, Event: feed.Event{Name: name, Data: data, Commit: c.commit}}
			if c.conn != nil {
				p.By = c.conn.publisher()
			}
			err = s.feeds.Publish(p, pace, stampOf(c.who, c.caller))
		}
		if err != nil {
			_ = s.faults.Report(c.ctx, c.path, fmt.Errorf("publishing %s of %s: %w", name, stream, err)) // told to the error hook
		}
	})
}

// Signal sends a signal to all connections of the user with this key once the call has committed, in the order of the statements. args is a JSON array. It gives how many connections the user has now; the answer to
// the call tells how many were reached.
func (c *Call) Signal(name, to string, args []byte) int {
	c.signals = true
	c.AfterCommit(func() { c.reached += c.server.signal(name, to, args) })
	return c.server.connected(to)
}

// signal sends a signal to all connections of a user and gives their number.
func (s *Server) signal(name, to string, args []byte) int {
	if to == "" {
		return 0 // the key of those who are nobody
	}
	message := wire.AppendSig(nil, name, args)
	s.mu.Lock()
	conns := make([]*conn, 0, len(s.users[to]))
	for c := range s.users[to] {
		conns = append(conns, c)
	}
	s.mu.Unlock()
	n := 0
	for _, c := range conns {
		if !c.outbound.Closed() {
			c.outbound.Offer(message)
			n++
		}
	}
	s.signalled.Add(uint64(n))
	return n
}

func (s *Server) connected(to string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.users[to])
}

// known enters a connection among those of its user.
func (s *Server) known(c *conn, key string) {
	if key == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.users[key] == nil {
		s.users[key] = map[*conn]struct{}{}
	}
	s.users[key][c] = struct{}{}
}

// unknown takes it out again. It needs s.mu.
func (s *Server) unknown(c *conn, key string) {
	delete(s.users[key], c)
	if len(s.users[key]) == 0 {
		delete(s.users, key)
	}
}
