package invoke

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/livec-lang/livec/internal/fair"
	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/govern"
	"github.com/livec-lang/livec/runtime/idempotency"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/internal/instant"
	"github.com/livec-lang/livec/runtime/internal/tasks"
	"github.com/livec-lang/livec/runtime/internal/watch"
	"github.com/livec-lang/livec/runtime/ratelimit"
	"github.com/livec-lang/livec/runtime/store"
)

// Config is what a Runner needs. All fields but Upgrade are required.
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
	Retried func() // called before a transaction runs again
	Govern  *govern.Governor

	// Bounds of hashing passwords; 0 is the default.
	Hashers       int // passwords that are hashed at once, in 64 MiB each; half of the processors
	MaxHashes     int // that wait; 256
	MaxHashesEach int // of one caller; 16

	// Resume gives the change of the session of a call that is repeated, from its Mark. It is required if a call can start a session.
	Resume func(in *Invocation, mark string) (identity.SessionChange, error)
	// Face makes the object that generated code sees of an invocation. It is kept with the invocation, which may serve several runs.
	Face func(in *Invocation) any
	// Upgrade asks the app who the caller is. It returns the user, or nil, and its key. It is nil if all callers are anonymous.
	Upgrade func(in *Invocation) (user any, key string, err error)
}

// Runner runs generated code. It is safe for concurrent use.
type Runner struct {
	cfg     Config
	ids     generator
	hashing *fair.Gate
	lanes   *fair.Lanes
	most    store.Most   // what each query of generated code reads
	largest int          // bytes of a result
	small   int          // bytes of a result that is always sent; see Fits
	writing atomic.Int64 // number of runs of mode Write that have not ended
}

// New makes a Runner.
func New(cfg Config) *Runner {
	bound := func(n *int, otherwise int) {
		if *n <= 0 {
			*n = otherwise
		}
	}
	bound(&cfg.Hashers, hashWorkers())
	bound(&cfg.MaxHashes, defaultMaxHashes)
	bound(&cfg.MaxHashesEach, defaultMaxHashesEach)
	largest := cfg.Govern.Int(limits.MaxResult)
	return &Runner{
		cfg: cfg, hashing: fair.NewGate(cfg.Hashers, cfg.MaxHashes, cfg.MaxHashesEach),
		lanes:   fair.NewLanes(cfg.Govern.Int(limits.BusyProcessors), func() { cfg.Govern.Reached(limits.BusyProcessors) }),
		most:    store.Most{Rows: cfg.Govern.Int(limits.MaxRows), Bytes: bytesOfRows * largest},
		largest: largest, small: min(small, largest),
	}
}

// lanesOf gives the lanes for code that takes long; nil for code with extern functions, which may wait for something else meanwhile.
func (r *Runner) lanesOf(spec *Spec) *fair.Lanes {
	if spec.External {
		return nil
	}
	return r.lanes
}

// bytesOfRows times the limit of a result is how many bytes a query of a call may read: code may make a smaller result of them.
const bytesOfRows = 4

// small is how many bytes a result has at most that is sent although the memory does not suffice for further ones.
const small = 64 << 10

// Fits reports why a result with this many bytes cannot be sent to a caller; nil if it can. For "" there is memory. See store.Turn for
// what names a caller.
func (r *Runner) Fits(caller string, bytes int) error {
	if bytes > r.largest {
		return r.tooLarge(bytes)
	}
	if bytes <= small || caller == "" {
		return nil
	}
	if reached, ok := r.cfg.Govern.Account(limits.MaxQueueMemory).Room(caller, int64(bytes)); !ok {
		return fault.NoRoom(reached)
	}
	return nil
}

func (r *Runner) tooLarge(bytes int) error {
	r.cfg.Govern.Reached(limits.MaxResult)
	return fault.ResultTooLarge(fmt.Sprintf("it has %d bytes, and at most %d are allowed (limit maxResult)", bytes, r.largest))
}

// Now is the instant of runs that begin now.
func (r *Runner) Now() time.Time { return r.cfg.Clock.Now() }

// Writing is the number of runs of mode Write that have not ended.
func (r *Runner) Writing() int64 { return r.writing.Load() }

// Count counts one event of key, and fails with RATE_LIMITED if the rate is exhausted.
func (r *Runner) Count(ctx context.Context, key string, rate ratelimit.Rate) error {
	ok, wait, err := r.cfg.Limits.Take(ctx, key, rate, r.cfg.Clock.Steady())
	if err == nil && !ok {
		err = fault.RateLimited(rate, wait)
	}
	return err
}

// Who returns the identity that a run has, in the transaction of the run; tx is nil without one. If it returns nil, nothing runs.
type Who func(ctx context.Context, tx store.Tx) (*identity.Identity, error)

// As is Who for a known identity.
func As(who *identity.Identity) Who {
	return func(context.Context, store.Tx) (*identity.Identity, error) { return who, nil }
}

// System is Who for what the server runs on its own behalf.
var System = As(identity.System)

// Settled returns when everything that was to run after the commits so far has run, or with the error of ctx. It waits for CallTime at
// most.
func (r *Runner) Settled(ctx context.Context) error {
	if r.writing.Load() == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, r.CallTime())
	defer cancel()
	done := make(chan struct{})
	r.cfg.Store.Submit(ctx, func(store.Tx) error { return nil }, func(store.Commit, error) { close(done) })
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
