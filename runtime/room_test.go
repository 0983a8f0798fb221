package runtime_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	live "github.com/livec-lang/livec/runtime"
	"github.com/livec-lang/livec/runtime/livetest"
)

func move(c *livetest.Client, board string, x, y float64) error {
	return c.Publish("t/board.cursors", []any{board}, "update", map[string]any{"x": x, "y": y})
}

func TestRoom(t *testing.T) {
	env, j := startTogether(t)
	ann, tab, bob, far := env.Connect("ann"), env.Connect("ann"), env.Connect("bob"), env.Connect("far")
	data := ann.Subscribe("t/board.data", "b1")
	who := ann.Subscribe("t/board.presence", "b1")
	holds(t, who, `[{"key":"ann","name":"ann"}]`) // subscribers see themselves from the start
	cursors := ann.Subscribe("t/board.cursors", "b1")
	there := far.Subscribe("t/board.presence", "b1\",")
	bob.Subscribe("t/board.data", "b1") // a subscriber to any part is in the room
	holds(t, who, `[{"key":"ann","name":"ann"},{"key":"bob","name":"bob"}]`)
	holds(t, there, `[{"key":"far","name":"far"}]`)
	second := tab.Subscribe("t/board.cursors", "b1")
	holds(t, who, `[{"key":"ann","name":"ann"},{"key":"bob","name":"bob"}]`)
	if got, want := j.take(), []string{"ann enters b1", `far enters b1",`, "bob enters b1", "ann enters b1"}; !slices.Equal(got, want) {
		t.Errorf("the app saw %q, want %q", got, want)
	}

	// Data is a live query.
	bob.MustCall("t/put", "a", "1")
	data.WaitFor(func(v livetest.JSON) bool { return v.Len() == 1 })

	// Cursors are sent at once, then once in 50 ms, and the last one always.
	for i, c := range []*livetest.Client{bob, bob, tab, bob} {
		if err := move(c, "b1", float64(i), 0); err != nil {
			t.Fatal(err)
		}
	}
	holds(t, cursors, `[{"key":"bob","x":0,"y":0}]`)
	env.Advance(50 * time.Millisecond)
	holds(t, cursors, `[{"key":"bob","x":3,"y":0},{"key":"ann","x":2,"y":0}]`)
	holds(t, second, cursors.Value().String())
	if n := len(cursors.Events()); n != 2 {
		t.Errorf("%d events for four moves in one interval", n)
	}

	// Refused events.
	fails(t, move(far, "b1", 1, 1), live.CodeForbidden) // not in the room
	fails(t, move(env.Connect("stranger"), "b1", 1, 1), live.CodeForbidden)
	for _, part := range []string{"data", "presence", "cursors"} {
		fails(t, env.Connect("stranger").Subscribe("t/board."+part, "b1").Err(), live.CodeForbidden)
	}
	e := fails(t, bob.Publish("t/board.cursors", []any{"b1"}, "update", map[string]any{"x": 1}), live.CodeValidation)
	if e.Message != "y is required" {
		t.Errorf("the message is %q", e.Message)
	}
	fails(t, bob.Publish("t/board.presence", []any{"b1"}, "leave", nil), live.CodeValidation)

	// The presence follows the rows that it was made from, and what the client shows of itself.
	bob.MustCall("t/put", "name-bob", "Robert")
	holds(t, who, `[{"key":"ann","name":"ann"},{"key":"bob","name":"Robert"}]`)
	if err := bob.Publish("t/board.presence", []any{"b1"}, "join", map[string]any{"name": "away"}); err != nil {
		t.Fatal(err)
	}
	holds(t, who, `[{"key":"ann","name":"ann"},{"key":"bob","name":"away"}]`)

	// A tab that disconnects leaves the user in the room, but its cursor is removed; the last tab removes the user after the grace time.
	tab.Disconnect()
	env.Advance(time.Minute)
	holds(t, who, `[{"key":"ann","name":"ann"},{"key":"bob","name":"away"}]`)
	holds(t, cursors, `[{"key":"bob","x":3,"y":0}]`)
	bob.Disconnect()
	env.Advance(50 * time.Millisecond)
	holds(t, cursors, `[]`)
	events := len(who.Events())
	env.Advance(4 * time.Second)
	bob.Reconnect() // within the grace time: no change
	env.Advance(time.Minute)
	if len(who.Events()) != events {
		t.Errorf("a quick return is seen: %v", who.Events()[events:])
	}
	bob.Disconnect()
	env.Advance(5 * time.Second)
	holds(t, who, `[{"key":"ann","name":"ann"}]`)
	j.take()

	// A connection leaves the room with its last part.
	data.Unsubscribe()
	cursors.Unsubscribe()
	env.Advance(time.Minute)
	holds(t, who, `[{"key":"ann","name":"ann"}]`)
	if lines := j.take(); len(lines) != 0 {
		t.Errorf("the app saw %q", lines)
	}
	who.Unsubscribe()
	if got, want := j.take(), []string{"ann leaves b1"}; !slices.Equal(got, want) {
		t.Errorf("the app saw %q, want %q", got, want)
	}
	env.Advance(time.Minute)
	holds(t, there, `[{"key":"far","name":"far"}]`)
}

// TestOverview reads the overview of rooms and channels.
func TestOverview(t *testing.T) {
	env, _ := startTogether(t)
	ann, bob := env.Connect("ann"), env.Connect("bob")
	ann.Subscribe("t/board.presence", "b1")
	bob.Subscribe("t/board.cursors", "b1")
	_ = move(bob, "b1", 1, 2)
	bob.Subscribe("t/board.data", "b2")
	bob.Subscribe("t/typing", "lobby")
	ann.Subscribe("t/notes")
	_ = bob.Publish("t/typing", []any{"lobby"}, "join", map[string]any{"name": "Bob"})
	want := `{"rooms":[` +
		`{"name":"t/board","args":["b1"],"connections":2,"members":[{"key":"ann","name":"ann"},{"key":"bob","name":"bob"}],"cursors":1},` +
		`{"name":"t/board","args":["b2"],"connections":1,"members":[{"key":"bob","name":"bob"}],"cursors":0}],` +
		`"channels":[{"name":"t/notes","args":[],"followers":1,"value":null},{"name":"t/typing","args":["lobby"],"followers":1,` +
		`"value":[{"key":"bob","name":"Bob"}]}]}`
	if got := env.Request("GET", "/_live/rooms.json", nil, ""); got.Body.String() != want {
		t.Errorf("got  %s\nwant %s", got.Body, want)
	}
	_ = bob.Publish("t/typing", []any{"lobby"}, "join", nil)
	ann.MustCall("t/call", "bob", "hi")
	metrics := env.Request("GET", "/metrics", nil, "").Body.String()
	for _, line := range []string{"live_rooms 2", "live_client_events_total 2", "live_client_events_refused_total 1", "live_signals_total 1"} {
		if !strings.Contains(metrics, "\n"+line+"\n") {
			t.Errorf("the metrics do not say %s", line)
		}
	}
	production, _ := startTogether(t, func(o *live.Options) { o.Production = true })
	if got := production.Request("GET", "/_live/rooms.json", nil, ""); got.Code != 404 {
		t.Errorf("in production the status is %d", got.Code)
	}
}

// TestRoomOfDerivedData has a room whose data differs from user to user.
func TestRoomOfDerivedData(t *testing.T) {
	env, _ := startTogether(t)
	who := env.Connect("ann").Subscribe("t/hall.presence", "h")
	data := env.Connect("bob").Subscribe("t/hall.data", "h")
	holds(t, data, `"for bob"`)
	holds(t, who, `[{"key":"ann","name":"ann"},{"key":"bob","name":"bob"}]`)
	data.Unsubscribe()
	env.Advance(5 * time.Second)
	holds(t, who, `[{"key":"ann","name":"ann"}]`)
}

// TestBanned has a member lose the right to a room: their subscriptions end, and they leave the presence.
func TestBanned(t *testing.T) {
	env, j := startTogether(t)
	ann, bob := env.Connect("ann"), env.Connect("bob")
	who := ann.Subscribe("t/board.presence", "b1")
	parts := []*livetest.Stream{bob.Subscribe("t/board.data", "b1"), bob.Subscribe("t/board.presence", "b1"),
		bob.Subscribe("t/board.cursors", "b1")}
	if err := move(bob, "b1", 1, 1); err != nil {
		t.Fatal(err)
	}
	ann.MustCall("t/put", "ban-b1", "bob")
	for _, s := range parts {
		fails(t, s.Err(), live.CodeForbidden)
	}
	fails(t, move(bob, "b1", 1, 1), live.CodeForbidden)
	env.Advance(time.Minute)
	holds(t, who, `[{"key":"ann","name":"ann"}]`)
	if got, want := j.take(), []string{"ann enters b1", "bob enters b1", "bob leaves b1"}; !slices.Equal(got, want) {
		t.Errorf("the app saw %q, want %q", got, want)
	}
}

// TestServerEnds checks that Unsubscribed runs for all when the server stops.
func TestServerEnds(t *testing.T) {
	env, j := startTogether(t)
	c := env.Connect("ann")
	c.Subscribe("t/board.presence", "b1")
	c.Subscribe("t/lobby")
	for x := range 3 {
		_ = move(c, "b1", float64(x), 0) // the last one is held back
	}
	env.Close()
	if code, _ := c.Closed(); code != 4000 {
		t.Errorf("closed with %d", code)
	}
	if got, want := j.take(), []string{"ann enters b1", "ann comes", "ann leaves b1", "ann goes"}; !slices.Equal(got, want) {
		t.Errorf("the app saw %q, want %q", got, want)
	}
	if n := env.Clock.Timers(); n != 0 {
		t.Errorf("%d timers outlive the server", n)
	}
}

// tabState is the model of one connection.
type tabState struct {
	client *livetest.Client
	user   string
	online bool
	subs   map[string]*livetest.Stream // by part and room
}

// TestWhoIsThere has many connections come, go, crash and return at random, and compares the presence of each room with a model.
func TestWhoIsThere(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		env, j := startTogether(t)
		defer env.Close()
		watcher := env.Connect(nil)
		rooms := []string{"r1", "r2"}
		shown := map[string]*livetest.Stream{}
		for _, r := range rooms {
			shown[r] = watcher.Subscribe("t/board.presence", r)
		}
		self := watcher.Key()
		var tabs []*tabState
		for i := range 6 {
			user := fmt.Sprintf("u%d", i/2) // two tabs each
			tabs = append(tabs, &tabState{client: env.Connect(user), user: user, online: true, subs: map[string]*livetest.Stream{}})
		}
		left := map[string]time.Time{} // room and user: when the last tab left
		in := func(room, user string) bool {
			for _, tab := range tabs {
				for id := range tab.subs {
					if tab.user == user && tab.online && strings.HasSuffix(id, " "+room) {
						return true
					}
				}
			}
			return false
		}
		step := func(change func()) {
			was := map[string]bool{}
			for _, r := range rooms {
				for _, tab := range tabs {
					was[r+" "+tab.user] = in(r, tab.user)
				}
			}
			change()
			for _, r := range rooms {
				for _, tab := range tabs {
					id := r + " " + tab.user
					switch now := in(r, tab.user); {
					case now:
						delete(left, id)
					case was[id]:
						left[id] = env.Clock.Now()
					}
				}
			}
		}
		check := func() {
			for _, r := range rooms {
				var want []string
				for _, tab := range tabs {
					id := r + " " + tab.user
					at, graced := left[id]
					if in(r, tab.user) || graced && env.Clock.Now().Sub(at) < 5*time.Second {
						want = append(want, tab.user)
					}
				}
				want = append(want, self)
				sort.Strings(want)
				want = slices.Compact(want)
				var members []struct{ Key string }
				if err := json.Unmarshal(shown[r].Value(), &members); err != nil {
					rt.Fatal(err)
				}
				var got []string
				for _, e := range members {
					got = append(got, e.Key)
				}
				sort.Strings(got)
				if !slices.Equal(got, want) {
					rt.Fatalf("%s shows %q, want %q", r, got, want)
				}
			}
		}
		one := rapid.SampledFrom(tabs)
		id := rapid.Custom(func(t *rapid.T) string {
			return rapid.SampledFrom([]string{"data", "presence", "cursors"}).Draw(t, "part") + " " + rapid.SampledFrom(rooms).Draw(t, "room")
		})
		rt.Repeat(map[string]func(*rapid.T){
			"subscribe": func(t *rapid.T) {
				tab, id := one.Draw(t, "tab"), id.Draw(t, "what")
				if tab.online && tab.subs[id] == nil {
					part, room, _ := strings.Cut(id, " ")
					step(func() { tab.subs[id] = tab.client.Subscribe("t/board."+part, room) })
				}
			},
			"unsubscribe": func(t *rapid.T) {
				tab, id := one.Draw(t, "tab"), id.Draw(t, "what")
				if s := tab.subs[id]; tab.online && s != nil {
					step(func() {
						s.Unsubscribe()
						delete(tab.subs, id)
					})
				}
			},
			"crash": func(t *rapid.T) {
				if tab := one.Draw(t, "tab"); tab.online {
					step(func() {
						tab.client.Disconnect()
						tab.online = false
					})
				}
			},
			"return": func(t *rapid.T) {
				tab := one.Draw(t, "tab")
				step(func() {
					tab.client.Reconnect()
					tab.online = true
				})
			},
			"wait": func(t *rapid.T) {
				env.Advance(time.Duration(rapid.IntRange(1, 7000).Draw(t, "ms")) * time.Millisecond)
			},
			"": func(*rapid.T) { check() },
		})
		// Each Subscribed has one Unsubscribed in the end.
		for _, tab := range tabs {
			step(func() {
				tab.client.Disconnect()
				tab.online = false
			})
		}
		env.Advance(time.Minute)
		check()
		balance := map[string]int{}
		for _, line := range j.take() {
			words := strings.Fields(line)
			if len(words) != 3 || words[0] == self {
				continue // it only watches
			}
			key := words[0] + " " + words[2]
			switch words[1] {
			case "enters":
				balance[key]++
			case "leaves":
				if balance[key]--; balance[key] < 0 {
					rt.Fatalf("%s before it has come", line)
				}
			}
		}
		for key, n := range balance {
			if n != 0 {
				rt.Fatalf("%s has come %d times more than gone", key, n)
			}
		}
	})
}

// TestAllLeavesNothing checks that the server keeps nothing of empty rooms and channels.
func TestAllLeavesNothing(t *testing.T) {
	env, _ := startTogether(t)
	for i := range 3 {
		c := env.Connect(fmt.Sprintf("u%d", i))
		for _, s := range []string{"t/board.data", "t/board.presence", "t/board.cursors", "t/typing", "t/pointers"} {
			c.Subscribe(s, "x")
		}
		c.Subscribe("t/count")
		c.Subscribe("t/last")
		_ = move(c, "x", 1, 1)
		_ = c.Publish("t/typing", []any{"x"}, "join", map[string]any{"name": "abc"})
		c.Disconnect()
	}
	env.Advance(time.Hour)
	if got := env.Server.Held(); got != 0 {
		t.Errorf("%d topics are held", got)
	}
	if n := env.Clock.Timers(); n != 0 {
		t.Errorf("%d timers are left", n)
	}
}
