package livequery

import (
	"context"
	"sync"
	"sync/atomic"
)

// watermark is a sequence that only grows, and that can be waited for.
type watermark struct {
	seq  atomic.Uint64
	mu   sync.Mutex // orders a waiter's look and its wait with advance
	grew sync.Cond
}

func (m *watermark) init(seq uint64) {
	m.grew.L = &m.mu
	m.seq.Store(seq)
}

func (m *watermark) advance(seq uint64) {
	m.mu.Lock()
	m.seq.Store(seq)
	m.mu.Unlock()
	m.grew.Broadcast()
}

// wait returns once the sequence has been reached, or with the error of ctx.
func (m *watermark) wait(ctx context.Context, seq uint64) error {
	if m.seq.Load() >= seq {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return await(ctx, &m.grew, func() bool { return m.seq.Load() >= seq })
}

// Notified is the last commit of which all watchers that it concerns have been notified.
func (e *Engine) Notified() uint64 { return e.watches.notified.seq.Load() }

// AwaitNotified returns once all watchers have been notified of the commits up to seq, or with the error of ctx. A reader may see a
// commit a moment earlier; what it has read must not be sent before.
func (e *Engine) AwaitNotified(ctx context.Context, seq uint64) error {
	return e.watches.notified.wait(ctx, seq)
}
