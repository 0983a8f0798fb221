package invoke

import (
	"context"
	"log/slog"
	"time"

	"github.com/livec-lang/livec/internal/fair"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/ratelimit"
	"github.com/livec-lang/livec/runtime/store"
)

// Invocation is one run of generated code: its caller, its instant, its transaction, and what runs after its transaction has committed.
// Only one goroutine may use it, and nobody once the generated code has returned.
type Invocation struct {
	Ctx    context.Context
	Path   string // of the entry point, module/name
	Caller *identity.Caller
	Who    *identity.Identity
	Tx     store.Tx // nil for the mode Pure

	Credentials identity.Credentials   // that the run relies on
	Session     identity.SessionChange // of its caller's cookie
	Owner       *feed.Owner            // of the entries that it publishes; nil for a caller without a connection
	Commit      uint64                 // of its transaction, once it has committed; 0 if it changed nothing
	Signals     bool                   // it has sent signals
	Reached     int                    // connections that its signals have reached
	Hidden      any                    // what guards have added, in the computation of a derived stream
	Publishes   int64                  // bytes that it publishes once it has committed
	Face        any                    // the object that generated code sees; see Config.Face

	runner  *Runner
	spec    *Spec
	logger  *slog.Logger
	now     time.Time
	ids     Seed
	after   []func()
	counted []string // keys of the rates for which it was counted
	refusal error    // why the run fails although its code does not
	budget  budget
	work    *fair.Work // of a run without a turn in the order of transactions; nil before it takes long
	message uint64     // the id of the message that has asked for it; 0 for none

	hashed   bool     // it has hashed a password where it was
	leaving  bool     // its code leaves its transaction for a hash
	returned bool     // its code has: what is logged from now on, such as after the commit, is not kept
	held     *heldLog // what it has logged; nil for nothing
}

// begin prepares an invocation to run. If now is zero, the clock is read when it is needed.
func (in *Invocation) begin(r *Runner, ctx context.Context, spec *Spec, from *identity.Caller, who *identity.Identity, tx store.Tx,
	now time.Time) {
	if in.runner != r { // an invocation that is reused usually has them
		in.runner, in.logger = r, r.cfg.Log
		in.Face = r.cfg.Face(in)
	}
	in.spec, in.Ctx, in.Path, in.Caller, in.Who, in.Tx, in.now = spec, ctx, spec.Path, from, who, tx, now
	in.Owner, in.Commit, in.Signals, in.Reached, in.Hidden = nil, 0, false, 0, nil
	in.Credentials, in.Session = identity.Credentials{}, identity.SessionChange{}
	in.Publishes, in.refusal, in.message = 0, nil, 0
	in.ids, in.after, in.counted, in.budget, in.work = Seed{}, nil, nil, budget{}, nil
	in.hashed, in.leaving, in.returned, in.held = false, false, false, nil
}

// Now is the instant of the run. It stays the same for the whole run.
func (in *Invocation) Now() time.Time {
	if in.now.IsZero() { // few runs without a transaction need it, and reading the clock takes longer than such a run
		in.now = in.runner.cfg.Clock.Now()
	}
	return in.now
}

// Log is the app's logger. What code in a transaction logs is kept until it returns, since code that leaves for a hash logs it again.
func (in *Invocation) Log() *slog.Logger {
	if in.held == nil && !in.returned && in.Tx != nil && !in.spec.External && in.logger == in.runner.cfg.Log {
		in.held = &heldLog{base: in.logger.Handler(), calls: new([]func())}
		in.logger = slog.New(in.held)
	}
	return in.logger
}

// release logs what was kept.
func (in *Invocation) release() {
	if in.held != nil {
		in.held.release()
		in.held, in.logger = nil, in.runner.cfg.Log
	}
}

// By is who has asked for the run, for the log.
func (in *Invocation) By() fault.Origin { return in.Caller.Origin(in.message) }

// ReportContext is Ctx with who has asked for the run, for what is reported of it.
func (in *Invocation) ReportContext() context.Context { return fault.WithOrigin(in.Ctx, in.By()) }

// AfterCommit runs fn once the transaction is durable, in the order of the calls; never if the run fails.
func (in *Invocation) AfterCommit(fn func()) { in.after = append(in.after, fn) }

// Refuse makes the run fail at its end, before its transaction commits, with the first error that it was called with.
func (in *Invocation) Refuse(err error) {
	if in.refusal == nil {
		in.refusal = err
	}
}

// Refused reports whether Refuse was called.
func (in *Invocation) Refused() bool { return in.refusal != nil }

// verdict is the error of a run whose code has none, and has answered with this many bytes.
func (in *Invocation) verdict(bytes int) error {
	if in.refusal != nil {
		return in.refusal
	}
	if in.spec.External && in.spec.Mode == Write { // extern functions have had their effect
		return in.runner.Fits("", bytes)
	}
	return in.runner.Fits(in.Caller.Turn, bytes)
}

// NewID gives the next id of the run; see Seed.
func (in *Invocation) NewID() string { return in.ids.next(in.Now(), &in.runner.ids) }

// Limit counts the run under key for the rate with this id, and fails with RATE_LIMITED if the rate is exhausted. A run that is repeated
// after a conflict counts once.
func (in *Invocation) Limit(id string, rate ratelimit.Rate, key string) error {
	full := id + "\x00" + key
	for _, k := range in.counted {
		if k == full {
			return nil
		}
	}
	if err := in.runner.Count(in.Ctx, full, rate); err != nil {
		return err
	}
	in.counted = append(in.counted, full)
	return nil
}

// flush runs what was to run after the commit, in the order of its statements.
func (in *Invocation) flush(commit uint64) {
	in.Commit = commit
	for _, fn := range in.after {
		if err := fault.Protect(func() error { fn(); return nil }); err != nil {
			_ = in.runner.cfg.Faults.Report(in.ReportContext(), in.Path, err) // logged, and passed to the error hook; the run itself has succeeded
		}
	}
	in.after = nil
}
