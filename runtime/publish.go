package runtime

import (
	"fmt"

	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/internal/identity"
)

// Publish sends an event of a published stream or a channel once the call has committed, in the order of the statements. topic is the topic
// in the form of the stream's Open. data is JSON: a row or an entry, of which deleted, leave and remove need only the key, or the whole
// value for set. The server keeps topic and data.
// If the memory does not suffice for the event, the call fails before it commits, with the code OVERLOADED.
func (c *Call) Publish(stream string, topic []byte, name string, data []byte, pace Pace) {
	s := c.server
	e := s.catalog.Streams[stream]
	if e == nil || e.Feed == nil {
		err := fmt.Errorf("there is no published stream or channel %q", stream)
		c.AfterCommit(func() { c.reportPublishing(name, stream, err) })
		return
	}
	p := &feed.Publication{
		Key: feed.Key{Stream: stream, Topic: topicOf(topic)}, Spec: e.Feed, Event: feed.Event{Name: name, Data: data}, By: c.in.Owner,
		Caller: identity.TurnOf(c.in.Caller, c.in.Who),
	}
	caller := identity.Stamp(c.in.Who, c.in.Caller)
	bytes, err := s.feeds.Admit(p, pace, caller, c.in.Publishes)
	if c.in.Publishes += bytes; err != nil {
		c.in.Refuse(err)
	}
	if c.in.Refused() {
		return // the call fails
	}
	c.AfterCommit(func() {
		p.Commit = c.in.Commit
		if err := s.feeds.Publish(p, pace, caller); err != nil {
			c.reportPublishing(name, stream, err)
		}
	})
}

// reportPublishing reports why an event could not be published. The call itself has succeeded.
func (c *Call) reportPublishing(name, stream string, err error) {
	err = fmt.Errorf("publishing %s of %s: %w", name, stream, err)
	c.server.faults.Unseen(c.in.ReportContext(), c.in.Path, err)
}

// Signal sends a signal to all connections of the user with this key once the call has committed, in the order of the statements. args is a
// JSON array. It returns the number of connections to this server that the user has now; the answer of the call has the number that were
// reached.
func (c *Call) Signal(name, to string, args []byte) int {
	c.in.Signals = true
	s := c.server
	c.AfterCommit(func() {
		n, err := s.users.Send(s.ctx, name, to, args)
		if err != nil {
			s.faults.Unseen(c.in.ReportContext(), c.in.Path, fmt.Errorf("sending the signal %s: %w", name, err))
		}
		c.in.Reached += n
	})
	return s.users.Connections(to)
}
