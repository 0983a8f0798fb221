package runtime

import (
	"fmt"
	"sync"
	"time"

	"github.com/livec-lang/livec/runtime/merge"
	"github.com/livec-lang/livec/runtime/topic"
	"github.com/livec-lang/livec/runtime/wire"
)

// Bounds of what is kept in memory.
const (
	maxEntries   = 1 << 16  // of a feed; the oldest go
	maxFeedBytes = 16 << 20 // of the entries of a feed; the oldest go, but not the last
	maxIdle      = 4096     // feeds that nobody holds, and values of derived streams; those that come to it end at once
)

// feeding says how the feeds of an entry point behave.
type feeding struct {
	rule     merge.Rule
	keeps    bool          // the state is kept here: it is what was published
	lasting  bool          // an event makes the feed if there is none
	expire   time.Duration // of an entry
	replay   Replay
	throttle time.Duration // between events that followers are told of
}

// feedKey names a feed: the entry point and its topic. Topics are JSON arrays, so no two can be confused, however their arguments look.
type feedKey struct{ stream, topic string }

// feed is one topic of published events, with the value they have made where it is kept.
type feed struct {
	server *Server
	key    feedKey
	how    *feeding
	topic  *topic.Topic

	holds int         // guarded by feeds.mu, as what follows
	stop  func() bool // of the timer that ends a feed nobody holds
	left  int         // times it was let go

	mu     sync.Mutex
	state  *merge.State // nil where it is not kept
	takers map[*taker]struct{}
	expiry expiry
	owners map[string]map[*conn]struct{} // by key: who has published it
	closed bool
}

// feeds are the feeds of a server that somebody holds, and those that nobody holds for a while.
type feeds struct {
	server *Server
	mu     sync.Mutex
	open   map[feedKey]*feed
	idle   int // of open: those that nobody holds
	closed bool
}

// hold gives the feed of an entry point and a topic, which release gives back. Without make it is nil where there is none.
func (s *feeds) hold(stream, topicName string, how *feeding, make bool) *feed {
	key := feedKey{stream, topicName}
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.open[key]
	if f == nil {
		if !make || s.closed {
			return nil
		}
		f = s.server.newFeed(key, how)
		s.open[key] = f
		s.idle++
	}
	if f.stop != nil {
		f.stop()
		f.stop = nil
	}
	if f.holds++; f.holds == 1 {
		s.idle--
	}
	return f
}

func (s *feeds) release(f *feed) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.holds--; f.holds > 0 || s.closed {
		return
	}
	if s.idle++; s.idle > maxIdle {
		s.end(f)
		return
	}
	s.linger(f)
}

func (s *feeds) end(f *feed) {
	f.close()
	delete(s.open, f.key)
	s.idle--
}

// linger ends a feed that nobody holds, after a while. It needs the lock.
func (s *feeds) linger(f *feed) {
	f.left++
	left := f.left
	f.stop = s.server.opt.Clock.AfterFunc(max(s.server.opt.WindowLinger, f.how.replay.Age), func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if f.holds > 0 || f.left != left || s.closed {
			return
		}
		if f.how.expire > 0 && f.len() > 0 {
			s.linger(f) // what expires ends by itself
			return
		}
		s.end(f)
	})
}

// len is how many feeds there are.
func (s *feeds) len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

// close ends all feeds and their timers.
func (s *feeds) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for _, f := range s.open {
		if f.stop != nil {
			f.stop()
		}
		f.close()
	}
	clear(s.open)
}

func (s *Server) newFeed(key feedKey, how *feeding) *feed {
	f := &feed{server: s, key: key, how: how}
	switch kind := how.rule.Kind; {
	case kind.Compacts():
		f.topic = s.hub.NewLatest(kind != merge.Set, how.throttle, s.opt.Clock)
	default:
		f.topic = s.hub.NewLog(how.replay.Count)
	}
	if how.keeps || how.rule.Kind == merge.Presence || how.rule.Kind == merge.Cursor {
		f.state = merge.New(how.rule)
	}
	return f
}

func (f *feed) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	f.topic.Close()
	f.expiry.close()
}

func (f *feed) len() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.state == nil {
		return 0
	}
	return f.state.Len()
}

// publish adds an event, and keeps its data. What by, unless it is nil, publishes under its own key goes with it.
func (f *feed) publish(name string, data []byte, commit uint64, by *conn) error {
	f.mu.Lock()
	owned, err := f.add(name, data, commit, by)
	f.mu.Unlock()
	if err != nil {
		return err
	}
	if owned {
		by.owns(f)
	}
	f.server.derivations.changed(f.key.stream)
	return nil
}

// add needs the lock. owned tells that by has an entry here now.
func (f *feed) add(name string, data []byte, commit uint64, by *conn) (owned bool, err error) {
	if f.closed {
		return false, nil
	}
	rule := &f.how.rule
	if f.state == nil {
		if !rule.Kind.Takes(name) {
			return false, fmt.Errorf("%w: %q with merge %s", merge.ErrEvent, name, rule.Kind)
		}
		f.tell(name, "", data, commit)
		return false, nil
	}
	_, takesOut := rule.Kind.Puts()
	out := name == takesOut && takesOut != ""
	if out && by != nil && rule.Kind != merge.Crud {
		// Each connection of a user speaks for itself: the entry stays until the last of those that have put it there has taken it back.
		key, err := rule.KeyOf(data)
		if err != nil {
			return false, err
		}
		if owners := f.owners[key]; key == jsonKey(by.stamp()) {
			if delete(owners, by); len(owners) > 0 {
				return false, nil
			}
		}
	}
	key, changed, err := f.state.Apply(name, data)
	if err != nil || !changed {
		return false, err // or nobody has what it is about
	}
	f.tell(name, key, data, commit)
	switch {
	case out:
		f.expiry.forget(key)
		delete(f.owners, key)
	case name == merge.SetAll && rule.Kind.Keyed():
		f.expiry.clear()
		f.owners = nil
		f.state.Each(func(key string, _ []byte) { f.renew(key) })
	case rule.Kind.Keyed():
		f.renew(key)
		if by != nil && key == jsonKey(by.stamp()) {
			owned = true
			f.own(key, by)
		}
	case rule.Kind == merge.Set && string(data) != "null":
		f.renew("")
	case rule.Kind == merge.Latest && f.how.expire > 0:
		came := 1
		if name == merge.SetAll {
			f.expiry.clear()
			came = f.state.Len()
		}
		f.expiry.renewLatest(f, came)
	}
	for rule.Kind.Keyed() && (f.state.Len() > maxEntries || f.state.Size() > maxFeedBytes && f.state.Len() > 1) {
		oldest, _ := f.state.Oldest()
		f.takeOut(oldest)
	}
	return owned, nil
}

// tell adds an event to the topic. It needs the lock.
func (f *feed) tell(name, key string, data []byte, commit uint64) {
	kind := f.how.rule.Kind
	_, takesOut := kind.Puts()
	switch {
	case !kind.Compacts():
		f.topic.Append(name, data)
	case kind == merge.Set:
		f.topic.Put("", name, data)
	case name == merge.SetAll:
		f.topic.Reset()
	case name == takesOut:
		f.topic.Take(key, name, append(append([]byte(`{"key":`), key...), '}'))
	default:
		f.topic.Put(key, name, data)
	}
	for t := range f.takers {
		t.events = append(t.events, happened{name, data, commit})
	}
}

// renew starts the life of an entry anew.
func (f *feed) renew(key string) {
	if f.how.expire > 0 {
		f.expiry.renew(f, key)
	}
}

// takeOut ends an entry. It needs the lock.
func (f *feed) takeOut(key string) {
	if f.how.rule.Kind == merge.Set {
		_, _ = f.add(merge.SetAll, []byte("null"), 0, nil) // null fits every set
		return
	}
	row := f.state.Get(key)
	if row == nil {
		return
	}
	_, takesOut := f.how.rule.Kind.Puts()
	_, _ = f.add(takesOut, row, 0, nil) // a row that is there has a key
}

// own notes that a connection has published an entry under its key. It needs the lock.
func (f *feed) own(key string, c *conn) {
	if f.owners == nil {
		f.owners = map[string]map[*conn]struct{}{}
	}
	if f.owners[key] == nil {
		f.owners[key] = map[*conn]struct{}{}
	}
	f.owners[key][c] = struct{}{}
}

// abandon says that a connection speaks no longer for its entry. It goes with the last one that does.
func (f *feed) abandon(c *conn) {
	key := jsonKey(c.stamp())
	f.mu.Lock()
	owners := f.owners[key]
	_, ok := owners[c]
	if ok {
		if delete(owners, c); len(owners) == 0 {
			f.takeOut(key)
		}
	}
	f.mu.Unlock()
	if ok {
		f.server.derivations.changed(f.key.stream)
	}
}

// value appends what is kept and tells the last event that is in it.
func (f *feed) value(dst []byte) ([]byte, uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.state.Append(dst), f.topic.Head()
}

// jsonKey is a key as feeds know it.
func jsonKey(key string) string { return string(wire.AppendString(nil, key)) }
