package derive

import (
	"bytes"
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/bus"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/feed"
)

// TestMemory opens values until the memory for them is used: those without a holder end, and when all have one, no others can be opened.
func TestMemory(t *testing.T) {
	const most = 100 << 10
	s := newLimited(t, bus.NewMemory(), limits.Values{limits.Linger: 1000, limits.MaxTopicMemory: most, limits.MaxResult: 10_000})
	size := 5000
	compute := func(context.Context, By, func()) (Computed, error) {
		return Computed{Value: bytes.Repeat([]byte("1"), size)}, nil
	}
	open := func(i int) (*Value, error) {
		return s.Open(t.Context(), feed.Key{Stream: "a/b", Topic: strconv.Itoa(i)}, &Spec{}, compute, "")
	}
	for i := range 100 {
		v, err := open(i)
		if err != nil {
			t.Fatal(err)
		}
		v.Release("")
		if used := s.memory.Used(); used > most {
			t.Fatalf("%d bytes are in use", used)
		}
	}
	var held []*Value
	for {
		v, err := open(len(held))
		if fault.CodeOf(err) == fault.CodeOverloaded {
			break
		}
		if err != nil || len(held) > 100 {
			t.Fatalf("%d values are open: %v", len(held), err)
		}
		held = append(held, v)
	}
	if len(held) < 5 || s.Len() != len(held) {
		t.Errorf("%d values are open, and %d in memory", len(held), s.Len())
	}
	for _, v := range held {
		v.Release("")
	}
	size = 10_001
	if _, err := open(-1); fault.CodeOf(err) != fault.CodeResultSize {
		t.Errorf("a large value: %v", err)
	}
	s.clock.Advance(time.Minute, nil)
	if used := s.memory.Used(); used != 0 {
		t.Errorf("%d bytes are in use when nothing is", used)
	}
	_, err := open(1)
	if size = 10; err == nil {
		t.Fatal("a value that is too large is kept")
	}
	v, err := open(1)
	if err != nil {
		t.Fatal(err)
	}
	v.Release("")
	s.Close()
	if used := s.memory.Used(); used != 0 {
		t.Errorf("%d bytes are in use when nothing is", used)
	}
}

// TestIdleValuesMakeRoom has many callers open values and leave them. One that holds little can open further ones.
func TestIdleValuesMakeRoom(t *testing.T) {
	const most = 100 << 10
	s := newLimited(t, bus.NewMemory(), limits.Values{
		limits.Linger: 60_000, limits.MaxTopicMemory: most, limits.MaxTopicMemoryPerCaller: most / 4,
	})
	compute := func(context.Context, By, func()) (Computed, error) {
		return Computed{Value: bytes.Repeat([]byte("1"), 5000)}, nil
	}
	open := func(topic, caller string) *Value {
		t.Helper()
		v, err := s.Open(t.Context(), feed.Key{Stream: "a/b", Topic: topic}, &Spec{}, compute, caller)
		if err != nil {
			t.Fatalf("%s by %s: %v", topic, caller, err)
		}
		return v
	}
	own := open("own", "ann")
	defer own.Release("ann")
	for i := range 60 {
		n := strconv.Itoa(i)
		open(n, "caller "+n).Release("caller " + n)
		open("more "+n, "ann").Release("ann")
	}
}
