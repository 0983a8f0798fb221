package fair

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Why a caller has no place in the queue of a Gate.
var (
	ErrFull  = errors.New("too many wait")
	ErrShare = errors.New("too many of one caller wait")
)

// Gate lets a number of callers in at once; the others wait for their turn. It is safe for concurrent use.
type Gate struct {
	mu    sync.Mutex
	free  int
	queue *Queue[*pass]
}

// pass is one that waits or is in.
type pass struct {
	line *Line[*pass]
	in   chan struct{} // closed when its turn has come
}

// NewGate makes a gate for n at once, with a queue for total, of which one caller may have each.
func NewGate(n, total, each int) *Gate { return &Gate{free: n, queue: New[*pass](total, each)} }

// Enter waits for the turn of a caller. leave ends it. The error is ErrFull or ErrShare, at once, or that
// of ctx.
func (g *Gate) Enter(ctx context.Context, caller string) (leave func(), err error) {
	p := &pass{in: make(chan struct{})}
	g.mu.Lock()
	if !g.queue.Admits(caller) {
		defer g.mu.Unlock()
		if g.queue.Full() {
			return nil, ErrFull
		}
		return nil, ErrShare
	}
	g.queue.Push(caller, p)
	g.admit()
	g.mu.Unlock()
	select {
	case <-p.in:
	case <-ctx.Done():
		g.mu.Lock()
		waited := g.queue.Remove(caller, func(o *pass) bool { return o == p })
		g.mu.Unlock()
		if !waited {
			g.leave(p, 0)
		}
		return nil, ctx.Err()
	}
	started := time.Now()
	return func() { g.leave(p, time.Since(started)) }, nil
}

// Try is Enter without waiting: it reports whether the caller is in.
func (g *Gate) Try(caller string) (leave func(), ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.free <= 0 || g.queue.Len() > 0 {
		return nil, false
	}
	p := &pass{in: make(chan struct{})}
	g.queue.Push(caller, p)
	g.admit()
	started := time.Now()
	return func() { g.leave(p, time.Since(started)) }, true
}

// Insist lets one in at once, even if there is no room. Then nobody else gets in until there is room again.
func (g *Gate) Insist() (leave func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.free--
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.free++
		g.admit()
	}
}

// Waiting is how many wait.
func (g *Gate) Waiting() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.queue.Len()
}

// admit lets those in for whom there is room. It needs the lock.
func (g *Gate) admit() {
	for g.free > 0 {
		p, line, ok := g.queue.Pop()
		if !ok {
			return
		}
		g.free--
		p.line = line
		close(p.in)
	}
}

func (g *Gate) leave(p *pass, took time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.queue.Charge(p.line, took)
	g.free++
	g.admit()
}
