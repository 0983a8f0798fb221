package derive

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/bus"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/store"
)

// TestManyAreRight changes what many values are computed from, again and again, while computations fail at random moments for reasons that
// pass: few are computed at once, none by the turn of a caller, and in the end all are right.
func TestManyAreRight(t *testing.T) {
	f := newLimited(t, bus.NewMemory(), limits.Values{limits.Linger: 1000, limits.Readers: 3})
	var running, most, callers atomic.Int64
	passing := []error{
		&store.Overloaded{Limit: limits.MaxReads}, &store.Overtime{Limit: limits.MaxReadTime}, context.DeadlineExceeded,
		fmt.Errorf("%w: disk I/O error", store.ErrUnavailable), fault.Unavailable, errors.New("not known"),
	}
	var tries atomic.Int64
	compute := func(ctx context.Context, by By, again func()) (Computed, error) {
		n := running.Add(1)
		defer running.Add(-1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
			continue
		}
		found, err := f.compute(ctx, by, again)
		if !by.Own {
			callers.Add(1)
			return found, nil
		}
		if n := int(tries.Add(1)); err == nil && n%4 == 0 {
			err = passing[n/4%len(passing)]
		}
		return found, err
	}
	const n = 500
	values := make([]*Value, n)
	for i := range values {
		var err error
		key := feed.Key{Stream: "a/b", Topic: strconv.Itoa(i)}
		if values[i], err = f.Open(t.Context(), key, &Spec{}, compute, strconv.Itoa(i%7)); err != nil {
			t.Fatal(err)
		}
	}
	most.Store(0)
	for i := range 20 {
		f.commit(i+1, nil)
	}
	for range 100 {
		if f.clock.Timers() == 0 {
			break
		}
		f.clock.Advance(mostPause, nil)
		f.running.Wait()
	}
	for i, v := range values {
		if string(v.value) != "20" || v.seq != 20 || v.dirty || v.fails != 0 {
			t.Errorf("value %d is %s at commit %d after %d failures", i, v.value, v.seq, v.fails)
		}
	}
	if most.Load() > 3 || callers.Load() != n {
		t.Errorf("%d are computed at once, %d of them for callers", most.Load(), callers.Load())
	}
	if len(f.delayed) == 0 || len(f.errors) != 0 {
		t.Errorf("%d are delayed, and these are reported: %v", len(f.delayed), f.errors)
	}
}

// TestPauses checks that a computation that fails again and again is tried again after pauses that grow, that a change does not shorten
// them, and that a caller who needs what has changed gets the error, or computes the value itself.
func TestPauses(t *testing.T) {
	f := newFixture(t, bus.NewMemory())
	v := f.open(t, &Spec{})
	overloaded := &store.Overloaded{Limit: limits.MaxReadWait}
	f.commit(1, overloaded)
	for i := range 20 {
		most := min(firstPause<<i, mostPause)
		before := f.computed
		f.commit(1, overloaded) // another change
		pause, step := time.Duration(0), most/50
		for ; f.computed == before && pause < most; pause += step {
			f.clock.Advance(step, f.running.Wait)
		}
		if f.computed != before+1 || pause < most/2 {
			t.Fatalf("failure %d: tried %d times after %v", i, f.computed-before, pause)
		}
	}
	wantValue(t, v, "0", 0)
	if _, _, err := v.Attach(t.Context(), "", nil, 1); !errors.Is(err, store.ErrOverloaded) {
		t.Errorf("a caller who needs commit 1: %v", err)
	}
	f.mu.Lock()
	f.fails = nil
	f.mu.Unlock()
	if got, offset, err := v.Attach(t.Context(), "", nil, 1); string(got) != "1" || offset != 1 || err != nil {
		t.Errorf("a caller who needs commit 1 gets %s at %d; %v", got, offset, err)
	}
	if f.clock.Timers() != 0 || v.dirty {
		t.Errorf("%d timers wait", f.clock.Timers())
	}
	f.commit(2, overloaded)
	if got, _, err := v.Attach(t.Context(), "", nil, 1); string(got) != "1" || err != nil {
		t.Errorf("a caller who has seen commit 1 gets %s; %v", got, err)
	}
	f.commit(3, &fault.Error{Code: "NO_VALUE"})
	f.clock.Advance(time.Minute, nil)
	f.running.Wait()
	if f.clock.Timers() != 0 || len(f.errors) != 1 {
		t.Errorf("%d timers wait after an error for good: %v", f.clock.Timers(), f.errors)
	}
}

// TestCallersDelayNobody has callers who need what has changed be refused, or go away: the server computes the value at once itself.
func TestCallersDelayNobody(t *testing.T) {
	for _, failure := range []error{&store.Overloaded{Limit: limits.MaxReadsPerCaller}, context.Canceled} {
		f := newLimited(t, bus.NewMemory(), limits.Values{limits.Linger: 1000, limits.Readers: 1})
		hold, held := make(chan struct{}), make(chan struct{})
		other, err := f.Open(t.Context(), feed.Key{Stream: "a/b", Topic: "other"}, &Spec{},
			func(ctx context.Context, by By, again func()) (Computed, error) {
				if by.Own {
					close(held)
					<-hold
				}
				return f.compute(ctx, by, again)
			}, "")
		if err != nil {
			t.Fatal(err)
		}
		v, err := f.Open(t.Context(), feed.Key{Stream: "a/b", Topic: "[]"}, &Spec{},
			func(ctx context.Context, by By, again func()) (Computed, error) {
				found, err := f.compute(ctx, by, again)
				if !by.Own && found.Seq > 0 {
					err = failure
				}
				return found, err
			}, "")
		if err != nil {
			t.Fatal(err)
		}
		f.mu.Lock()
		f.n = 1
		f.mu.Unlock()
		other.touch()
		<-held // the only worker has something to do
		v.touch()
		if _, _, err := v.Attach(t.Context(), "bob", nil, 1); !errors.Is(err, failure) {
			t.Errorf("a caller whose turn fails with %v gets %v", failure, err)
		}
		close(hold)
		f.running.Wait()
		wantValue(t, v, "1", 1)
		if f.clock.Timers() != 0 || len(f.errors)+len(f.delayed) != 0 {
			t.Errorf("%d timers wait; reported %v, delayed %v", f.clock.Timers(), f.errors, f.delayed)
		}
	}
}

// TestTurns checks that one who has opened many values delays these, and not that of another one.
func TestTurns(t *testing.T) {
	f := newLimited(t, bus.NewMemory(), limits.Values{limits.Linger: 1000, limits.Readers: 1})
	var order []string
	hold, held := make(chan struct{}), make(chan struct{})
	open := func(i int, spec *Spec, turn string, own func()) *Value {
		compute := func(ctx context.Context, by By, again func()) (Computed, error) {
			if by.Own {
				own()
			}
			return f.compute(ctx, by, again)
		}
		v, err := f.Open(t.Context(), feed.Key{Stream: "a/b", Topic: strconv.Itoa(i)}, spec, compute, turn)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	first := open(0, &Spec{}, "first", func() { close(held); <-hold })
	for i := range 50 {
		turn := "many"
		if i == 25 {
			turn = "one"
		}
		open(i+1, &Spec{Streams: []string{"a/source"}}, turn, func() { order = append(order, turn) }) // one after the other
	}
	first.touch()
	<-held // the only worker has something to do
	for range 3 {
		f.Changed("a/source")
	}
	close(hold)
	f.running.Wait()
	if at := slices.Index(order, "one"); len(order) != 50 || at > 2 {
		t.Errorf("%d computations, and that of another caller is number %d", len(order), at)
	}
}
