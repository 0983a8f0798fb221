package feed

import (
	"container/list"
	"fmt"
	"sync"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/govern"
	"github.com/livec-lang/livec/runtime/linger"
	"github.com/livec-lang/livec/runtime/merge"
	"github.com/livec-lang/livec/runtime/topic"
)

// Feed is one topic of published events and, if the server keeps it, the value that results from them.
type Feed struct {
	feeds *Feeds
	key   Key
	spec  *Spec
	topic *topic.Topic
	hold  linger.Hold // guarded by Feeds.mu

	frame   *govern.Holding // counts the feed itself, for those who hold it
	entries *govern.Holding // counts what is published, with the log of the topic, for those who have published it

	waiting *list.Element // in Feeds.idle; nil while it has a holder

	joining     sync.Mutex
	unsubscribe func() // nil until the feed is subscribed to its channel; guarded by joining

	mu       sync.Mutex
	state    *merge.State // nil if the server does not keep the value
	cover    cover
	catchUps map[*CatchUp]struct{}
	expiry   expiry
	owners   map[string]map[string]struct{} // by the key of the entry: the ids of the owners that have published it
	caught   int                            // bytes of the events in catchUps
	counted  struct{ frame, entries int }   // bytes that are counted, without those of the topic
	closed   bool
}

// Topic is the topic that subscribers follow.
func (f *Feed) Topic() *topic.Topic { return f.topic }

// Kept reports whether the server keeps the value.
func (f *Feed) Kept() bool { return f.state != nil }

// Len is the number of entries that are kept.
func (f *Feed) Len() int {
	if f.state == nil {
		return 0
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.state.Len()
}

// Value appends the value that is kept, as JSON, and gives the offset of the last event that is in it.
func (f *Feed) Value(dst []byte) ([]byte, uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.state.Append(dst), f.topic.Head()
}

func (f *Feed) close() {
	f.joining.Lock()
	if f.unsubscribe != nil {
		f.unsubscribe()
	}
	f.joining.Unlock()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	f.topic.Close()
	f.expiry.close()
	f.count()
}

// Apply adds an event to this feed, but not to those of other servers.
func (f *Feed) Apply(e Event) error {
	if err := f.apply(e, "", ""); err != nil {
		return err
	}
	f.feeds.cfg.Changed(f.key.Stream)
	return nil
}

// apply is add for an event of a caller; see bus.Message.
func (f *Feed) apply(e Event, owner, caller string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	defer f.count()
	f.publishes(&e, caller)
	return f.add(e, owner)
}

// add adds an event. owner is the id of the owner of the entry, "" for none. The caller holds the lock.
func (f *Feed) add(e Event, owner string) error {
	if f.closed {
		return nil
	}
	rule := &f.spec.Rule
	if f.state == nil {
		if !rule.Kind.Takes(e.Name) {
			return fmt.Errorf("%w: %q with merge %s", merge.ErrEvent, e.Name, rule.Kind)
		}
		f.append("", e)
		return nil
	}
	_, removal := rule.Kind.Puts()
	out := e.Name == removal && removal != ""
	if out && owner != "" && rule.Kind != merge.Crud {
		// The connections of a user share an entry: it stays until the last of those that have published it has removed it.
		key, err := rule.KeyOf(e.Data)
		if err != nil {
			return err
		}
		if owners := f.owners[key]; owners != nil {
			if delete(owners, owner); len(owners) > 0 {
				return nil
			}
		}
	}
	key, changed, err := f.state.Apply(e.Name, e.Data)
	if err == nil && f.spec.Over {
		changed = f.cover.add(key, e.Name == merge.SetAll, out) || changed
	}
	if err != nil || !changed {
		return err // without an error: there is no such entry
	}
	f.append(key, e)
	switch {
	case out:
		f.expiry.forget(key)
		delete(f.owners, key)
	case e.Name == merge.SetAll && rule.Kind.Keyed():
		f.expiry.clear()
		f.owners = nil
		f.state.Each(func(key string, _ []byte) { f.renew(key) })
	case rule.Kind.Keyed():
		f.renew(key)
		if owner != "" {
			f.own(key, owner)
		}
	case rule.Kind == merge.Set && string(e.Data) != "null":
		f.renew("")
	case rule.Kind == merge.Latest && f.spec.Expire > 0:
		added := 1
		if e.Name == merge.SetAll {
			f.expiry.clear()
			added = f.state.Len()
		}
		f.expiry.renewLatest(f, added)
	}
	if rule.Kind.Keyed() {
		f.shrink()
	}
	if len(f.cover.gone) > f.feeds.cfg.Govern.Int(limits.MaxEntries) {
		f.feeds.cfg.Govern.Reached(limits.MaxEntries)
		f.reset()
	}
	return nil
}

// shrink removes the oldest entries beyond the limits, but not the last one. The caller holds the lock.
func (f *Feed) shrink() {
	g := f.feeds.cfg.Govern
	entries, bytes := g.Int(limits.MaxEntries), g.Int(limits.MaxFeed)
	for f.state.Len() > 1 {
		switch {
		case f.state.Len() > entries:
			g.Reached(limits.MaxEntries)
		case f.state.Size() > bytes:
			g.Reached(limits.MaxFeed)
		default:
			return
		}
		oldest, _ := f.state.Oldest()
		f.remove(oldest)
	}
}

// append adds an event to the topic. The caller holds the lock.
func (f *Feed) append(key string, e Event) {
	kind := f.spec.Rule.Kind
	_, removal := kind.Puts()
	switch {
	case !kind.Compacts():
		f.topic.Append(e.Name, e.Data)
	case kind == merge.Set:
		f.topic.Put("", e.Name, e.Data)
	case e.Name == merge.SetAll:
		f.topic.Reset()
	case e.Name == removal:
		f.topic.Remove(key, e.Name, append(append([]byte(`{"key":`), key...), '}'))
	default:
		f.topic.Put(key, e.Name, e.Data)
	}
	for c := range f.catchUps {
		c.events = append(c.events, e)
		c.bytes += eventSize + len(e.Data)
		f.caught += eventSize + len(e.Data)
	}
}

// renew restarts the lifetime of an entry.
func (f *Feed) renew(key string) {
	if f.spec.Expire > 0 {
		f.expiry.renew(f, key)
	}
}

// remove removes an entry. The caller holds the lock.
func (f *Feed) remove(key string) {
	if f.spec.Rule.Kind == merge.Set {
		_ = f.add(Event{Name: merge.SetAll, Data: []byte("null")}, "") // null is valid for every set
		return
	}
	row := f.state.Get(key)
	if row == nil {
		return
	}
	_, removal := f.spec.Rule.Kind.Puts()
	_ = f.add(Event{Name: removal, Data: row}, "") // an existing row has a key
}
