package invoke

import (
	"context"

	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/internal/watch"
	"github.com/livec-lang/livec/runtime/store"
)

// Request is one run of which somebody waits for the end.
type Request struct {
	Spec
	From    *identity.Caller
	Message uint64 // the id of the message that has asked for it, for the log; 0 for none
	As      Who
	Kind    store.Kind                 // what it is for
	Must    bool                       // it is not refused when much waits; see store.Turn
	Do      func(in *Invocation) error // generated code, or code of the server that works on its own tables
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
	t.task.Message = q.Message
	t.task.Turn = q.From.Turn
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

// Do runs a request and returns when it has ended, including what runs after its commit. seq is the commit with its effect; in the mode
// Read, the last commit that it has seen, of which all watchers have been notified by then. The end of ctx ends the run.
func (r *Runner) Do(ctx context.Context, q Request) (seq uint64, err error) {
	t := r.newRequest(q)
	t.done, t.task.notified = make(chan struct{}), true
	t.task.kind, t.task.must = q.Kind, q.Must
	r.start(ctx, ctx, &t.task)
	<-t.done
	return t.seq, t.err
}

// Watch runs a request that only reads, and calls again for each commit that may change what it has read, until cancel. cancel is nil if it
// has read nothing. The request may run several times before Watch returns. See watch.Watcher.Run.
func (r *Runner) Watch(ctx context.Context, q Request, again func()) (cancel func(), read watch.ReadSet, err error) {
	ctx, done := context.WithTimeout(r.turn(ctx, &q), r.timeout(&q.Spec))
	defer done()
	switch q.Mode {
	case Pure:
		return nil, watch.ReadSet{}, r.Within(ctx, nil, q)
	case Read:
		err = r.outside(ctx, func(ctx context.Context) (err error) {
			cancel, read, err = r.cfg.Watcher.Run(ctx, func(tx store.Tx) error { return r.Within(ctx, tx, q) }, again)
			return err
		})
		return cancel, read, err
	default:
		panic("invoke: only what reads can be watched")
	}
}

// turn is the context of the transactions of a request.
func (r *Runner) turn(ctx context.Context, q *Request) context.Context {
	return store.WithTurn(ctx, store.Turn{
		Caller: q.From.Turn, Name: q.Path, Kind: q.Kind, Must: q.Must, Most: r.most, Lanes: r.lanesOf(&q.Spec),
	})
}

// Within runs a request in a running transaction, or without one if tx is nil. ctx bounds it, and nothing runs after the commit.
func (r *Runner) Within(ctx context.Context, tx store.Tx, q Request) error {
	t := r.newRequest(q)
	t.task.ctx = ctx
	return t.task.enter(tx)
}
