package conn

import (
	"sync"

	"github.com/livec-lang/livec/runtime/internal/fault"
)

// jobs are small tasks of one connection that arise on the goroutines of others. They run one after the other, on a goroutine that lives as
// long as there are any.
type jobs struct {
	conns   *Conns
	pending *sync.WaitGroup // counts the jobs that have not ended; nil for none
	mu      sync.Mutex
	queue   []func()
	running bool
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
		q.mu.Unlock()
		if err := fault.Protect(func() error { job(); return nil }); err != nil {
			_ = q.conns.cfg.Faults.Report(q.conns.cfg.Context, "connection", err) // for the log and the error hook; nobody waits
		}
		if q.pending != nil {
			q.pending.Done()
		}
	}
}

// onOwnStack runs fn on a goroutine of its own and waits for it. Without it, what an idle client has once asked for would leave the
// goroutine that reads from it with a stack twice as large for as long as it is connected.
func onOwnStack(fn func()) {
	done := make(chan error)
	go func() { done <- fault.Protect(func() error { fn(); return nil }) }()
	if err := <-done; err != nil {
		panic(err)
	}
}
