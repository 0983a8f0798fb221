package feed

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/bus"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/merge"
)

// sharing are feeds with 100 kB of memory, of which a caller that is alone may have 25 kB.
func sharing(t *testing.T) *fixture {
	return newLimited(t, bus.NewMemory(), limits.Values{
		limits.Linger: 1000, limits.MaxTopicMemory: 100_000, limits.MaxTopicMemoryPerCaller: 25_000,
	})
}

// say publishes a text for a caller.
func (f *fixture) say(key Key, spec *Spec, caller, text string, pace Pace) error {
	p := &Publication{Key: key, Spec: spec, Event: Event{Name: "said", Data: []byte(`"` + text + `"`)}, Caller: caller}
	if _, err := f.Admit(p, pace, caller, 0); err != nil {
		return err
	}
	return f.Publish(p, pace, caller)
}

// TestShareOfMemory has one caller follow and publish all that it can. Others still can.
func TestShareOfMemory(t *testing.T) {
	s := sharing(t)
	spec := &Spec{Rule: merge.Rule{Kind: merge.Latest}, Keeps: true, Lasting: true}
	text := strings.Repeat("x", 1000)
	var held []*Feed
	var err error
	for i := 0; err == nil; i++ {
		var f *Feed
		if f, err = s.Hold(t.Context(), Key{"a/b", strconv.Itoa(i)}, spec, "ann"); err == nil {
			held = append(held, f)
			err = s.say(f.key, spec, "ann", text, Pace{})
		}
	}
	full := func(err error) bool { return err == errShare && fault.CodeOf(err) == fault.CodeOverloaded }
	if n := s.memory.HeldBy("ann"); !full(err) || n < 15_000 || n > 25_000 || n != s.memory.Used() {
		t.Fatalf("%d of %d bytes count for ann: %v", n, s.memory.Used(), err)
	}
	if s.cfg.Govern.ReachedTotal(limits.MaxTopicMemoryPerCaller) == 0 {
		t.Error("nothing is counted")
	}
	if err := s.say(held[0].key, spec, "ann", text+text, Pace{}); !full(err) {
		t.Errorf("ann publishes on: %v", err)
	}
	other, err := s.Hold(t.Context(), Key{"a/b", "bob"}, spec, "bob")
	if err != nil {
		t.Fatal(err)
	}
	before := s.memory.HeldBy("ann")
	for _, key := range []Key{other.key, held[0].key} { // also what ann has made
		if err := s.say(key, spec, "bob", text, Pace{}); err != nil {
			t.Error(err)
		}
	}
	if s.memory.HeldBy("ann") != before || s.memory.HeldBy("bob") < 2*int64(len(text)) {
		t.Errorf("%d bytes count for ann, %d for bob", s.memory.HeldBy("ann"), s.memory.HeldBy("bob"))
	}
	s.hold(held[0].key, spec) // by the server
	s.Release(held[0], "")
	s.Release(other, "bob")
	for _, f := range held {
		s.Release(f, "ann")
	}
	if a, b := s.memory.HeldBy("ann"), s.memory.HeldBy("bob"); a != 0 || b != 0 {
		t.Errorf("%d bytes count for ann, %d for bob, after they have gone", a, b)
	}
	s.clock.Advance(time.Second, nil)
	s.none()
}

// TestFollowersPay has the feed count for who is left, and what was published for its publisher.
func TestFollowersPay(t *testing.T) {
	s := sharing(t)
	spec := &Spec{Rule: merge.Rule{Kind: merge.Latest}, Keeps: true}
	key := Key{"a/b", "[]"}
	f, err := s.Hold(t.Context(), key, spec, "ann")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.say(key, spec, "eve", strings.Repeat("x", 5000), Pace{}); err != nil {
		t.Fatal(err)
	}
	frame, published := s.memory.HeldBy("ann"), s.memory.HeldBy("eve")
	if frame == 0 || published < 5000 {
		t.Errorf("%d bytes count for who follows, %d for who publishes", frame, published)
	}
	if _, err := s.Hold(t.Context(), key, spec, "bob"); err != nil {
		t.Fatal(err)
	}
	s.Release(f, "ann")
	if b, e := s.memory.HeldBy("bob"), s.memory.HeldBy("eve"); b == 0 || e != published {
		t.Errorf("%d bytes count for who is left, %d for who has published", b, e)
	}
	s.Release(f, "bob")
	if s.memory.HeldBy("bob")+s.memory.HeldBy("eve") != 0 {
		t.Error("what nobody holds counts")
	}
	if f, err = s.Hold(t.Context(), key, spec, "ann"); err != nil || s.memory.HeldBy("ann") != s.memory.Used() {
		t.Errorf("%d bytes of %d count for who comes back: %v", s.memory.HeldBy("ann"), s.memory.Used(), err)
	}
	s.Release(f, "ann")
	s.clock.Advance(time.Second, nil)
	s.none()
}

// TestReplacedEntries has entries that several publish count for those whose they are.
func TestReplacedEntries(t *testing.T) {
	s := sharing(t)
	spec := &Spec{Rule: merge.Rule{Kind: merge.Presence}}
	f, err := s.Hold(t.Context(), Key{"a/b", "[]"}, spec, "ann")
	if err != nil {
		t.Fatal(err)
	}
	join := func(caller, text string) {
		t.Helper()
		p := &Publication{
			Key: f.key, Spec: spec, Event: Event{Name: merge.Join, Data: Stamped(caller, []byte(`{"text":"`+text+`"}`))}, Caller: caller,
		}
		if err := s.PublishNow(p); err != nil {
			t.Fatal(err)
		}
	}
	join("eve", strings.Repeat("x", 5000))
	eve := s.memory.HeldBy("eve")
	for i := range 100 {
		join("bob", strings.Repeat("y", i%7*100))
	}
	if e, b := s.memory.HeldBy("eve"), s.memory.HeldBy("bob"); e != eve || b > 3000 {
		t.Errorf("%d bytes count for eve, %d for bob, who has a small entry", e, b)
	}
	s.Release(f, "ann")
	s.clock.Advance(time.Second, nil)
	s.none()
}

// TestHeldBackCounts has events that are held back count for their publisher.
func TestHeldBackCounts(t *testing.T) {
	s := sharing(t)
	spec := &Spec{Rule: merge.Rule{Kind: merge.Latest}}
	pace := Pace{Debounce: time.Minute}
	if err := s.say(Key{"a/b", "[]"}, spec, "ann", strings.Repeat("x", 5000), pace); err != nil {
		t.Fatal(err)
	}
	if n := s.memory.HeldBy("ann"); n < 5000 || n != s.memory.Used() {
		t.Errorf("%d bytes of %d count", n, s.memory.Used())
	}
	s.clock.Advance(time.Minute, nil)
	s.none()
}
