package feed

import (
	"fmt"
	"testing"
	"time"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/bus"
	"github.com/livec-lang/livec/runtime/clock"
	"github.com/livec-lang/livec/runtime/govern"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/merge"
	"github.com/livec-lang/livec/runtime/topic"
)

type fixture struct {
	*Feeds
	t       *testing.T
	clock   *clock.Manual
	changed map[string]int
	errors  []error
}

func newFixture(t *testing.T) *fixture {
	return newNode(t, bus.NewMemory())
}

// newNode makes the feeds of one of several servers.
func newNode(t *testing.T, b bus.Bus) *fixture {
	return newLimited(t, b, limits.Values{limits.Linger: 1000})
}

func newLimited(t *testing.T, b bus.Bus, set limits.Values) *fixture {
	f := &fixture{t: t, clock: clock.NewManual(time.Unix(0, 0)), changed: map[string]int{}}
	hub := topic.NewHub(1 << 20)
	f.Feeds = New(Config{
		Context: t.Context(), Bus: b, Hub: hub, Clock: f.clock, Govern: govern.New(set, 1<<30, nil),
		Changed: func(stream string) { f.changed[stream]++ },
		Report:  func(_ string, err error) { f.errors = append(f.errors, err) },
	})
	t.Cleanup(hub.Close)
	t.Cleanup(f.Close)
	return f
}

func wantValue(t *testing.T, f *Feed, want string) {
	t.Helper()
	if got, _ := f.Value(nil); string(got) != want {
		t.Errorf("the value is %s, want %s", got, want)
	}
}

func (s *fixture) hold(key Key, spec *Spec) *Feed {
	s.t.Helper()
	f, err := s.Hold(s.t.Context(), key, spec, "")
	if err != nil {
		s.t.Fatal(err)
	}
	return f
}

func (s *fixture) publish(f *Feed, name, data string, by *Owner) {
	s.t.Helper()
	p := Publication{Key: f.key, Spec: f.spec, Event: Event{Name: name, Data: []byte(data)}, By: by}
	if err := s.PublishNow(&p); err != nil {
		s.t.Fatal(err)
	}
}

// TestOwners has two connections of one user publish the same cursor: it stays until both have abandoned it.
func TestOwners(t *testing.T) {
	s := newFixture(t)
	f := s.hold(Key{"a/b", "[]"}, &Spec{Rule: merge.Rule{Kind: merge.Cursor}, Keeps: true})
	var ann, again, bob, late Owner
	s.publish(f, merge.Update, `{"key":"ann","x":1}`, s.Own(&ann, "ann"))
	s.publish(f, merge.Update, `{"key":"ann","x":2}`, s.Own(&again, "ann"))
	s.publish(f, merge.Update, `{"key":"bob","x":3}`, s.Own(&bob, "bob"))
	s.publish(f, merge.Update, `{"key":"eve","x":4}`, s.Own(&bob, "ignored: an owner keeps its first key"))
	ann.Abandon(f.key)
	wantValue(t, f, `[{"key":"ann","x":2},{"key":"bob","x":3},{"key":"eve","x":4}]`)
	s.publish(f, merge.Remove, `{"key":"ann"}`, s.Own(&ann, "ann")) // it had abandoned its entry, and owns one again
	wantValue(t, f, `[{"key":"ann","x":2},{"key":"bob","x":3},{"key":"eve","x":4}]`)
	again.End()
	bob.End()
	wantValue(t, f, `[{"key":"eve","x":4}]`)
	late.End()
	s.publish(f, merge.Update, `{"key":"zoe","x":5}`, s.Own(&late, "zoe"))
	wantValue(t, f, `[{"key":"eve","x":4}]`)
	if s.changed["a/b"] != 10 {
		t.Errorf("%d changes were reported", s.changed["a/b"])
	}
}

// TestLife holds feeds and releases them: a feed without a holder ends after a while, unless it has entries that have not expired.
func TestLife(t *testing.T) {
	s := newFixture(t)
	plain, lasting := Key{"a/plain", "[]"}, Key{"a/lasting", "[1]"}
	rule := merge.Rule{Kind: merge.Crud}
	s.Release(s.hold(plain, &Spec{Rule: rule, Keeps: true}), "")
	spec := &Spec{Rule: rule, Keeps: true, Lasting: true, Expire: 10 * time.Second}
	put := Publication{Key: lasting, Spec: spec, Event: Event{Name: merge.Created, Data: []byte(`{"id":1}`)}}
	if err := s.Publish(&put, Pace{}, ""); err != nil {
		t.Fatal(err)
	}
	nobody := Publication{Key: Key{"a/nobody", "[]"}, Spec: &Spec{Rule: rule}, Event: put.Event}
	if err := s.Publish(&nobody, Pace{}, ""); err != nil || s.Len() != 2 || s.changed["a/nobody"] != 1 {
		t.Errorf("an event that nobody follows: %v, %d feeds, %v", err, s.Len(), s.changed)
	}
	s.clock.Advance(5*time.Second, nil)
	f := s.Open()[lasting]
	if s.Len() != 1 || f == nil {
		t.Fatalf("%d feeds are left", s.Len())
	}
	wantValue(t, f, `[{"id":1}]`)
	s.clock.Advance(time.Minute, nil)
	if s.Len() != 0 || s.clock.Timers() != 0 {
		t.Errorf("%d feeds and %d timers are left", s.Len(), s.clock.Timers())
	}
	s.Close()
	if _, err := s.Hold(t.Context(), plain, spec, ""); err != fault.Unavailable {
		t.Errorf("a feed after the end: %v", err)
	}
}

// TestPace checks when throttled and debounced events are sent.
func TestPace(t *testing.T) {
	s := newFixture(t)
	spec := &Spec{Rule: merge.Rule{Kind: merge.Latest}, Keeps: true}
	f := s.hold(Key{"a/b", "[]"}, spec)
	n := 0
	send := func(name string, pace Pace) {
		n++
		p := Publication{Key: f.key, Spec: spec, Event: Event{Name: name, Data: fmt.Append(nil, n)}}
		if err := s.Publish(&p, pace, "ann"); err != nil {
			t.Fatal(err)
		}
	}
	throttle, debounce := Pace{Throttle: time.Second}, Pace{Debounce: time.Second}
	send("move", throttle) // 1 leaves at once
	send("move", throttle)
	send("move", throttle)
	wantValue(t, f, `[1]`)
	s.clock.Advance(time.Second, nil)
	wantValue(t, f, `[1,3]`)
	send("move", throttle)
	send("stop", Pace{}) // 4 is sent before it
	wantValue(t, f, `[1,3,4,5]`)
	send("type", debounce)
	s.clock.Advance(900*time.Millisecond, nil)
	send("type", debounce)
	s.clock.Advance(900*time.Millisecond, nil)
	wantValue(t, f, `[1,3,4,5]`)
	s.clock.Advance(100*time.Millisecond, nil)
	wantValue(t, f, `[1,3,4,5,7]`)
	s.clock.Advance(time.Minute, nil)
	if s.pacer.used.Load() != 0 || s.clock.Timers() != 0 || len(s.errors) != 0 {
		t.Errorf("%d lanes, %d timers and errors %v are left", s.pacer.used.Load(), s.clock.Timers(), s.errors)
	}
}

// TestPaceKeepsTheOrder has callers publish at their own pace. Whatever leaves last was published last.
func TestPaceKeepsTheOrder(t *testing.T) {
	for _, pace := range []Pace{{Throttle: time.Second}, {Debounce: time.Second}} {
		s := newFixture(t)
		send := func(f *Feed, caller, name, data string, pace Pace) {
			t.Helper()
			p := Publication{Key: f.key, Spec: f.spec, Event: Event{Name: name, Data: []byte(data)}}
			if err := s.Publish(&p, pace, caller); err != nil {
				t.Fatal(err)
			}
		}
		value := s.hold(Key{"a/value", "[]"}, &Spec{Rule: merge.Rule{Kind: merge.Set}, Keeps: true})
		for round := range 20 {
			first, second := "ann", "bob"
			if round%2 == 1 {
				first, second = second, first
			}
			for n := range 3 {
				send(value, first, merge.SetAll, fmt.Sprint(round*10+n), pace)
				send(value, second, merge.SetAll, fmt.Sprint(round*10+n+3), pace)
			}
			send(value, first, merge.SetAll, fmt.Sprint(round*10+6), pace) // its timer is the earlier one
			s.clock.Advance(time.Minute, nil)
			wantValue(t, value, fmt.Sprint(round*10+6))
		}

		list := s.hold(Key{"a/list", "[]"}, &Spec{Rule: merge.Rule{Kind: merge.Latest}, Keeps: true})
		for n, caller := range []string{"ann", "ann", "bob", "bob", "ann", "bob"} {
			send(list, caller, "add", fmt.Sprint(n), pace)
		}
		s.clock.Advance(time.Minute, nil)
		if got, _ := list.Value(nil); !sorted(got) {
			t.Errorf("%v: the list is %s", pace, got)
		}

		rows := s.hold(Key{"a/rows", "[]"}, &Spec{Rule: merge.Rule{Kind: merge.Crud}, Keeps: true})
		send(rows, "ann", merge.Created, `{"id":1,"n":0}`, pace)
		send(rows, "ann", merge.Created, `{"id":1,"n":1}`, pace)
		send(rows, "bob", merge.SetAll, `[]`, Pace{}) // replaces what ann's row would have become
		s.clock.Advance(time.Minute, nil)
		wantValue(t, rows, `[]`)
		send(rows, "ann", merge.SetAll, `[]`, pace)
		send(rows, "ann", merge.SetAll, `[{"id":2}]`, pace)
		send(rows, "bob", merge.Created, `{"id":3}`, Pace{}) // comes after the rows that ann has set
		wantValue(t, rows, `[{"id":2},{"id":3}]`)
		s.clock.Advance(time.Minute, nil)
		wantValue(t, rows, `[{"id":2},{"id":3}]`)
		if s.pacer.used.Load() != 0 || s.clock.Timers() != 0 || len(s.errors) != 0 {
			t.Errorf("%d feeds, %d timers and errors %v are left", s.pacer.used.Load(), s.clock.Timers(), s.errors)
		}
	}
}

// sorted reports whether a list of digits ascends.
func sorted(list []byte) bool {
	var last byte
	for _, c := range list {
		if c >= '0' && c <= '9' {
			if c <= last {
				return false
			}
			last = c
		}
	}
	return true
}

// TestCatchUp publishes while a first value is read: Join adds the events that the value does not include.
func TestCatchUp(t *testing.T) {
	s := newFixture(t)
	f := s.hold(Key{"a/b", "[]"}, &Spec{Rule: merge.Rule{Kind: merge.Crud}})
	dropped, c := f.CatchUp(), f.CatchUp()
	dropped.End()
	for i, data := range []string{`{"id":1,"v":"event"}`, `{"id":2}`} {
		if err := f.Apply(Event{Name: merge.Created, Data: []byte(data), Commit: uint64(i) + 7}); err != nil {
			t.Fatal(err)
		}
	}
	got, seq, err := c.Join(nil, []byte(`[{"id":1,"v":"newer"}]`), 7)
	if want := `[{"id":1,"v":"newer"},{"id":2}]`; err != nil || seq != 2 || string(got) != want {
		t.Errorf("%s at %d, %v; want %s", got, seq, err, want)
	}
	if len(f.catchUps) != 0 {
		t.Error("somebody still collects events")
	}
}

// TestServers has two servers share a bus: both get what either publishes, and an entry stays while an owner on either server has it.
func TestServers(t *testing.T) {
	b := bus.NewMemory()
	one, two := newNode(t, b), newNode(t, b)
	key, spec := Key{"a/b", "[]"}, &Spec{Rule: merge.Rule{Kind: merge.Cursor}, Keeps: true}
	feeds := []*Feed{one.hold(key, spec), two.hold(key, spec)}
	var first, second Owner
	one.publish(feeds[0], merge.Update, `{"key":"ann","x":1}`, one.Own(&first, "ann"))
	two.publish(feeds[1], merge.Update, `{"key":"ann","x":2}`, two.Own(&second, "ann"))
	two.publish(feeds[1], merge.Update, `{"key":"bob","x":3}`, nil)
	first.End()
	for _, f := range feeds {
		wantValue(t, f, `[{"key":"ann","x":2},{"key":"bob","x":3}]`)
	}
	second.End()
	if err := feeds[0].Apply(Event{Name: merge.Remove, Data: []byte(`{"key":"bob"}`)}); err != nil {
		t.Fatal(err)
	}
	wantValue(t, feeds[0], `[]`)
	wantValue(t, feeds[1], `[{"key":"bob","x":3}]`)
	one.Release(feeds[0], "")
	one.clock.Advance(time.Minute, nil)
	two.publish(feeds[1], merge.Update, `{"key":"eve"}`, nil) // one has unsubscribed
	if err := one.PublishNow(&Publication{Key: key, Spec: spec, Event: Event{Name: "created"}}); err == nil {
		t.Error("an event that the merge does not have was sent")
	}
	one.publish(feeds[0], merge.Update, `{"x":1}`, nil) // it has no key, which only the handler detects
	if len(one.errors) != 0 || len(two.errors) != 1 {
		t.Errorf("errors %v and %v", one.errors, two.errors)
	}
}
