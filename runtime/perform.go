package runtime

import (
	"context"
	"runtime"
	"sync"

	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/store"
)

// perform runs one call that is no rpc, such as what runs when a subscriber has come, and returns when it has ended and what
// it was to do after the commit is done. ask tells, in the call's transaction, as whom it runs; where that is nobody, nil, it
// does not.
func (s *Server) perform(
	ctx context.Context, path string, mode Mode, from *caller,
	ask func(context.Context, store.Tx) (*identity, error), fn func(*Call) error,
) error {
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()
	c := new(Call)
	body := func(tx store.Tx) error {
		return fault.Protect(func() error {
			who, err := ask(ctx, tx)
			if err != nil || who == nil {
				return err
			}
			s.ready(c, ctx, path, from, who, tx, s.now())
			return fn(c)
		})
	}
	switch mode {
	case Pure:
		if err := body(nil); err != nil {
			return err
		}
		s.leave(c, 0)
		return nil
	case Read:
		if err := s.store.Read(ctx, body); err != nil {
			return err
		}
		s.leave(c, 0)
		return nil
	}
	var err error
	for range maxTries {
		done := make(chan struct{})
		s.writing.Add(1)
		s.store.Submit(ctx, body, func(commit store.Commit, failed error) {
			if err = failed; err == nil {
				s.leave(c, commit.Seq) // here, so that what leaves does so in the order of the commits
			}
			s.writing.Add(-1)
			close(done)
		})
		<-done
		if !fault.Retryable(err) || ctx.Err() != nil {
			return err
		}
		s.metrics.Retries.Inc()
	}
	return err
}

// nobody is who runs what the server does by itself, for perform.
func nobody(context.Context, store.Tx) (*identity, error) { return &identity{}, nil }

// leave does what a call is to do once it has committed, in the order of its statements.
func (s *Server) leave(c *Call, commit uint64) {
	c.commit = commit
	for _, fn := range c.after {
		if err := fault.Protect(func() error { fn(); return nil }); err != nil {
			_ = s.faults.Report(c.ctx, c.path, err) // logged; the call itself has succeeded
		}
	}
	c.after = nil
}

// settled returns when what left with every commit up to now has left.
func (s *Server) settled(ctx context.Context) {
	if s.writing.Load() == 0 {
		return
	}
	done := make(chan struct{})
	s.store.Submit(ctx, func(store.Tx) error { return nil }, func(store.Commit, error) { close(done) })
	<-done
}

// activity counts what runs on goroutines that nobody waits for, so that a test can wait until all is quiet.
type activity struct {
	mu   sync.Mutex
	idle sync.Cond
	n    int
}

func (a *activity) begin() {
	a.mu.Lock()
	a.n++
	a.mu.Unlock()
}

func (a *activity) end() {
	a.mu.Lock()
	if a.n--; a.n == 0 && a.idle.L != nil {
		a.idle.Broadcast()
	}
	a.mu.Unlock()
}

func (a *activity) wait() {
	a.mu.Lock()
	a.idle.L = &a.mu
	for a.n > 0 {
		a.idle.Wait()
	}
	a.mu.Unlock()
}

func (a *activity) quiet() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.n == 0
}

// Settle returns when the server has done all that it has been asked to do, apart from what waits for its clock: calls have been answered and what they changed has been sent. It is for tests whose clients are connected
// in this process; while a call waits for something else it does not return.
func (s *Server) Settle() {
	for {
		s.active.wait()
		if e, ok := s.engine.(interface{ Settle() }); ok {
			e.Settle()
		}
		for !s.hub.Idle() {
			runtime.Gosched()
		}
		if s.active.quiet() && s.hub.Idle() {
			return
		}
	}
}
