package invoke

import (
	"context"

	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/internal/watch"
	"github.com/livec-lang/livec/runtime/store"
)

// Request asks for one run whose end somebody waits for.
type Request struct {
	Spec
	From *identity.Caller
	As   Who
	Do   func(in *Invocation) error // generated code, or a part of the server that works on its tables
}

// request is a Request as a task.
type request struct {
	Request
	task Task
	seq  uint64
	err  error
	done chan struct{}
}

var _ Job = (*request)(nil)

func (r *Runner) newRequest(q Request) *request {
	t := &request{Request: q}
	t.task.Job, t.task.Spec, t.task.From, t.task.runner = t, &t.Spec, q.From, r
	return t
}

// Identify is part of Job.
func (q *request) Identify(ctx context.Context, tx store.Tx) (*identity.Identity, error) {
	return q.As(ctx, tx)
}

// Run is part of Job.
func (q *request) Run(in *Invocation, _ []byte) ([]byte, error) { return nil, q.Do(in) }

// Ended is part of Job.
func (q *request) Ended(seq uint64, err error) {
	q.seq, q.err = seq, err
	close(q.done)
}

// Do runs a request and returns when it has ended, with what it left for after its commit. seq is the commit that made its effect; for
// the mode Read it is the last one that it has seen, of which all watchers have then been notified. ctx ends the run.
func (r *Runner) Do(ctx context.Context, q Request) (seq uint64, err error) {
	t := r.newRequest(q)
	t.done, t.task.notified = make(chan struct{}), true
	r.start(ctx, ctx, &t.task)
	<-t.done
	return t.seq, t.err
}

// Watch runs a request that only reads, and has again called for each commit that may change what it has read, until cancel. cancel is
// nil where it has read nothing. The run may be repeated before Watch returns. See watch.Watcher.Run.
func (r *Runner) Watch(ctx context.Context, q Request, again func()) (cancel func(), read watch.ReadSet, err error) {
	ctx, done := context.WithTimeout(ctx, q.timeout())
	defer done()
	switch q.Mode {
	case Pure:
		return nil, watch.ReadSet{}, r.Within(ctx, nil, q)
	case Read:
		return r.cfg.Watcher.Run(ctx, func(tx store.Tx) error { return r.Within(ctx, tx, q) }, again)
	default:
		panic("invoke: only what reads can be watched")
	}
}

// Within runs a request in a transaction that is under way, or without one where tx is nil. ctx bounds it, and nothing is left for after
// the commit.
func (r *Runner) Within(ctx context.Context, tx store.Tx, q Request) error {
	t := r.newRequest(q)
	t.task.ctx = ctx
	return t.task.enter(tx)
}
