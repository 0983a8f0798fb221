package invoke

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/clock"
	"github.com/livec-lang/livec/runtime/govern"
	"github.com/livec-lang/livec/runtime/idempotency"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/internal/instant"
	"github.com/livec-lang/livec/runtime/internal/tasks"
	"github.com/livec-lang/livec/runtime/internal/watch"
	"github.com/livec-lang/livec/runtime/ratelimit"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/store/sqlite"
)

var notes = &relation.Table{
	Name:    "note",
	Columns: relation.Schema{{Name: "id", Kind: relation.Text}, {Name: "text", Kind: relation.Text}},
	Key:     []int{0},
}

// quiet is an engine whose watchers have been notified of everything.
type quiet struct{ watched [][]store.Dependency }

func (q *quiet) Watch(deps []store.Dependency, _ func()) func() {
	q.watched = append(q.watched, deps)
	return func() {}
}
func (*quiet) Notified() uint64                            { return 1 << 62 }
func (*quiet) Changed(store.Dependency, uint64) bool       { return false }
func (*quiet) AwaitNotified(context.Context, uint64) error { return nil }

// collision is an error of a store after which the transaction may run again.
type collision struct{}

func (collision) Error() string { return "another transaction was first" }
func (collision) Retry() bool   { return true }

// conflicts is a store whose next transactions fail after they have run.
type conflicts struct {
	store.Store
	left int
}

func (c *conflicts) Submit(ctx context.Context, fn func(store.Tx) error, done func(store.Commit, error)) {
	c.Store.Submit(ctx, func(tx store.Tx) error {
		err := fn(tx)
		if err == nil && c.left > 0 {
			c.left--
			return collision{}
		}
		return err
	}, done)
}

type fixture struct {
	*Runner
	store   *conflicts
	engine  *quiet
	log     *bytes.Buffer
	retried int
}

func newFixture(t *testing.T, upgrade func(*Invocation) (any, string, error)) *fixture {
	t.Helper()
	f := newBoundedFixture(t, sqlite.Options{})
	f.cfg.Upgrade = upgrade
	return f
}

// newBoundedFixture is newFixture with the bounds of a store.
func newBoundedFixture(t *testing.T, o sqlite.Options) *fixture {
	t.Helper()
	db, err := sqlite.Open(t.Context(), sqlite.Memory, []*relation.Table{notes, idempotency.Table}, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	f := &fixture{store: &conflicts{Store: db}, engine: &quiet{}, log: &bytes.Buffer{}}
	log := slog.New(slog.NewTextHandler(f.log, nil))
	f.Runner = New(Config{
		Context: context.Background(), Store: f.store, Watcher: &watch.Watcher{Store: f.store, Engine: f.engine},
		Clock: instant.New(clock.System{}), Limits: ratelimit.NewMemory(nil), Replies: &idempotency.Replies{},
		Faults: &fault.Reporter{Log: log}, Log: log, Tasks: &tasks.Group{}, Retried: func() { f.retried++ },
		Govern: govern.New(nil, 1<<30, nil),
		Face:   func(*Invocation) any { return nil },
	})
	return f
}

// ask makes a request by a user.
func ask(mode Mode, do func(in *Invocation) error) Request {
	return Request{
		Spec: Spec{Path: "app/do", Mode: mode}, From: &identity.Caller{}, As: As(&identity.Identity{User: "ann", Key: "ann"}), Do: do,
	}
}

func (f *fixture) note(t *testing.T, id string) (text any) {
	t.Helper()
	_, err := f.Do(t.Context(), ask(Read, func(in *Invocation) error {
		row, err := in.Tx.Get(notes, relation.Row{id})
		if row != nil {
			text = row[1]
		}
		return err
	}))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestTimeInTransaction has code that takes too long in its transaction: a loop, and an extern function that ignores its context.
func TestTimeInTransaction(t *testing.T) {
	f := newBoundedFixture(t, sqlite.Options{Limits: limits.Values{limits.MaxWriteTime: 20, limits.MaxReadTime: 20}})
	var late []string
	f.cfg.Faults.Overtime = func(name string) { late = append(late, name) }
	loop := func(in *Invocation) error {
		for {
			if err := in.Step(); err != nil {
				return err
			}
		}
	}
	never := make(chan struct{})
	defer close(never)
	stuck := func(*Invocation) error { <-never; return nil }
	for name, test := range map[string]struct {
		mode     Mode
		external bool
		do       func(*Invocation) error
	}{
		"a loop that writes":    {Write, false, loop},
		"a loop that reads":     {Read, false, loop},
		"a function that hangs": {Write, true, stuck},
	} {
		q := ask(test.mode, func(in *Invocation) error {
			if test.mode == Write {
				if err := in.Tx.Insert(notes, relation.Row{"late", name}); err != nil {
					return err
				}
			}
			return test.do(in)
		})
		q.Kind, q.External = store.Calls, test.external
		_, err := f.Do(t.Context(), q)
		if shown := f.cfg.Faults.Report(t.Context(), "app/do", err); shown.Code != fault.CodeTimeout {
			t.Errorf("%s: %v is shown as %v", name, err, shown)
		}
		if text := f.note(t, "late"); text != nil {
			t.Errorf("%s: it was not undone", name)
		}
	}
	if len(late) != 3 || strings.Count(f.log.String(), "a transaction took too long") != 1 || !strings.Contains(f.log.String(), "app/do") {
		t.Errorf("counted %v, logged %s", late, f.log)
	}
}

// TestModes runs in each mode.
func TestModes(t *testing.T) {
	f := newFixture(t, nil)
	for mode, transaction := range map[Mode]bool{Pure: false, Read: true, Write: true} {
		left := 0
		_, err := f.Do(t.Context(), ask(mode, func(in *Invocation) error {
			if (in.Tx != nil) != transaction || in.Who.Key != "ann" {
				t.Errorf("mode %d: a transaction %v, as %q", mode, in.Tx, in.Who.Key)
			}
			in.AfterCommit(func() { left++ })
			return nil
		}))
		if err != nil || left != 1 {
			t.Errorf("mode %d: %v, %d things done after the commit", mode, err, left)
		}
		refused := errors.New("refused")
		_, err = f.Do(t.Context(), ask(mode, func(in *Invocation) error {
			in.AfterCommit(func() { left++ })
			return refused
		}))
		if !errors.Is(err, refused) || left != 1 {
			t.Errorf("mode %d, failing: %v, %d things done after the commit", mode, err, left)
		}
		var panicked *store.PanicError
		if _, err = f.Do(t.Context(), ask(mode, func(*Invocation) error { panic("no") })); !errors.As(err, &panicked) {
			t.Errorf("mode %d: a panic gives %v", mode, err)
		}
		nobody := ask(mode, func(*Invocation) error { t.Errorf("mode %d runs as nobody", mode); return nil })
		nobody.As = As(nil)
		if _, err := f.Do(t.Context(), nobody); err != nil {
			t.Error(err)
		}
	}
}

// TestExternFunctionsAreBounded calls a function that ignores its context: nobody waits for it once the time is up, and its transaction was
// undone.
func TestExternFunctionsAreBounded(t *testing.T) {
	f := newFixture(t, nil)
	for _, mode := range []Mode{Pure, Read, Write} {
		ctx, cancel := context.WithCancel(t.Context())
		leave, late := make(chan struct{}), make(chan error, 1)
		q := ask(mode, func(in *Invocation) error {
			cancel()
			<-leave
			err := errRevoked
			if mode != Pure {
				_, err = in.Tx.Get(notes, relation.Row{"a"})
			}
			late <- err
			return nil
		})
		q.External = true
		if _, err := f.Do(ctx, q); !errors.Is(err, context.Canceled) {
			t.Errorf("mode %d: %v", mode, err)
		}
		close(leave)
		if err := <-late; !errors.Is(err, errRevoked) {
			t.Errorf("mode %d: what is over gets %v", mode, err)
		}
		q.Do = func(in *Invocation) error {
			if (in.Tx != nil) != (mode != Pure) {
				t.Errorf("mode %d: a transaction %v", mode, in.Tx)
			}
			return nil
		}
		if _, err := f.Do(t.Context(), q); err != nil {
			t.Errorf("mode %d: %v", mode, err)
		}
	}
}

// TestConflicts checks that conflicts are repeated, but no more than three times.
func TestConflicts(t *testing.T) {
	f := newFixture(t, nil)
	for _, test := range []struct {
		conflicts, runs int
		fails           bool
	}{{1, 2, false}, {3, 4, false}, {4, 4, true}} {
		f.store.left, f.retried = test.conflicts, 0
		id, runs := fmt.Sprint(test.conflicts), 0
		_, err := f.Do(t.Context(), ask(Write, func(in *Invocation) error {
			runs++
			return in.Tx.Insert(notes, relation.Row{id, "x"})
		}))
		if runs != test.runs || fault.Retryable(err) != test.fails || (f.note(t, id) != nil) == test.fails {
			t.Errorf("%d conflicts: %d runs, %v", test.conflicts, runs, err)
		}
	}
}

// TestWatch runs under watch, and within a running transaction.
func TestWatch(t *testing.T) {
	f := newFixture(t, func(in *Invocation) (any, string, error) {
		in.Credentials.Rely(time.Unix(5, 0), "token")
		row, err := in.Tx.Get(notes, relation.Row{"who"})
		return row, "ann", err
	})
	read := func(in *Invocation) error {
		_, err := in.Tx.Get(notes, relation.Row{"a"})
		return err
	}
	cancel, reads, err := f.Watch(t.Context(), ask(Read, read), func() {})
	if err != nil || cancel == nil || len(reads.Deps) != 1 || len(f.engine.watched) != 1 {
		t.Errorf("%v, %v watched as %v", err, reads, f.engine.watched)
	}
	cancel, reads, err = f.Watch(t.Context(), ask(Pure, func(*Invocation) error { return nil }), func() {})
	if err != nil || cancel != nil || reads.Any() {
		t.Errorf("without a transaction: %v, %v", err, reads)
	}
	who, cancel, err := f.IdentifyWatched(t.Context(), &identity.Caller{}, false, func(*identity.Identity) {})
	if err != nil || cancel == nil || who.Key != "ann" || who.Proof != "token" || !who.Reads.Any() {
		t.Errorf("identified as %v, %v", who, err)
	}
	who, err = f.IdentifyNow(t.Context(), &identity.Caller{}, false)
	if err != nil || who.Key != "ann" || !who.Until.Equal(time.Unix(5, 0)) {
		t.Errorf("identified as %v, %v", who, err)
	}
}

// job is a task that answers with its arguments.
type job struct {
	Task
	run   func(in *Invocation) error
	ended chan *fault.Error
}

func (*job) Identify(context.Context, store.Tx) (*identity.Identity, error) {
	return &identity.Identity{Key: "ann"}, nil
}

func (j *job) Run(in *Invocation, dst []byte) ([]byte, error) {
	return append(dst, j.Args...), j.run(in)
}

func (j *job) Ended(_ uint64, err error) { j.ended <- j.Failure(err) }

func (f *fixture) call(t *testing.T, mode Mode, seed, args string, run func(in *Invocation) error) (answer string, failure *fault.Error) {
	t.Helper()
	j := &job{run: run, ended: make(chan *fault.Error, 1)}
	j.Job, j.Spec, j.From, j.Args = j, &Spec{Path: "app/call", Mode: mode}, &identity.Caller{}, []byte(args)
	j.Reply = []byte("ok ")
	if seed != "" {
		j.Seed, _ = ParseSeed(seed)
	}
	f.Start(t.Context(), &j.Task)
	failure = <-j.ended
	return string(j.Reply), failure
}

// TestTasks runs tasks in each mode, and runs tasks with the same seed once.
func TestTasks(t *testing.T) {
	f := newFixture(t, nil)
	for _, mode := range []Mode{Pure, Read, Write} {
		if answer, failure := f.call(t, mode, "", "[1]", func(*Invocation) error { return nil }); answer != "ok [1]" || failure != nil {
			t.Errorf("mode %d: %s, %v", mode, answer, failure)
		}
		_, failure := f.call(t, mode, "", "[1]", func(*Invocation) error { panic("no") })
		if failure == nil || failure.Code != fault.CodeInternal || !strings.Contains(f.log.String(), "panic") {
			t.Errorf("mode %d: a panic gives %v", mode, failure)
		}
	}
	seed := "018bcfe5-6800-7000-8000-000000000001"
	var ids []string
	insert := func(in *Invocation) error {
		ids = append(ids, in.NewID())
		return in.Tx.Insert(notes, relation.Row{"once", "x"})
	}
	f.store.left = 1
	for range 2 {
		if answer, failure := f.call(t, Write, seed, "[2]", insert); answer != "ok [2]" || failure != nil {
			t.Errorf("%s, %v", answer, failure)
		}
	}
	if len(ids) != 2 || f.retried != 1 { // the first run, and its repetition after the conflict
		t.Errorf("it ran %d times, and was repeated %d times", len(ids), f.retried)
	}
	if _, failure := f.call(t, Write, seed, "[3]", insert); failure == nil || failure.Code != fault.CodeConflict {
		t.Errorf("a seed with other arguments: %v", failure)
	}
}

// TestOrder checks that what runs after commits runs in the order of the commits.
func TestOrder(t *testing.T) {
	f := newFixture(t, nil)
	var order, want []int
	for i := range 50 {
		_, err := f.Do(t.Context(), ask(Write, func(in *Invocation) error {
			in.AfterCommit(func() { order = append(order, i) })
			return in.Tx.Insert(notes, relation.Row{fmt.Sprint(i), "x"})
		}))
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, i)
	}
	if err := f.Settled(t.Context()); err != nil || !slices.Equal(order, want) || f.Writing() != 0 {
		t.Errorf("the order is %v, %v", order, err)
	}
}
