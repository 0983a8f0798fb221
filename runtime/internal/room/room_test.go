package room

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/bus"
	"github.com/livec-lang/livec/runtime/clock"
	"github.com/livec-lang/livec/runtime/govern"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/merge"
	"github.com/livec-lang/livec/runtime/presence"
	"github.com/livec-lang/livec/runtime/topic"
)

// TestRoom has two connections of one user and one of another in a room: its feed shows the members, and the room ends with the last one.
func TestRoom(t *testing.T) {
	hub, c := topic.NewHub(1<<20), clock.NewManual(time.Unix(0, 0))
	t.Cleanup(hub.Close)
	report := func(name string, err error) { t.Errorf("%s: %v", name, err) }
	feeds := feed.New(feed.Config{
		Context: t.Context(), Bus: bus.NewMemory(), Hub: hub, Clock: c,
		Govern: govern.New(limits.Values{limits.Linger: 1000}, 1<<30, nil), Changed: func(string) {}, Report: report,
	})
	t.Cleanup(feeds.Close)
	var spawned sync.WaitGroup
	rooms := New(Config{
		Context: t.Context(), Feeds: feeds, Presence: presence.NewMemory(c, 5*time.Second), Spawn: spawned.Go, Report: report,
	})
	spec := &Spec{Name: "a/room", Presence: &feed.Spec{Rule: merge.Rule{Kind: merge.Presence}, Keeps: true}}
	enter := func(key, info string) *State {
		t.Helper()
		r, err := rooms.Enter(spec, `["x"]`, key, []byte(info), "")
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	want := func(connections int, members string) {
		t.Helper()
		open := rooms.Open()
		if len(open) != 1 || open[0].Connections != connections || string(open[0].Members) != members {
			t.Errorf("the rooms are %+v, want %d connections and %s", open, connections, members)
		}
	}
	r := enter("ann", `{"n":1}`)
	if enter("ann", `{"n":2}`) != r || enter("bob", `{}`) != r || r.Key() != (feed.Key{Stream: "a/room", Topic: `["x"]`}) {
		t.Error("they are in different rooms")
	}
	want(3, `[{"key":"ann","n":2},{"key":"bob"}]`)
	rooms.Update(r, "bob", []byte(`{"n":3}`))
	if err := rooms.Override(r, "ann", []byte(`{"n":4}`)); err != nil {
		t.Error(err)
	}
	rooms.Leave(r, "ann", "")
	want(2, `[{"key":"ann","n":4},{"key":"bob","n":3}]`)
	rooms.Leave(r, "bob", "")
	c.Advance(time.Minute, nil)
	spawned.Wait()
	want(1, `[{"key":"ann","n":4}]`)
	rooms.Leave(r, "ann", "")
	c.Advance(time.Minute, nil)
	spawned.Wait()
	c.Advance(time.Minute, nil)
	if rooms.Len() != 0 || feeds.Len() != 0 || c.Timers() != 0 {
		t.Errorf("%d rooms, %d feeds and %d timers are left", rooms.Len(), feeds.Len(), c.Timers())
	}
	_, err := rooms.Enter(&Spec{Name: "a/plain"}, "[]", "ann", nil, "")
	if err != nil {
		t.Fatal(err)
	}
	want(1, "")
	rooms.Close()
	if _, err := rooms.Enter(spec, "[]", "ann", nil, ""); !errors.Is(err, fault.Unavailable) {
		t.Errorf("after the end: %v", err)
	}
}
