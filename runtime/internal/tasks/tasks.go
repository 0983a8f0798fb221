// Package tasks owns the goroutines of a server that belong to no connection.
package tasks

import "sync"

// Group counts running tasks: goroutines that it has started, and work that others announce with Begin and End. The zero value is ready to
// use. It is safe for concurrent use.
type Group struct {
	all  sync.WaitGroup // of the goroutines
	mu   sync.Mutex
	idle sync.Cond
	n    int
}

// Go runs fn on a goroutine, for which Wait waits.
func (g *Group) Go(fn func()) {
	g.Begin()
	g.all.Go(func() {
		defer g.End()
		fn()
	})
}

// Begin announces work that runs elsewhere. End ends it.
func (g *Group) Begin() {
	g.mu.Lock()
	g.n++
	g.mu.Unlock()
}

// End ends what Begin has announced.
func (g *Group) End() {
	g.mu.Lock()
	if g.n--; g.n == 0 && g.idle.L != nil {
		g.idle.Broadcast()
	}
	g.mu.Unlock()
}

// Wait returns when all goroutines have ended. No new one may start meanwhile.
func (g *Group) Wait() { g.all.Wait() }

// WaitIdle returns at a moment when nothing runs.
func (g *Group) WaitIdle() {
	g.mu.Lock()
	g.idle.L = &g.mu
	for g.n > 0 {
		g.idle.Wait()
	}
	g.mu.Unlock()
}

// Idle reports whether nothing runs.
func (g *Group) Idle() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.n == 0
}
