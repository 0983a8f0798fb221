package conn

import (
	"context"
	"sync"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/identity"
)

// jobs is a queue of small tasks of one connection that other goroutines add. They run one after the other, on a goroutine that ends when
// the queue is empty.
type jobs struct {
	conns   *Conns
	caller  *identity.Caller // of the connection
	pending *sync.WaitGroup  // counts the jobs that have not ended; may be nil
	mu      sync.Mutex
	queue   []func()
	running bool
	eased   chan struct{} // closed when few jobs are left; nil if nobody waits for that
}

func (q *jobs) add(job func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.queue = append(q.queue, job)
	if q.pending != nil {
		q.pending.Add(1)
	}
	if !q.running {
		q.running = true
		q.conns.cfg.Tasks.Go(q.run)
	}
}

func (q *jobs) run() {
	for {
		q.mu.Lock()
		if len(q.queue) == 0 {
			q.queue, q.running = nil, false
			q.mu.Unlock()
			return
		}
		job := q.queue[0]
		q.queue = q.queue[1:]
		if q.eased != nil && len(q.queue) <= q.most()/2 {
			close(q.eased)
			q.eased = nil
		}
		q.mu.Unlock()
		if err := fault.Protect(func() error { job(); return nil }); err != nil {
			q.conns.cfg.Faults.Unseen(fault.WithOrigin(q.conns.cfg.Context, q.caller.Origin(0)), "connection", err)
		}
		if q.pending != nil {
			q.pending.Done()
		}
	}
}

// ease waits until few jobs are left if there are too many, or until ctx ends. It reports whether it has waited. Each job ends by its own
// deadline. Only the goroutine that reads from the connection calls it.
func (q *jobs) ease(ctx context.Context) bool {
	q.mu.Lock()
	if len(q.queue) <= q.most() {
		q.mu.Unlock()
		return false
	}
	q.conns.cfg.Govern.Reached(limits.MaxHooks)
	eased := make(chan struct{})
	q.eased = eased
	q.mu.Unlock()
	select {
	case <-eased:
	case <-ctx.Done():
	}
	return true
}

// onOwnStack runs fn on a goroutine of its own and waits for it. Otherwise the goroutine that reads from an idle client would keep a stack
// twice as large for as long as the client is connected.
func onOwnStack(fn func()) {
	done := make(chan error)
	go func() { done <- fault.Protect(func() error { fn(); return nil }) }()
	if err := <-done; err != nil {
		panic(err)
	}
}

// most is how many jobs may wait before no more is read from the connection that makes them.
func (q *jobs) most() int { return q.conns.cfg.Govern.Int(limits.MaxHooks) }
