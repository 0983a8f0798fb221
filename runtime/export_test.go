package runtime

import (
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/store"
)

// Held is the number of topics of published and derived streams, channels and rooms in memory.
func (s *Server) Held() int {
	n := 0
	n += s.feeds.Len()
	n += s.derived.Len()
	n += s.rooms.Len()
	return n
}

// Deliver publishes an event of a channel, as a call does after its commit.
func (s *Server) Deliver(channel, topic, name, data string) error {
	return s.feeds.Publish(&feed.Publication{
		Key: feed.Key{Stream: channel, Topic: topic}, Spec: s.catalog.Streams[channel].Feed, Event: feed.Event{Name: name, Data: []byte(data)},
	}, Pace{}, "")
}

// NewLate is New with an engine that notifies watchers of a commit late, so that nothing is put on hold in time.
func NewLate(reg *Registry, opt Options) (*Server, error) {
	return newServer(reg, opt, func(s *Server) (engine, error) {
		e, err := newEngine(s)
		return lateEngine{e, s}, err
	})
}

type lateEngine struct {
	engine
	server *Server
}

func (e lateEngine) Watch(deps []store.Dependency, fn func()) func() {
	return e.engine.Watch(deps, func() { e.server.tasks.Go(fn) })
}
