package invoke

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/livec-lang/livec/runtime/idempotency"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/internal/instant"
	"github.com/livec-lang/livec/runtime/internal/tasks"
	"github.com/livec-lang/livec/runtime/internal/watch"
	"github.com/livec-lang/livec/runtime/ratelimit"
	"github.com/livec-lang/livec/runtime/store"
)

// Config is what a Runner works with. All fields but Upgrade are required.
type Config struct {
	Context context.Context // ends with the server
	Store   store.Store
	Watcher *watch.Watcher
	Clock   *instant.Clock
	Limits  ratelimit.Limiter
	Replies *idempotency.Replies
	Faults  *fault.Reporter
	Log     *slog.Logger
	Tasks   *tasks.Group
	Retried func() // a transaction is about to run again

	// Face makes what generated code holds of an invocation. It stays with the invocation, which may serve several runs.
	Face func(in *Invocation) any
	// Upgrade asks the app who the caller is: the user, or nil, and its key. Nil where all callers are anonymous.
	Upgrade func(in *Invocation) (user any, key string, err error)
}

// Runner runs generated code. It is safe for concurrent use.
type Runner struct {
	cfg     Config
	ids     generator
	writing atomic.Int64 // runs of mode Write that have not ended
}

// New makes a Runner.
func New(cfg Config) *Runner { return &Runner{cfg: cfg} }

// Now is the instant of runs that begin now.
func (r *Runner) Now() time.Time { return r.cfg.Clock.Now() }

// Writing is the number of runs of mode Write that have not ended.
func (r *Runner) Writing() int64 { return r.writing.Load() }

// Count counts one event of key, and fails with RATE_LIMITED when the rate is exhausted.
func (r *Runner) Count(ctx context.Context, key string, rate ratelimit.Rate, now time.Time) error {
	ok, wait, err := r.cfg.Limits.Take(ctx, key, rate, now)
	if err == nil && !ok {
		err = fault.RateLimited(rate, wait)
	}
	return err
}

// Who says as whom a run happens. It is asked in the transaction of the run; tx is nil without one. Nobody, nil, means that it does not
// happen.
type Who func(ctx context.Context, tx store.Tx) (*identity.Identity, error)

// As is Who for an identity that is known.
func As(who *identity.Identity) Who {
	return func(context.Context, store.Tx) (*identity.Identity, error) { return who, nil }
}

// System is Who for what the server does by itself.
var System = As(identity.System)

// Request asks for one run whose end somebody waits for.
type Request struct {
	Spec
	From *identity.Caller
	As   Who
	Do   func(in *Invocation) error // generated code, or a part of the server that works on its tables
}

// Do runs a request and returns when it has ended, with what it left for after its commit. seq is the commit that made its effect; for
// the mode Read the last one that it has seen, of which then all watchers have been notified.
func (r *Runner) Do(ctx context.Context, q Request) (seq uint64, err error) {
	ctx, cancel := context.WithTimeout(ctx, q.timeout())
	defer cancel()
	in := new(Invocation)
	body := func(tx store.Tx) error { return r.enter(ctx, in, &q, tx) }
	switch q.Mode {
	case Pure:
		err = body(nil)
	case Read:
		seq, err = r.cfg.Watcher.Read(ctx, body)
	case Write:
		return r.write(ctx, in, body)
	default:
		panic("invoke: unknown mode")
	}
	if err == nil {
		in.flush(0)
	}
	return seq, err
}

// write is Do for the mode Write.
func (r *Runner) write(ctx context.Context, in *Invocation, body func(tx store.Tx) error) (seq uint64, err error) {
	for range maxTries {
		done := make(chan struct{})
		r.writing.Add(1)
		r.cfg.Store.Submit(ctx, body, func(commit store.Commit, failed error) {
			if err = failed; err == nil {
				seq = commit.Seq
				in.flush(seq) // here, so that it happens in the order of the commits
			}
			r.writing.Add(-1)
			close(done)
		})
		<-done
		if !fault.Retryable(err) || ctx.Err() != nil {
			return seq, err
		}
		r.cfg.Retried()
	}
	return seq, err
}

// Watch runs a request that only reads, and has again called for each commit that may change what it has read, until cancel. cancel is
// nil where it has read nothing. The run may be repeated before Watch returns. See watch.Watcher.Run.
func (r *Runner) Watch(ctx context.Context, q Request, again func()) (cancel func(), read watch.ReadSet, err error) {
	ctx, done := context.WithTimeout(ctx, q.timeout())
	defer done()
	switch q.Mode {
	case Pure:
		return nil, watch.ReadSet{}, r.enter(ctx, new(Invocation), &q, nil)
	case Read:
		return r.cfg.Watcher.Run(ctx, func(tx store.Tx) error { return r.enter(ctx, new(Invocation), &q, tx) }, again)
	default:
		panic("invoke: only what reads can be watched")
	}
}

// Within runs a request in a transaction that is under way, or without one where tx is nil. ctx bounds it, and nothing is left for after
// the commit.
func (r *Runner) Within(ctx context.Context, tx store.Tx, q Request) error {
	return r.enter(ctx, new(Invocation), &q, tx)
}

// enter runs a request in its transaction. A panic is an error.
func (r *Runner) enter(ctx context.Context, in *Invocation, q *Request, tx store.Tx) (err error) {
	defer store.Recover(&err)
	who, err := q.As(ctx, tx)
	if err != nil || who == nil {
		return err
	}
	in.begin(r, ctx, &q.Spec, q.From, who, tx, r.Now())
	return q.Do(in)
}

// Settled returns when all that was left for after the commits up to now has been done, or with ctx.
func (r *Runner) Settled(ctx context.Context) {
	if r.writing.Load() == 0 {
		return
	}
	done := make(chan struct{})
	r.cfg.Store.Submit(ctx, func(store.Tx) error { return nil }, func(store.Commit, error) { close(done) })
	<-done
}
