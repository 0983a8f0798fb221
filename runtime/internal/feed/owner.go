package feed

import (
	"sync"

	"github.com/livec-lang/livec/runtime/wire"
)

// Owner publishes entries of its own: those whose key is the owner's. They go when the owner ends or gives them up. Several owners may
// have the same key, as the connections of one user do; then an entry goes with the last of them. The zero value is an owner without a
// key.
type Owner struct {
	mu    sync.Mutex
	key   string             // as JSON
	owned map[*Feed]struct{} // with an entry of the owner
	ended bool               // it can have none any more
}

// As gives an owner its key, and the owner back. A key once given stays.
func (o *Owner) As(key string) *Owner {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.key == "" {
		o.key = string(wire.AppendString(nil, key))
	}
	return o
}

// owns notes that the owner has an entry in a feed. One that has ended gives it up at once.
func (o *Owner) owns(f *Feed) {
	o.mu.Lock()
	ended := o.ended
	if !ended {
		if o.owned == nil {
			o.owned = map[*Feed]struct{}{}
		}
		o.owned[f] = struct{}{}
	}
	o.mu.Unlock()
	if ended {
		f.abandon(o)
	}
}

// Abandon gives up the entry of the owner in a feed.
func (o *Owner) Abandon(f *Feed) {
	o.mu.Lock()
	_, ok := o.owned[f]
	delete(o.owned, f)
	o.mu.Unlock()
	if ok {
		f.abandon(o)
	}
}

// End gives up all entries of the owner, for good.
func (o *Owner) End() {
	o.mu.Lock()
	owned := o.owned
	o.owned, o.ended = nil, true
	o.mu.Unlock()
	for f := range owned {
		f.abandon(o)
	}
}

// own notes that an owner has published an entry under its key. It needs the lock.
func (f *Feed) own(key string, by *Owner) {
	if f.owners == nil {
		f.owners = map[string]map[*Owner]struct{}{}
	}
	if f.owners[key] == nil {
		f.owners[key] = map[*Owner]struct{}{}
	}
	f.owners[key][by] = struct{}{}
}

// abandon takes an owner from those of its entry, which goes with the last one.
func (f *Feed) abandon(by *Owner) {
	f.mu.Lock()
	owners := f.owners[by.key]
	_, ok := owners[by]
	if ok {
		if delete(owners, by); len(owners) == 0 {
			f.takeOut(by.key)
		}
	}
	f.mu.Unlock()
	if ok {
		f.cfg.Changed(f.key.Stream)
	}
}
