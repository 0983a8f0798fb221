package feed

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/bus"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/merge"
)

// newSmall makes feeds that may use little memory.
func newSmall(t *testing.T, bytes int64) *fixture {
	return newLimited(t, bus.NewMemory(), limits.Values{limits.Linger: 1000, limits.MaxTopicMemory: bytes})
}

func (s *fixture) none() {
	s.t.Helper()
	s.Close()
	if used := s.memory.Used(); used != 0 {
		s.t.Errorf("%d bytes are in use when nothing is", used)
	}
}

// TestIdleFeedsMakeRoom publishes to ever new arguments: the oldest feeds without a holder end, and those with a holder stay.
func TestIdleFeedsMakeRoom(t *testing.T) {
	const most = 200 << 10
	s := newSmall(t, most)
	spec := &Spec{Rule: merge.Rule{Kind: merge.Latest, Max: 100}, Keeps: true, Lasting: true, Expire: time.Hour}
	held := s.hold(Key{"a/b", "held"}, spec)
	data := `"` + strings.Repeat("x", 1000) + `"`
	for i := range 1000 {
		p := &Publication{Key: Key{"a/b", strconv.Itoa(i)}, Spec: spec, Event: Event{Name: "said", Data: []byte(data)}}
		if _, err := s.Admit(p, Pace{}, "", 0); err != nil {
			t.Fatal(err)
		}
		if err := s.Publish(p, Pace{}, ""); err != nil {
			t.Fatal(err)
		}
		if used := s.memory.Used(); used > most {
			t.Fatalf("%d bytes are in use", used)
		}
	}
	if n := s.Len(); n < 20 || n > 200 {
		t.Errorf("%d feeds are left", n)
	}
	open := s.Open()
	if open[Key{"a/b", "999"}] == nil || open[Key{"a/b", "0"}] != nil || open[held.key] != held {
		t.Error("others have ended than the oldest without a holder")
	}
	if s.cfg.Govern.ReachedTotal(limits.MaxTopicMemory) == 0 {
		t.Error("nothing is counted")
	}
	s.none()
}

// TestNoMemory fills the memory with feeds that have holders.
func TestNoMemory(t *testing.T) {
	s := newSmall(t, 100<<10)
	for _, kind := range []merge.Kind{merge.Crud, merge.Latest, merge.Set, merge.Presence, merge.Cursor} {
		t.Run(kind.String(), func(t *testing.T) {
			spec := &Spec{Rule: merge.Rule{Kind: kind, Max: 1 << 20}, Keeps: true, Lasting: true}
			f := s.hold(Key{"a/" + kind.String(), "[]"}, spec)
			puts, removal := kind.Puts()
			switch kind {
			case merge.Set:
				puts, removal = merge.SetAll, merge.SetAll
			case merge.Latest:
				puts = "said"
			}
			text := strings.Repeat("x", 5000)
			event := func(name string, i int) *Publication {
				data := fmt.Sprintf(`{"key":%d,"id":%d,"text":%q}`, i, i, text)
				return &Publication{Key: f.key, Spec: spec, Event: Event{Name: name, Data: []byte(data)}}
			}
			full := func(p *Publication) bool {
				t.Helper()
				_, err := s.Admit(p, Pace{}, "", 0)
				if err != nil && fault.CodeOf(err) != fault.CodeOverloaded {
					t.Fatal(err)
				}
				return err != nil
			}
			n := 0
			for ; n < 1000 && !full(event(puts, n)); n++ {
				s.publish(f, puts, string(event(puts, n).Data), nil)
				if kind == merge.Set {
					text += text[:1000]
				}
			}
			if n < 5 || n == 1000 {
				t.Fatalf("%d events are accepted", n)
			}
			other := Key{"a/other", strings.Repeat("x", 5000)}
			if _, err := s.Hold(t.Context(), other, spec, ""); fault.CodeOf(err) != fault.CodeOverloaded {
				t.Errorf("another feed: %v", err)
			}
			if !full(&Publication{Key: other, Spec: spec, Event: event(puts, 0).Event}) {
				t.Error("an event makes another feed")
			}
			if full(&Publication{Key: other, Spec: &Spec{Rule: spec.Rule}, Event: event(puts, 0).Event}) {
				t.Error("an event that nobody gets is refused")
			}
			if text = "x"; removal != "" && kind.Compacts() && full(event(removal, 0)) {
				t.Error("an event that frees memory is refused")
			}
			if again, err := s.Hold(t.Context(), f.key, spec, ""); err != nil {
				t.Errorf("a feed that is there: %v", err)
			} else {
				s.Release(again, "")
			}
			s.Release(f, "")
			s.clock.Advance(time.Minute, nil)
			if s.memory.Used() != 0 || full(&Publication{Key: other, Spec: spec, Event: event(puts, 0).Event}) {
				t.Errorf("%d bytes are in use", s.memory.Used())
			}
		})
	}
}

// TestMemoryOfLanes holds events back, and forgets what was known of them.
func TestMemoryOfLanes(t *testing.T) {
	s := newSmall(t, 1<<20)
	spec := &Spec{Rule: merge.Rule{Kind: merge.Crud}, Keeps: true}
	for i := range 10 {
		p := &Publication{Key: Key{"a/b", strconv.Itoa(i)}, Spec: spec, Event: Event{Name: merge.Created, Data: []byte(`{"id":1}`)}}
		pace := Pace{Throttle: time.Second}
		if i%2 == 0 {
			pace = Pace{Debounce: time.Second}
		}
		for range 3 {
			if err := s.Publish(p, pace, ""); err != nil {
				t.Fatal(err)
			}
		}
	}
	if used := s.memory.Used(); used < 10*pacedSize {
		t.Errorf("%d bytes are in use", used)
	}
	s.clock.Advance(time.Minute, nil)
	if used := s.memory.Used(); used != 0 {
		t.Errorf("%d bytes are in use when nothing is held back", used)
	}
	p := &Publication{Key: Key{"a/b", "last"}, Spec: spec, Event: Event{Name: merge.Created, Data: []byte(`{"id":1}`)}}
	if err := s.Publish(p, Pace{Debounce: time.Second}, ""); err != nil {
		t.Fatal(err)
	}
	s.none()
}

// TestHeldBackWithinMemory holds events of ever new topics back, whether or not anybody gets them: feeds without a holder make room, and
// then nothing more is accepted until some have left. What replaces an event that is held back is.
func TestHeldBackWithinMemory(t *testing.T) {
	const most = 200 << 10
	text := strings.Repeat("x", 5000)
	for name, pace := range map[string]Pace{"debounce": {Debounce: time.Minute}, "throttle": {Throttle: time.Minute}} {
		for _, kind := range []merge.Kind{merge.Set, merge.Crud} {
			t.Run(name+" "+kind.String(), func(t *testing.T) {
				s := newSmall(t, most)
				spec := &Spec{Rule: merge.Rule{Kind: kind}}
				event := merge.SetAll
				if kind == merge.Crud {
					event = merge.Updated
				}
				s.Release(s.hold(Key{"a/idle", "[]"}, spec), "")
				publish := func(topic, text string) error {
					p := &Publication{Key: Key{"a/b", topic}, Spec: spec, Event: Event{Name: event, Data: fmt.Appendf(nil, `{"id":1,"text":%q}`, text)}}
					if _, err := s.Admit(p, pace, "ann", 0); err != nil {
						return err
					}
					return s.Publish(p, pace, "ann")
				}
				var err error
				n := 0
				for ; err == nil && n < 1000; n++ {
					topic := strconv.Itoa(n) + text[:1000] // the first with a throttle leaves at once, but what is known of it stays
					if err = publish(topic, text); err == nil && n%2 == 0 {
						err = publish(topic, text)
					}
					if used := s.memory.Used(); used > most {
						t.Fatalf("%d bytes are in use", used)
					}
				}
				if n < 15 || n == 1000 || fault.CodeOf(err) != fault.CodeOverloaded {
					t.Fatalf("after %d topics: %v", n, err)
				}
				if err := publish("0"+text[:1000], text); err != nil {
					t.Errorf("an event in the place of another one: %v", err)
				}
				if s.Len() != 0 || s.cfg.Govern.ReachedTotal(limits.MaxTopicMemory) == 0 {
					t.Errorf("%d feeds that nobody uses have made no room, or nothing is counted", s.Len())
				}
				s.clock.Advance(2*time.Minute, nil)
				if err := publish("another", text); err != nil || s.memory.Used() > 2*int64(len(text)) {
					t.Errorf("%d bytes are in use after the pace: %v", s.memory.Used(), err)
				}
				s.none()
			})
		}
	}
}

// TestMemoryOfCatchUps reads first values while events are published.
func TestMemoryOfCatchUps(t *testing.T) {
	s := newSmall(t, 1<<20)
	f := s.hold(Key{"a/b", "[]"}, &Spec{Rule: merge.Rule{Kind: merge.Crud}})
	empty := s.memory.Used()
	ends, joins := f.CatchUp(), f.CatchUp()
	s.publish(f, merge.Created, `{"id":1,"text":"`+strings.Repeat("x", 5000)+`"}`, nil)
	if used := s.memory.Used(); used < empty+10_000 {
		t.Errorf("%d bytes are in use", used-empty)
	}
	ends.End()
	if _, _, err := joins.Join(nil, []byte(`[]`), 0); err != nil {
		t.Fatal(err)
	}
	if f.caught != 0 {
		t.Errorf("%d bytes of events that nobody collects", f.caught)
	}
	s.Release(f, "")
	s.clock.Advance(time.Minute, nil)
	s.none()
}
