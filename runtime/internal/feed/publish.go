package feed

import (
	"context"
	"fmt"
	"time"

	"github.com/livec-lang/livec/runtime/bus"
	"github.com/livec-lang/livec/runtime/merge"
	"github.com/livec-lang/livec/runtime/wire"
)

// Event is an event of a feed.
type Event struct {
	Name   string
	Data   []byte // as JSON; it must not be changed any more
	Commit uint64 // of the call that has published it; 0 for none
}

// Publication is an event to be published to the feeds with a key, on all servers.
type Publication struct {
	Key  Key
	Spec *Spec
	Event
	By     *Owner // nil for a publisher without entries of its own
	Caller string // who publishes, named as in store.Turn: its memory counts for it; "" for the server
}

// subscribeWait bounds how long a feed waits for the bus.
const subscribeWait = 10 * time.Second

// abandoned is the event with which an owner abandons its entry; its data is the key. No merge has an event of this name.
const abandoned = "abandoned"

func (k Key) channel() bus.Channel { return bus.Channel{Kind: k.Stream, Key: k.Topic} }

// Publish publishes an event, now or later. caller separates the lanes of events without a key.
func (s *Feeds) Publish(p *Publication, pace Pace, caller string) error {
	return s.pacer.publish(p, pace, caller)
}

// deliver publishes an event that is not held back. If its state is lasting, it makes a feed for it.
func (s *Feeds) deliver(p *Publication) error {
	if p.Spec.Lasting {
		f, err := s.hold(s.cfg.Context, p.Key, p.Spec, p.Caller)
		if err != nil {
			return err
		}
		defer s.Release(f, p.Caller)
	}
	return s.PublishNow(p)
}

// PublishNow publishes an event on the bus, ahead of those that are held back. An entry with the key of By is owned by it, and removed with
// it.
func (s *Feeds) PublishNow(p *Publication) error {
	if !p.Spec.Rule.Kind.Takes(p.Name) {
		return fmt.Errorf("%w: %q with merge %s", merge.ErrEvent, p.Name, p.Spec.Rule.Kind)
	}
	m := bus.Message{Event: p.Name, Data: p.Data, Commit: p.Commit, Caller: p.Caller}
	own, err := p.isOwn()
	if err != nil {
		return err
	}
	if own {
		m.Owner = p.By.id
	}
	if err := s.cfg.Bus.Publish(s.cfg.Context, p.Key.channel(), m); err != nil {
		return err
	}
	if _, removal := p.Spec.Rule.Kind.Puts(); own && p.Name != removal {
		p.By.owns(p.Key, p.Caller)
	}
	s.cfg.Changed(p.Key.Stream)
	return nil
}

// isOwn reports whether an event concerns an entry with the key of its publisher.
func (p *Publication) isOwn() (bool, error) {
	rule := &p.Spec.Rule
	if p.By == nil || !p.Spec.kept() || !rule.Kind.Keyed() || p.Name == merge.SetAll {
		return false, nil
	}
	if rule.Kind != merge.Crud {
		if v, ok := wire.Leading(p.Data, keyMember); ok && string(v) == p.By.key { // in the form in which connections add the key
			return true, nil
		}
	}
	key, err := rule.KeyOf(p.Data)
	return key == p.By.key, err
}

// subscribe subscribes the feed to its channel, unless it is subscribed. The caller holds the feed.
func (f *Feed) subscribe(ctx context.Context) error {
	f.joining.Lock()
	defer f.joining.Unlock()
	if f.unsubscribe != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, subscribeWait)
	defer cancel()
	var err error
	f.unsubscribe, err = f.feeds.cfg.Bus.Subscribe(ctx, f.key.channel(), f.receive)
	return err
}

// receive handles a message of the channel.
func (f *Feed) receive(m bus.Message) {
	if m.Event == abandoned {
		f.abandon(string(m.Data), m.Owner, m.Caller)
		return
	}
	if err := f.apply(Event{Name: m.Event, Data: m.Data, Commit: m.Commit}, m.Owner, m.Caller); err != nil {
		f.feeds.cfg.Report(f.key.Stream, err)
	}
}
