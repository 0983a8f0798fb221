package invoke

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/store"
)

// Job is what a task runs. It is notified of the end.
type Job interface {
	// Identify returns the identity that the task has, in its transaction; tx is nil without one. If it returns nil, the task does not run.
	Identify(ctx context.Context, tx store.Tx) (*identity.Identity, error)
	// Run runs the generated code and appends its answer to dst.
	Run(in *Invocation, dst []byte) ([]byte, error)
	// Ended is called once, after everything else. seq is a commit by which the effect is visible, 0 if there is none. It must not block.
	Ended(seq uint64, err error)
}

// Task is one call of an rpc, from its checked arguments to its answer. Nobody needs to wait for it: the end of a task that writes is
// reported on a goroutine of the store. A task that has ended can be reused.
type Task struct {
	Job     Job
	Spec    *Spec
	From    *identity.Caller
	Message uint64      // the id of the message that has asked for it, for the log; 0 for none
	Args    []byte      // as received
	Seed    Seed        // from the client
	Started time.Time   // zero if the clock was not read
	Owner   *feed.Owner // of what it publishes; nil for none
	Turn    string      // what the caller takes turns by with others; see identity.TurnOf
	Reply   []byte      // starts with what precedes the answer; in the end it has the answer as well

	kind store.Kind // of a Request; a call of an rpc is of the kind Calls
	must bool

	notified bool // watchers must be notified of what it has read before it ends

	runner  *Runner
	ctx     context.Context
	caller  context.Context // ends when the caller disconnects
	cancel  context.CancelFunc
	who     *identity.Identity // of the caller, in the transaction of the run
	head    int                // length of what precedes the answer
	tries   int
	counted []string
	hashed  bool
	logger  *slog.Logger // during its rehearsal; nil: the app's
	in      Invocation   // of the last run
	seq     uint64
}

// Answer is Reply without what precedes the answer.
func (t *Task) Answer() []byte { return t.Reply[t.head:] }

// Reached gives how many connections the signals of the task have reached, and whether it has sent any. It is called only if the task has
// ended without an error: code that was cut off may still send some.
func (t *Task) Reached() (n int, ok bool) { return t.in.Reached, t.in.Signals }

// Session is the change of the session cookie of the caller.
func (t *Task) Session() identity.SessionChange { return t.in.Session }

// Failure is the error that the client is shown for the error of the task; nil for none. It must be called in Ended.
func (t *Task) Failure(err error) *fault.Error {
	if err == nil {
		return nil
	}
	return t.runner.cfg.Faults.Report(fault.WithOrigin(t.ctx, t.From.Origin(t.Message)), t.Spec.Path, err)
}

// Slow logs that the task took this long; 0 if it was not slow. It must be called in Ended.
func (t *Task) Slow(took time.Duration) {
	t.runner.cfg.Faults.Slow(t.Spec.Path, took, t.From.Origin(t.Message))
}

// Start runs a task. base ends when the caller disconnects, which ends a task that only reads, and one that waits for the hash of a
// password: it has not written anything. Any other task that writes goes on, since its effect is wanted whether or not the caller waits.
func (r *Runner) Start(base context.Context, t *Task) {
	t.kind = store.Calls
	r.start(base, r.cfg.Context, t)
}

// within gives the context of a task that runs in transactions, and ends in its time.
func (t *Task) within(ctx context.Context) {
	ctx, t.cancel = context.WithTimeout(ctx, t.runner.timeout(t.Spec))
	t.ctx = store.WithTurn(ctx, store.Turn{
		Caller: t.Turn, Name: t.Spec.Path, Kind: t.kind, Must: t.must, Most: t.runner.most, Lanes: t.runner.lanesOf(t.Spec),
	})
}

// start runs a task: one that only reads for as long as reads allows, one that writes for as long as writes does.
func (r *Runner) start(reads, writes context.Context, t *Task) {
	t.runner, t.caller, t.head = r, reads, len(t.Reply)
	t.cancel, t.tries, t.counted, t.hashed, t.seq = nil, 0, nil, false, 0
	t.in.after, t.in.counted, t.in.Signals, t.in.hashed = nil, nil, false, false
	switch t.Spec.Mode {
	case Pure:
		t.ctx = reads
		if t.Spec.External {
			t.ctx, t.cancel = context.WithTimeout(reads, t.runner.timeout(t.Spec))
		}
		t.finish(0, t.enter(nil))
	case Read:
		t.within(reads)
		if t.notified {
			var seq uint64
			err := r.outside(t.ctx, func(ctx context.Context) (err error) {
				t.ctx = ctx
				seq, err = r.cfg.Watcher.Read(ctx, t.enter)
				return err
			})
			t.finish(seq, err)
			return
		}
		t.finish(0, t.read(t.enter))
	case Write:
		t.within(writes)
		if t.Spec.Session && !t.Spec.External && t.rehearse() {
			return
		}
		t.submit()
	default:
		panic("invoke: unknown mode")
	}
}

func (t *Task) submit() {
	t.tries++
	t.runner.cfg.Tasks.Begin()
	t.runner.writing.Add(1)
	t.runner.cfg.Store.Submit(t.ctx, t.once, t.committed)
}

// enter runs the task with the identity of its caller in this transaction.
func (t *Task) enter(tx store.Tx) (err error) {
	defer t.recovered(&err)
	t.again()
	if t.who, err = t.Job.Identify(t.ctx, tx); err != nil || t.who == nil {
		return err
	}
	return t.run(tx)
}

// run runs the generated code in a transaction. All generated code is called here. The caller of run recovers panics.
func (t *Task) run(tx store.Tx) error {
	in := &t.in
	var now time.Time
	if !t.Started.IsZero() {
		now = t.runner.cfg.Clock.Of(t.Started)
	}
	in.begin(t.runner, t.ctx, t.Spec, t.From, t.who, tx, now)
	in.Owner, in.ids, in.counted, in.message = t.Owner, t.Seed, t.counted, t.Message
	switch {
	case t.logger != nil:
		in.logger = t.logger
	default:
		in.logger = t.runner.cfg.Log
	}
	if t.Spec.External {
		return t.bounded(tx)
	}
	reply, err := t.Job.Run(in, t.Reply[:t.head])
	if in.returned = true; in.work != nil || in.held != nil || len(in.counted) > 0 { // few runs have any of them
		t.ran(in)
	}
	if bytes := len(reply) - t.head; err == nil && (in.refusal != nil || bytes > t.runner.small) { // few have either
		err = in.verdict(bytes)
	}
	if err == nil {
		t.Reply = reply
	}
	return err
}

// ran is called when the code has returned or panicked.
func (t *Task) ran(in *Invocation) {
	in.rest()
	in.release()
	t.counted = slices.Clip(in.counted)
}

// recovered, when deferred, turns a panic of a run into its error.
func (t *Task) recovered(err *error) {
	if p := recover(); p != nil {
		*err = store.Panicked(p)
		if t.in.leaving { // the code runs again, and logs it again
			t.in.held = nil
		}
		t.in.returned = true
		t.ran(&t.in)
	}
}

// committed is called by the store at the end of a transaction.
func (t *Task) committed(commit store.Commit, err error) {
	r := t.runner
	defer func() {
		r.writing.Add(-1)
		r.cfg.Tasks.End()
	}()
	if need := neededHash(err); need != nil {
		r.cfg.Tasks.Go(func() { t.hashAgain(need) })
		return
	}
	if fault.Retryable(err) && t.tries < maxTries && t.ctx.Err() == nil {
		r.cfg.Retried()
		r.cfg.Tasks.Go(t.submit)
		return
	}
	if t.seq == 0 {
		t.seq = commit.Seq
	}
	t.finish(t.seq, err)
}

// finish does what was to run after the commit, and reports the end: for a task that only reads on the goroutine of the caller, otherwise
// on that of the store, where it must not block.
func (t *Task) finish(seq uint64, err error) {
	if err == nil {
		t.in.flush(seq)
	}
	if t.hashed {
		hashesOf(t.ctx).forget()
	}
	cancel := t.cancel // the job may reuse the task
	t.Job.Ended(seq, err)
	if cancel != nil {
		cancel()
	}
}
