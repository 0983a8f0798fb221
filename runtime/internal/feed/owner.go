package feed

import (
	"strconv"
	"sync"

	"github.com/livec-lang/livec/runtime/bus"
	"github.com/livec-lang/livec/runtime/wire"
)

// Owner publishes entries of its own: those with the owner's key. They are removed when the owner ends or abandons them. Several owners may
// have the same key, as the connections of one user do; then an entry is removed with the last of its owners. The zero value is an owner
// without a key; Feeds.Own sets the key.
type Owner struct {
	mu    sync.Mutex
	feeds *Feeds
	id    string         // names the owner on all servers
	key   string         // as JSON
	owned map[Key]string // the feeds with an entry of the owner, and the caller that has published it
	ended bool           // it can have no entries any more
}

// Own sets the key of an owner, unless it has one, and returns the owner.
func (s *Feeds) Own(o *Owner, key string) *Owner {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.feeds == nil {
		o.feeds, o.key = s, string(wire.AppendString(nil, key))
		o.id = s.node + "." + strconv.FormatUint(s.owners.Add(1), 36)
	}
	return o
}

// owns records that the owner has an entry in a feed. An owner that has ended abandons it at once.
func (o *Owner) owns(key Key, caller string) {
	o.mu.Lock()
	ended := o.ended
	if !ended {
		if o.owned == nil {
			o.owned = map[Key]string{}
		}
		o.owned[key] = caller
	}
	o.mu.Unlock()
	if ended {
		o.feeds.abandon(key, o, caller)
	}
}

// Abandon abandons the owner's entry in a feed.
func (o *Owner) Abandon(key Key) {
	o.mu.Lock()
	caller, ok := o.owned[key]
	delete(o.owned, key)
	o.mu.Unlock()
	if ok {
		o.feeds.abandon(key, o, caller)
	}
}

// End abandons all entries of the owner, for good.
func (o *Owner) End() {
	o.mu.Lock()
	owned := o.owned
	o.owned, o.ended = nil, true
	o.mu.Unlock()
	for key, caller := range owned {
		o.feeds.abandon(key, o, caller)
	}
}

// abandon abandons the entry of an owner on all servers.
func (s *Feeds) abandon(key Key, by *Owner, caller string) {
	m := bus.Message{Event: abandoned, Data: []byte(by.key), Owner: by.id, Caller: caller}
	err := s.cfg.Bus.Publish(s.cfg.Context, key.channel(), m)
	if err != nil {
		s.cfg.Report(key.Stream, err)
		return
	}
	s.cfg.Changed(key.Stream)
}

// own records that an owner has published an entry under its key. The caller holds the lock.
func (f *Feed) own(key, owner string) {
	if f.owners == nil {
		f.owners = map[string]map[string]struct{}{}
	}
	if f.owners[key] == nil {
		f.owners[key] = map[string]struct{}{}
	}
	f.owners[key][owner] = struct{}{}
}

// abandon removes an owner of an entry, and the entry with its last owner.
func (f *Feed) abandon(key, owner, caller string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	owners := f.owners[key]
	if _, ok := owners[owner]; !ok {
		return
	}
	if delete(owners, owner); len(owners) == 0 {
		defer f.count()
		f.entries.By(caller)
		f.remove(key)
	}
}
