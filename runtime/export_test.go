package runtime

import (
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/store"
)

// Held is how many topics of published and derived streams, channels and rooms the server holds.
func (s *Server) Held() int {
	n := 0
	n += s.feeds.Len()
	n += s.derived.Len()
	n += s.rooms.Len()
	return n
}

// Deliver publishes an event of a channel, as a call does once it has committed.
func (s *Server) Deliver(channel, topic, name, data string) error {
	return s.feeds.Publish(&feed.Publication{
		Key: feed.Key{Stream: channel, Topic: topic}, Spec: s.catalog.Streams[channel].Feed, Event: feed.Event{Name: name, Data: []byte(data)},
	}, Pace{}, "")
}

// NewLate is New with an engine that tells watchers of commits some time later, as if nothing was to be held back.
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
