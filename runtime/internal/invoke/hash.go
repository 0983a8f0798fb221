package invoke

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/livec-lang/livec/internal/fair"
	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/auth"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/store"
)

// Hashing a password takes as long as thousands of other calls, and 64 MiB. While a call holds the writer, all other writes would wait for
// it, and readers are few. So code in a transaction that needs a hash leaves the transaction, by a panic that the runner catches. The hash
// is computed outside, in a queue in which callers take turns, and then the code runs again from the beginning, and finds the hashes that
// it has needed so far. Nothing of a run that has left has happened: its transaction is undone, and what was to run after its commit is
// dropped.
//
// When the caller disconnects, what it has waiting for a hash ends: the answer would be for nobody, and a caller who sends the call again
// waits for its own turn.
//
// Code that calls extern functions cannot run again, so it hashes where it is.

// Defaults of the bounds of hashing.
const (
	defaultMaxHashes     = 256
	defaultMaxHashesEach = 16
	// maxHashRounds bounds the hashes of one call. Its time does too.
	maxHashRounds = 256
	hashRetry     = 2 * time.Second // about the time of 20 hashes
)

// hashWorkers is how many passwords are hashed at once by default: half of the processors, so that other calls find one.
func hashWorkers() int { return max(1, runtime.GOMAXPROCS(0)/2) }

// hashNeeded is what code leaves its transaction with.
type hashNeeded struct {
	password, hash string
	check          bool
}

func (*hashNeeded) Error() string { return "a password must be hashed outside of the transaction" }

// neededHash is the hash that a run has left for; nil if it has ended otherwise.
func neededHash(err error) *hashNeeded {
	var need *hashNeeded
	if err == nil || !errors.As(err, &need) {
		return nil
	}
	return need
}

// hashes are the hashes of one call. They are in the context of its runs, since code that identifies the caller within the transaction of
// another one finds them there.
type hashes struct {
	made    map[string][]string // hashes of each password, in order
	used    map[string]int      // of them, by the present run
	checked map[[2]string]checked
	rounds  int
}

// checked is whether a hash is one of a password.
type checked struct {
	right bool
	err   error
}

type hashesKey struct{}

func hashesOf(ctx context.Context) *hashes {
	h, _ := ctx.Value(hashesKey{}).(*hashes)
	return h
}

// forget drops the passwords when the call has ended.
func (h *hashes) forget() {
	clear(h.made)
	clear(h.used)
	clear(h.checked)
}

// compute computes a hash outside of a transaction, and gives the context for the next run, which finds it. It fails when caller ends
// before that run can begin.
func (r *Runner) compute(ctx, caller context.Context, need *hashNeeded) (context.Context, error) {
	h := hashesOf(ctx)
	if h == nil {
		h = &hashes{made: map[string][]string{}, checked: map[[2]string]checked{}}
		ctx = context.WithValue(ctx, hashesKey{}, h)
	}
	if h.rounds++; h.rounds > maxHashRounds {
		return ctx, fmt.Errorf("a call needs more than %d hashes of passwords", maxHashRounds)
	}
	h.used = map[string]int{}
	waits, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(caller, cancel)()
	leave, err := r.enterHashing(waits)
	if err != nil {
		return ctx, err
	}
	defer leave()
	if need.check {
		right, err := auth.CheckPassword(need.password, need.hash)
		h.checked[[2]string{need.password, need.hash}] = checked{right, err}
	} else {
		h.made[need.password] = append(h.made[need.password], auth.HashPassword(need.password))
	}
	return ctx, caller.Err()
}

// enterHashing waits for the turn of a caller to hash, and for a lane, since that takes long.
func (r *Runner) enterHashing(ctx context.Context) (leave func(), err error) {
	caller := store.TurnOf(ctx).Caller
	out, err := r.hashing.Enter(ctx, caller)
	switch {
	case errors.Is(err, fair.ErrFull):
		err = &store.Overloaded{Limit: limits.MaxHashes, RetryAfter: hashRetry}
	case errors.Is(err, fair.ErrShare):
		err = &store.Overloaded{Limit: limits.MaxHashesPerCaller, RetryAfter: hashRetry}
	}
	if err != nil {
		return nil, err
	}
	work := r.lanes.Work(caller)
	if err := work.Enter(ctx, time.Time{}); err != nil {
		out()
		return nil, err
	}
	return func() { work.End(); out() }, nil
}

// outside runs fn, which has a transaction, and again each time that it has left the transaction for a hash.
func (r *Runner) outside(ctx context.Context, fn func(ctx context.Context) error) error {
	outer := hashesOf(ctx)
	defer func() {
		if h := hashesOf(ctx); h != nil && h != outer {
			h.forget()
		}
	}()
	for {
		err := fn(ctx)
		need := neededHash(err)
		if need == nil {
			return err
		}
		if ctx, err = r.compute(ctx, ctx, need); err != nil {
			return err
		}
	}
}

// here computes a hash at once: code without a transaction holds up nobody, and code with extern functions cannot run again.
func (in *Invocation) here(fn func()) {
	in.hashed = true
	in.rest() // hashing has a lane of its own
	store.TurnOf(in.Ctx).Rest()
	leave, err := in.runner.enterHashing(in.Ctx)
	if err != nil {
		panic(err) // the runner makes it the error of the run
	}
	defer leave()
	fn()
}

// HashPassword is auth.HashPassword, computed outside of the transaction.
func (in *Invocation) HashPassword(password string) (hash string) {
	if h := hashesOf(in.Ctx); h != nil {
		if n := h.used[password]; n < len(h.made[password]) {
			h.used[password]++
			return h.made[password][n]
		}
	}
	if in.Tx != nil && !in.spec.External {
		in.leaving = true
		panic(&hashNeeded{password: password})
	}
	in.here(func() { hash = auth.HashPassword(password) })
	return hash
}

// CheckPassword is auth.CheckPassword, computed outside of the transaction.
func (in *Invocation) CheckPassword(password, hash string) (right bool, err error) {
	if h := hashesOf(in.Ctx); h != nil {
		if c, known := h.checked[[2]string{password, hash}]; known {
			return c.right, c.err
		}
	}
	if in.Tx != nil && !in.spec.External {
		in.leaving = true
		panic(&hashNeeded{password: password, hash: hash, check: true})
	}
	in.here(func() { right, err = auth.CheckPassword(password, hash) })
	return right, err
}

// hashAgain computes the hash for which a task that writes has left its transaction, and runs it again.
func (t *Task) hashAgain(need *hashNeeded) {
	if err := t.compute(need); err != nil {
		t.finish(0, err)
		return
	}
	t.tries-- // that was no conflict
	t.submit()
}

// compute is Runner.compute for the next run of the task.
func (t *Task) compute(need *hashNeeded) (err error) {
	t.hashed = true
	err = fault.Protect(func() error {
		t.ctx, err = t.runner.compute(t.ctx, t.caller, need)
		return err
	})
	return err
}

// again prepares the hashes of the task for its next run.
func (t *Task) again() {
	if t.hashed {
		hashesOf(t.ctx).used = map[string]int{}
	}
}

// Hashed reports whether the task has hashed a password, which is in its arguments then.
func (t *Task) Hashed() bool { return t.hashed || t.in.hashed }
