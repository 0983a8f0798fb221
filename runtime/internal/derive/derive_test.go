package derive

import (
	"context"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/bus"
	"github.com/livec-lang/livec/runtime/clock"
	"github.com/livec-lang/livec/runtime/govern"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/topic"
)

// fixture has one number, which values are computed from.
type fixture struct {
	*Values
	clock   *clock.Manual
	running sync.WaitGroup

	mu       sync.Mutex
	n        int
	fails    error
	computed int
	watched  map[*func()]struct{} // the watches of the number, both as a row that was read and as a table
	errors   []error
	delayed  []error
}

func newFixture(t *testing.T, b bus.Bus) *fixture {
	return newLimited(t, b, limits.Values{limits.Linger: 1000})
}

func newLimited(t *testing.T, b bus.Bus, set limits.Values) *fixture {
	f := &fixture{clock: clock.NewManual(time.Unix(0, 0)), watched: map[*func()]struct{}{}}
	hub := topic.NewHub(1 << 20)
	var err error
	f.Values, err = New(Config{
		Context: t.Context(), Bus: b, Hub: hub, Clock: f.clock, Govern: govern.New(set, 1<<30, nil),
		Watch: func(_ []*relation.Table, again func()) func() { return f.watch(again) },
		Spawn: f.running.Go,
		Report: func(_ string, err error) {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.errors = append(f.errors, err)
		},
		Delayed: func(_ string, err error) {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.delayed = append(f.delayed, err)
		},
	}, []string{"a/source", "a/source"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(hub.Close)
	t.Cleanup(f.Close)
	return f
}

func (f *fixture) watch(again func()) (cancel func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.watched[&again] = struct{}{}
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.watched, &again)
	}
}

// commit changes the number, and waits for what results from it.
func (f *fixture) commit(n int, fails error) {
	f.mu.Lock()
	f.n, f.fails = n, fails
	var watchers []func()
	for again := range f.watched {
		watchers = append(watchers, *again)
	}
	f.mu.Unlock()
	for _, again := range watchers {
		again()
	}
	f.running.Wait()
}

func (f *fixture) compute(_ context.Context, _ By, again func()) (found Computed, err error) {
	if again != nil {
		found.Cancel = f.watch(again)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.computed++
	found.Value, found.Seq = strconv.AppendInt(nil, int64(f.n), 10), uint64(f.n)
	return found, f.fails
}

func (f *fixture) open(t *testing.T, spec *Spec) *Value {
	t.Helper()
	v, err := f.Open(t.Context(), feed.Key{Stream: "a/b", Topic: "[]"}, spec, f.compute, "")
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func wantValue(t *testing.T, v *Value, want string, events uint64) {
	t.Helper()
	got, seq, err := v.Attach(t.Context(), "", nil, 0)
	if err != nil || string(got) != want || seq != events {
		t.Errorf("the value is %s after %d events, want %s after %d; %v", got, seq, want, events, err)
	}
}

// TestWatched checks that a value is computed again when what it was computed from changes.
func TestWatched(t *testing.T) {
	f := newFixture(t, bus.NewMemory())
	v := f.open(t, &Spec{})
	if f.open(t, &Spec{}) != v || f.computed != 1 {
		t.Errorf("a value that is shared was computed %d times", f.computed)
	}
	wantValue(t, v, "0", 0)
	f.commit(1, nil)
	f.commit(1, nil) // the same value makes no event
	wantValue(t, v, "1", 1)
	failure := &fault.Error{Code: "NO_VALUE"}
	f.commit(2, failure)
	wantValue(t, v, "1", 1)
	if len(f.errors) != 1 || len(f.watched) != 1 {
		t.Errorf("errors %v, watched %d times", f.errors, len(f.watched))
	}
	f.commit(3, nil)
	wantValue(t, v, "3", 2)
	v.Release("")
	v.Release("")
	f.clock.Advance(time.Minute, nil)
	if f.Len() != 0 || len(f.watched) != 0 || f.clock.Timers() != 0 {
		t.Errorf("%d values, %d watches and %d timers are left", f.Len(), len(f.watched), f.clock.Timers())
	}
	f.mu.Lock()
	f.fails = failure
	f.mu.Unlock()
	if _, err := f.Open(t.Context(), feed.Key{}, &Spec{}, f.compute, ""); err != failure || len(f.watched) != 0 {
		t.Errorf("the first value: %v", err)
	}
	f.Close()
	if _, err := f.Open(t.Context(), feed.Key{}, &Spec{}, f.compute, ""); err != fault.Unavailable {
		t.Errorf("after the end: %v", err)
	}
}

// TestNamed checks that a value is computed again when its named sources change, after a time without a change, also if another server has
// changed a stream.
func TestNamed(t *testing.T) {
	b := bus.NewMemory()
	f, other := newFixture(t, b), newFixture(t, b)
	v := f.open(t, &Spec{Debounce: time.Second, Tables: []*relation.Table{{Name: "T"}}, Streams: []string{"a/source"}})
	f.commit(1, nil)
	f.clock.Advance(900*time.Millisecond, nil)
	other.Changed("a/source")
	f.clock.Advance(900*time.Millisecond, nil)
	f.running.Wait()
	wantValue(t, v, "0", 0)
	f.clock.Advance(100*time.Millisecond, nil)
	f.running.Wait()
	wantValue(t, v, "1", 1)
	f.Changed("a/other")
	if f.clock.Timers() != 0 || f.computed != 2 || other.computed != 0 {
		t.Errorf("%d timers, computed %d and %d times", f.clock.Timers(), f.computed, other.computed)
	}
}
