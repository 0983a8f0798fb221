package runtime_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	live "github.com/livec-lang/livec/runtime"
	"github.com/livec-lang/livec/runtime/livetest"
)

func fails(t testing.TB, err error, code string) *live.Error {
	t.Helper()
	var e *live.Error
	if !errors.As(err, &e) || e.Code != code {
		t.Fatalf("got %v, want %s", err, code)
	}
	return e
}

func TestPublished(t *testing.T) {
	env, _ := startTogether(t)
	w, c := env.Connect("ann"), env.Connect(nil)
	w.MustCall("t/put", "a", "1")
	s := c.Subscribe("t/notes")
	holds(t, s, `[{"id":"a","text":"1"}]`)
	w.MustCall("t/put", "b", "2")
	w.MustCall("t/put", "c", "3")
	w.MustCall("t/put", "a", "4")
	w.MustCall("t/drop", "b")
	holds(t, s, `[{"id":"a","text":"4"},{"id":"c","text":"3"}]`)
	if again := env.Connect(nil).Subscribe("t/notes"); again.Value().String() != s.Value().String() {
		t.Errorf("a newcomer holds %s", again.Value())
	}

	// A returning client gets the events that it missed.
	c.Disconnect()
	w.MustCall("t/put", "d", "5")
	before := len(s.Events())
	c.Reconnect()
	holds(t, s, `[{"id":"a","text":"4"},{"id":"c","text":"3"},{"id":"d","text":"5"}]`)
	if len(s.Events()) != before+1 {
		t.Errorf("%d events came for one that was missed", len(s.Events())-before)
	}

	if err := c.Subscribe("t/broken").Err(); live.CodeOf(err) != live.CodeInternal {
		t.Errorf("a body that fails gives %v", err)
	}
	_, _ = w.Call("t/fails")
	if got := c.Subscribe("t/last"); got.Value().String() != "[]" {
		t.Errorf("a failed call has published %s", got.Value())
	}
	w.MustCall("t/publish", "t/nothing", "[]", "set", "1")
	w.MustCall("t/publish", "t/notes", "[]", "join", "{}")
	if errs := fmt.Sprint(env.Errors()); !strings.Contains(errs, `no published stream or channel "t/nothing"`) ||
		!strings.Contains(errs, `"join" with merge crud`) {
		t.Errorf("the error hook has heard %s", errs)
	}
}

func TestPages(t *testing.T) {
	env, j := startTogether(t)
	w, c := env.Connect("ann"), env.Connect(nil)
	for i := range 5 {
		w.MustCall("t/put", fmt.Sprint(i), "x")
	}
	s := c.Subscribe("t/paged")
	if s.Value().Len() != 2 || !s.HasMore() {
		t.Fatalf("the first page is %s, more: %v", s.Value(), s.HasMore())
	}
	s.More()
	if s.Value().Len() != 4 || !s.HasMore() {
		t.Fatalf("two pages are %s, more: %v", s.Value(), s.HasMore())
	}
	w.MustCall("t/put", "00", "x") // it is among the rows that are shown
	if got := s.Value().At(1).Get("id").String(); got != `"00"` || s.Value().Len() != 4 {
		t.Fatalf("it holds %s", s.Value())
	}
	s.More()
	s.More() // there are no further pages
	if s.Value().Len() != 6 || s.HasMore() {
		t.Fatalf("all pages are %s, more: %v", s.Value(), s.HasMore())
	}
	other := c.Subscribe("t/notes")
	before := other.Value().String()
	other.More()
	holds(t, other, before)
	s.Unsubscribe()
	if got, want := j.take(), []string{"reads", "has read"}; !slices.Equal(got, want) {
		t.Errorf("the app saw %q, want %q", got, want)
	}
}

func TestPublishedLatest(t *testing.T) {
	env, _ := startTogether(t)
	w, c := env.Connect(nil), env.Connect(nil)
	s := c.Subscribe("t/last")
	for i := range 5 {
		w.MustCall("t/publish", "t/last", "[]", "said", fmt.Sprint(i))
	}
	holds(t, s, "[2,3,4]")
}

func TestPublishedPresence(t *testing.T) {
	env, j := startTogether(t)
	ann := env.Connect("ann")
	s := ann.Subscribe("t/lobby")
	if first := s.Events(); len(first) != 1 || first[0].Name != "join" {
		t.Errorf("on subscribe runs after the first data: %v", first)
	}
	bob, tab := env.Connect("bob"), env.Connect("bob")
	seen := bob.Subscribe("t/lobby")
	tabSub := tab.Subscribe("t/lobby")
	want := `[{"key":"ann","name":"I am ann"},{"key":"bob","name":"I am bob"}]`
	holds(t, s, want)
	holds(t, seen, want) // a new subscriber sees all members
	tabSub.Unsubscribe()
	holds(t, s, want) // the other tab is still subscribed
	bob.Disconnect()
	holds(t, s, `[{"key":"ann","name":"I am ann"}]`)
	if got, want := j.take(), []string{"ann comes", "bob comes", "bob comes", "bob goes", "bob goes"}; !slices.Equal(got, want) {
		t.Errorf("the app saw %q, want %q", got, want)
	}
}

func TestPace(t *testing.T) {
	env, _ := startTogether(t)
	ann, bob, c := env.Connect("ann"), env.Connect("bob"), env.Connect(nil)
	s := c.Subscribe("t/items")
	move := func(w *livetest.Client, key string, x int) {
		w.MustCall("t/throttled", "t/items", "[]", "created", fmt.Sprintf(`{"id":%q,"x":%d}`, key, x))
	}
	move(ann, "ann", 1) // sent at once
	move(bob, "bob", 1) // another key: sent at once too
	holds(t, s, `[{"id":"ann","x":1},{"id":"bob","x":1}]`)
	move(ann, "ann", 2)
	move(bob, "bob", 2)
	move(ann, "ann", 3)
	holds(t, s, `[{"id":"ann","x":1},{"id":"bob","x":1}]`)
	env.Advance(49 * time.Millisecond)
	holds(t, s, `[{"id":"ann","x":1},{"id":"bob","x":1}]`)
	env.Advance(time.Millisecond)
	holds(t, s, `[{"id":"ann","x":3},{"id":"bob","x":2}]`) // the last of each
	move(ann, "ann", 4)                                    // throttled, like the one before
	holds(t, s, `[{"id":"ann","x":3},{"id":"bob","x":2}]`)
	// Another event of the same key does not overtake the one that is held back.
	ann.MustCall("t/publish", "t/items", "[]", "deleted", `{"id":"ann"}`)
	holds(t, s, `[{"id":"bob","x":2}]`)
	env.Advance(time.Second)
	holds(t, s, `[{"id":"bob","x":2}]`)

	last := c.Subscribe("t/last")
	say := func(w *livetest.Client, kind, text string) { w.MustCall(kind, "t/last", "[]", "said", text) }
	say(ann, "t/debounced", "1")
	env.Advance(49 * time.Millisecond)
	say(ann, "t/debounced", "2")
	say(bob, "t/debounced", "9") // another caller, since there is no key
	env.Advance(49 * time.Millisecond)
	holds(t, last, "[]")
	env.Advance(time.Millisecond)
	if got := last.Value().String(); got != "[2,9]" && got != "[9,2]" {
		t.Errorf("debounced to %s", got)
	}
	say(ann, "t/throttled", "3")
	say(bob, "t/throttled", "4")
	env.Advance(time.Minute)
	if n := env.Clock.Timers(); n != 0 {
		t.Errorf("%d timers are left", n)
	}
	say(ann, "t/debounced", "5")
	env.Close()
	if n := env.Clock.Timers(); n != 0 {
		t.Errorf("%d timers outlive the server", n)
	}
}

func TestDerived(t *testing.T) {
	env, j := startTogether(t)
	w, c := env.Connect("ann"), env.Connect(nil)
	s := c.Subscribe("t/count")
	other := env.Connect(nil).Subscribe("t/count")
	holds(t, s, `{"notes":0}`)
	if s.Topic() != other.Topic() || s.Topic() == 0 {
		t.Error("two subscribers do not share the value")
	}
	w.MustCall("t/put", "a", "1")
	env.Advance(400 * time.Millisecond)
	w.MustCall("t/put", "b", "1")
	env.Advance(400 * time.Millisecond)
	holds(t, s, `{"notes":0}`)
	env.Advance(100 * time.Millisecond)
	holds(t, s, `{"notes":2}`)
	if len(s.Events()) != 1 {
		t.Errorf("%d events for one change", len(s.Events()))
	}
	// After a failure the last value stays and the error hook is called. The next change computes the value again.
	w.MustCall("t/put", "c", "poison")
	env.Advance(time.Second)
	holds(t, s, `{"notes":2}`)
	if errs := fmt.Sprint(env.Errors()); !strings.Contains(errs, "poisoned") {
		t.Errorf("the error hook has heard %s", errs)
	}
	w.MustCall("t/drop", "c")
	w.MustCall("t/put", "d", "1")
	env.Advance(time.Second)
	holds(t, s, `{"notes":3}`)

	heard := c.Subscribe("t/heard")
	holds(t, heard, "1")
	j.note("x")
	w.MustCall("t/publish", "t/last", "[]", "said", "1")
	holds(t, heard, "3")
}

func TestGate(t *testing.T) {
	env, j := startTogether(t)
	w, c := env.Connect("ann"), env.Connect(nil)
	s := c.Subscribe("t/gated")
	holds(t, s, "undefined")
	if s.Err() != nil {
		t.Errorf("a closed gate says %v", s.Err())
	}
	w.MustCall("t/put", "gate", "open")
	holds(t, s, "null") // the value of the channel
	w.MustCall("t/publish", "t/gated", "[]", "set", "7")
	holds(t, s, "7")
	w.MustCall("t/drop", "gate")
	holds(t, s, "undefined")
	w.MustCall("t/put", "gate", "open")
	holds(t, s, "7")
	c.Disconnect()
	if got, want := j.take(), []string{"opens", "closes", "opens", "closes"}; !slices.Equal(got, want) {
		t.Errorf("the app saw %q, want %q", got, want)
	}
}

func TestSignals(t *testing.T) {
	env, j := startTogether(t)
	ann, tab, bob := env.Connect("ann"), env.Connect("ann"), env.Connect("bob")
	_, n, err := bob.CallReached("t/call", "ann", "hi")
	if err != nil || n != 2 {
		t.Errorf("reached %d: %v", n, err)
	}
	for _, c := range []*livetest.Client{ann, tab} {
		if got := c.Signals(); len(got) != 1 || got[0].Name != "t/ring" || got[0].Args.String() != `["hi"]` {
			t.Errorf("ann heard %v", got)
		}
	}
	if len(bob.Signals()) != 0 {
		t.Errorf("bob heard %v", bob.Signals())
	}
	tab.Disconnect()
	if _, n, _ := bob.CallReached("t/call", "ann", "hi"); n != 1 {
		t.Errorf("reached %d", n)
	}
	for _, nobody := range []string{"carl", ""} {
		if _, n, _ := bob.CallReached("t/call", nobody, "hi"); n != 0 {
			t.Errorf("reached %d connections of %q", n, nobody)
		}
	}
	_, _ = bob.Call("t/fails")
	if len(ann.Signals()) != 2 {
		t.Error("a failed call has sent a signal")
	}
	if got, want := j.take(), []string{"2 connected", "1 connected", "0 connected", "0 connected"}; !slices.Equal(got, want) {
		t.Errorf("the app saw %q, want %q", got, want)
	}
	answer := env.Request("POST", "/_live/rpc/t/call", map[string][]string{"Content-Type": {"application/json"}}, `["ann","hi"]`)
	if got := strings.TrimSpace(answer.Body.String()); got != `{"value":null,"reached":1}` {
		t.Errorf("over HTTP: %s", got)
	}
}

// TestMemoryIsBounded publishes more than the server keeps.
func TestMemoryIsBounded(t *testing.T) {
	env, _ := startTogether(t)
	w := env.Connect(nil)
	row := func(i int) string { return fmt.Sprintf(`{"id":%d,"text":%q}`, i, strings.Repeat("x", 50_000)) }
	for i := range 150 {
		if err := env.Server.Deliver("t/items", "[]", "created", row(i)); err != nil {
			t.Fatal(err)
		}
	}
	v := w.Subscribe("t/items").Value()
	if len(v) > 4<<20 || len(v) < 3<<20 {
		t.Errorf("%d bytes are held", len(v))
	}
	if first, last := v.At(0).Get("id").String(), v.At(v.Len()-1).Get("id").String(); first == "0" || last != "149" {
		t.Errorf("the rows from %s to %s are held", first, last)
	}
	for i := range 5000 {
		if err := env.Server.Deliver("t/pointers", fmt.Sprintf("[%d]", i), "update", `{"key":"a"}`); err != nil {
			t.Fatal(err)
		}
	}
	if got := env.Server.Held(); got > 4200 {
		t.Errorf("%d topics are held", got)
	}
}
