package bus

import (
	"context"
	"hash/maphash"
	"slices"
	"sync"
	"sync/atomic"
)

// Memory is the bus of one process. Publish calls the handlers itself, and returns when they have returned.
type Memory struct {
	seed   maphash.Seed
	shards [16]shard // so that publishers to different channels seldom wait for each other
}

type shard struct {
	mu       sync.RWMutex
	channels map[Channel]*channel // channels that have subscribers
}

type channel struct {
	delivery sync.Mutex                      // held for one message at a time, which makes the order
	handlers atomic.Pointer[[]*registration] // replaced under shard.mu
}

// registration makes a handler comparable, by its address.
type registration struct{ handle Handler }

var _ Bus = (*Memory)(nil)

// NewMemory makes a bus of one process. It need not be closed.
func NewMemory() *Memory { return &Memory{seed: maphash.MakeSeed()} }

func (b *Memory) shard(c Channel) *shard {
	h := maphash.String(b.seed, c.Kind)*31 + maphash.String(b.seed, c.Key)
	return &b.shards[h%uint64(len(b.shards))]
}

// Publish is part of Bus.
func (b *Memory) Publish(ctx context.Context, to Channel, m Message) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s := b.shard(to)
	s.mu.RLock()
	c := s.channels[to]
	s.mu.RUnlock()
	if c != nil {
		c.deliver(m)
	}
	return nil
}

func (c *channel) deliver(m Message) {
	c.delivery.Lock()
	defer c.delivery.Unlock()
	for _, h := range *c.handlers.Load() {
		h.handle(m)
	}
}

// Subscribe is part of Bus.
func (b *Memory) Subscribe(ctx context.Context, to Channel, h Handler) (func(), error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	own := &registration{h}
	s := b.shard(to)
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[to]
	if c == nil {
		c = &channel{}
		c.handlers.Store(new([]*registration))
		if s.channels == nil {
			s.channels = map[Channel]*channel{}
		}
		s.channels[to] = c
	}
	handlers := append(slices.Clip(*c.handlers.Load()), own)
	c.handlers.Store(&handlers)
	return func() { s.unsubscribe(to, own) }, nil
}

func (s *shard) unsubscribe(from Channel, own *registration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[from]
	if c == nil {
		return
	}
	old := *c.handlers.Load()
	handlers := make([]*registration, 0, len(old))
	for _, h := range old {
		if h != own {
			handlers = append(handlers, h)
		}
	}
	c.handlers.Store(&handlers)
	if len(handlers) == 0 {
		delete(s.channels, from)
	}
}
