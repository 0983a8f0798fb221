package runtime

import (
	"bytes"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/topic"
)

// deriving says how the values of a derived stream are made.
type deriving struct {
	debounce time.Duration
	tables   []*relation.Table
	streams  []string
}

// maxIdle bounds the values of derived streams that nobody holds; one that comes on top ends at once.
const maxIdle = 4096

// derivations are the values of derived streams that somebody holds, and those that nobody holds for a while.
type derivations struct {
	server *Server
	mu     sync.Mutex
	open   map[feed.Key]*derivation
	idle   int                                 // of open: those that nobody holds
	on     map[string]map[*derivation]struct{} // by the streams they follow
	closed bool
}

// derivation is one value of a derived stream, with its topic. Of its caller it knows the hidden parameters alone, which all who share the
// topic have in common: it keeps no connection, request or identity, and runs no guard.
type derivation struct {
	server *Server
	entry  *streamEntry
	args   any
	hidden Hidden
	key    feed.Key
	topic  *topic.Topic

	holds int // guarded by derivations.mu, as what follows
	stop  func() bool
	left  int

	computing sync.Mutex // one computation at a time

	mu      sync.Mutex
	value   []byte // nil before the first one
	cancel  func() // ends the watch of what the value was computed from
	dirty   bool   // a computation is on its way
	delay   func() bool
	delayed int
	closed  bool
}

func openDerived(s *Server, o *opening) (source, error) {
	d, err := s.derivations.hold(o)
	if err != nil {
		return nil, err
	}
	if err := d.ready(o.ctx); err != nil {
		d.Release()
		return nil, err
	}
	return d, nil
}

func (s *derivations) hold(o *opening) (*derivation, error) {
	key := o.feedKey()
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.open[key]
	if d == nil {
		if s.closed {
			return nil, fault.Unavailable
		}
		events := s.server.hub.NewLatest(false, 0, s.server.opt.Clock)
		d = &derivation{server: s.server, entry: o.entry, args: o.args, hidden: o.place.hidden, key: key, topic: events}
		s.open[key] = d
		s.idle++
		for _, name := range o.entry.deriving.streams {
			if s.on[name] == nil {
				s.on[name] = map[*derivation]struct{}{}
			}
			s.on[name][d] = struct{}{}
		}
	}
	if d.stop != nil {
		d.stop()
		d.stop = nil
	}
	if d.holds++; d.holds == 1 {
		s.idle--
	}
	return d, nil
}

// Release is part of source.
func (d *derivation) Release() {
	s := &d.server.derivations
	s.mu.Lock()
	defer s.mu.Unlock()
	if d.holds--; d.holds > 0 || s.closed {
		return
	}
	if s.idle++; s.idle > maxIdle {
		s.end(d)
		return
	}
	d.left++
	left := d.left
	d.stop = d.server.opt.Clock.AfterFunc(d.server.opt.WindowLinger, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if d.holds > 0 || d.left != left || s.closed {
			return
		}
		s.end(d)
	})
}

// end needs the lock.
func (s *derivations) end(d *derivation) {
	d.close()
	delete(s.open, d.key)
	s.idle--
	for _, name := range d.entry.deriving.streams {
		if delete(s.on[name], d); len(s.on[name]) == 0 {
			delete(s.on, name)
		}
	}
}

// changed tells the values that follow a stream that it has had an event.
func (s *derivations) changed(stream string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for d := range s.on[stream] {
		d.touch()
	}
}

func (s *derivations) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for _, d := range s.open {
		if d.stop != nil {
			d.stop()
		}
		d.close()
	}
	clear(s.open)
	clear(s.on)
}

func (d *derivation) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
	if d.cancel != nil {
		d.cancel()
	}
	if d.delay != nil {
		d.delay()
	}
}

// ready computes the first value.
func (d *derivation) ready(ctx context.Context) error {
	d.computing.Lock()
	defer d.computing.Unlock()
	d.mu.Lock()
	known := d.value != nil
	d.mu.Unlock()
	if known {
		return nil
	}
	return d.compute(ctx)
}

// touch has the value computed again, after a while without another change where the stream says so. It does not block.
func (d *derivation) touch() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return
	}
	wait := d.entry.deriving.debounce
	if wait <= 0 {
		d.start()
		return
	}
	if d.delay != nil {
		d.delay()
	}
	d.delayed++
	delayed := d.delayed
	d.delay = d.server.opt.Clock.AfterFunc(wait, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		if !d.closed && d.delayed == delayed {
			d.start()
		}
	})
}

// start needs the lock.
func (d *derivation) start() {
	if d.dirty {
		return // the computation that is on its way has not begun to read
	}
	d.dirty = true
	d.server.spawn(func() {
		d.computing.Lock()
		defer d.computing.Unlock()
		d.computeDue(d.server.ctx)
	})
}

// computeDue makes the value if it is to be made. It needs the lock of computing.
func (d *derivation) computeDue(ctx context.Context) {
	d.mu.Lock()
	due := d.dirty && !d.closed
	d.dirty = false
	d.mu.Unlock()
	if !due {
		return
	}
	if err := d.compute(ctx); err != nil {
		_ = d.server.faults.Report(ctx, d.entry.name, err) // told to the error hook; the last value stays
	}
}

// compute makes the value and watches what it is made from. It needs the lock of computing.
func (d *derivation) compute(ctx context.Context) error {
	s, how := d.server, d.entry.deriving
	var value []byte
	run := func(ctx context.Context, tx store.Tx) (err error) {
		call := s.newCall(ctx, d.entry.name, &caller{ip: d.hidden.IP}, &identity{user: d.hidden.User}, tx)
		call.added = d.hidden.Added
		value, err = d.entry.first(call, d.args, nil)
		return err
	}
	var cancel func()
	var err error
	switch {
	case d.entry.pure:
		err = fault.Protect(func() error { return run(ctx, nil) })
	case len(how.tables)+len(how.streams) == 0:
		cancel, err = s.watch(ctx, run, d.touch)
	default:
		// The sources are named: watched first, so that no change is missed.
		var deps []dependency
		for _, t := range how.tables {
			deps = append(deps, dependency{Table: t})
		}
		if len(deps) > 0 {
			cancel = s.engine.Watch(deps, d.touch)
		}
		limited, done := context.WithTimeout(ctx, defaultTimeout)
		_, err = s.readNoted(limited, func(tx store.Tx) error { return fault.Protect(func() error { return run(limited, tx) }) })
		done()
	}
	if err != nil {
		if cancel != nil {
			cancel()
		}
		return err // what was watched before still is
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.cancel != nil {
		d.cancel()
	}
	d.cancel = cancel
	if d.closed {
		if cancel != nil {
			cancel()
		}
		return nil
	}
	first := d.value == nil
	if bytes.Equal(d.value, value) {
		return nil
	}
	d.value = slices.Clone(value)
	if !first {
		d.topic.Put("", "set", d.value)
	}
	return nil
}

// Attach is part of source.
func (d *derivation) Attach(dst []byte, since uint64) ([]byte, *topic.Topic, uint64, bool, error) {
	if since > 0 {
		d.computing.Lock() // a computation that is under way may have read before
		d.computeDue(d.server.ctx)
		d.computing.Unlock()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return append(dst, d.value...), d.topic, d.topic.Head(), false, nil
}

// Topic is part of source.
func (d *derivation) Topic() *topic.Topic { return d.topic }

// More is part of source.
func (d *derivation) More(context.Context) error { return nil }
