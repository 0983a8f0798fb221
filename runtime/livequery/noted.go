package livequery

import (
	"context"
	"sync"
	"sync/atomic"
)

// mark is a sequence that only grows, and that can be waited for.
type mark struct {
	seq   atomic.Uint64
	mu    sync.Mutex // orders those who wait behind those who look
	moved sync.Cond
}

func (m *mark) init(seq uint64) {
	m.moved.L = &m.mu
	m.seq.Store(seq)
}

func (m *mark) reach(seq uint64) {
	m.mu.Lock()
	m.seq.Store(seq)
	m.mu.Unlock()
	m.moved.Broadcast()
}

// wait returns once the sequence has been reached, or with the error of ctx.
func (m *mark) wait(ctx context.Context, seq uint64) error {
	if m.seq.Load() >= seq {
		return nil
	}
	stop := context.AfterFunc(ctx, func() {
		m.mu.Lock() // or a waiter between its look and its wait would miss it
		defer m.mu.Unlock()
		m.moved.Broadcast()
	})
	defer stop()
	m.mu.Lock()
	defer m.mu.Unlock()
	for m.seq.Load() < seq {
		if err := ctx.Err(); err != nil {
			return err
		}
		m.moved.Wait()
	}
	return nil
}

// Noted is the last commit of which all watchers that it concerns have been told.
func (e *Engine) Noted() uint64 { return e.watches.noted.seq.Load() }

// AwaitNoted returns once all watchers have been told of the commits up to seq. A reader may see a commit a moment before
// that: what it has read leaves only then. It gives the error of ctx if that ends first.
func (e *Engine) AwaitNoted(ctx context.Context, seq uint64) error {
	return e.watches.noted.wait(ctx, seq)
}
