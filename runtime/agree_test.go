package runtime_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	live "github.com/livec-lang/livec/runtime"
	"github.com/livec-lang/livec/runtime/livetest"
)

// TestClientsAgree has clients publish, clear, disconnect and return at random. Whoever is connected has what a new subscriber gets, in the
// same order, and the entries are those of a model.
func TestClientsAgree(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		env, _ := startTogether(t)
		defer env.Close()
		type tab struct {
			client *livetest.Client
			user   string
			online bool
			wrote  bool // it has published the entry of its user
			typing *livetest.Stream
			items  *livetest.Stream
			last   *livetest.Stream
		}
		var tabs []*tab
		for i := range 5 {
			c := &tab{user: fmt.Sprint("u", i/2), online: true}
			c.client = env.Connect(c.user)
			c.typing, c.items, c.last = c.client.Subscribe("t/typing", "x"), c.client.Subscribe("t/items"), c.client.Subscribe("t/last")
			tabs = append(tabs, c)
		}
		renewed := map[string]time.Time{} // by user: when its entry was last put
		writer := env.Connect("writer")
		takeBack := func(c *tab) {
			c.wrote = false
			for _, other := range tabs {
				if other.user == c.user && other.wrote {
					return
				}
			}
			delete(renewed, c.user)
		}
		// pass moves the clock, and removes expired entries from the model.
		pass := func(d time.Duration) {
			env.Advance(d)
			for user, at := range renewed {
				if env.Clock.Now().Sub(at) >= 3*time.Second {
					delete(renewed, user)
					for _, c := range tabs {
						c.wrote = c.wrote && c.user != user
					}
				}
			}
		}
		one := rapid.SampledFrom(tabs)
		said := 0
		var latest []int
		rt.Repeat(map[string]func(*rapid.T){
			"join": func(t *rapid.T) {
				c := one.Draw(t, "tab")
				if !c.online {
					return
				}
				pass(200 * time.Millisecond) // less than the rate allows
				name := rapid.SampledFrom([]string{"abc", "abcd", "xyz"}).Draw(t, "name")
				if err := c.client.Publish("t/typing", []any{"x"}, "join", map[string]any{"name": name}); err != nil {
					t.Fatal(err)
				}
				c.wrote = true
				renewed[c.user] = env.Clock.Now()
			},
			"leave": func(t *rapid.T) {
				c := one.Draw(t, "tab")
				if !c.online {
					return
				}
				pass(200 * time.Millisecond)
				if err := c.client.Publish("t/typing", []any{"x"}, "leave", nil); err != nil {
					t.Fatal(err)
				}
				takeBack(c)
			},
			"lose": func(t *rapid.T) {
				if c := one.Draw(t, "tab"); c.online {
					c.client.Disconnect()
					c.online = false
					takeBack(c)
				}
			},
			"return": func(t *rapid.T) {
				if c := one.Draw(t, "tab"); !c.online {
					c.client.Reconnect()
					c.online = true
				}
			},
			"items": func(t *rapid.T) {
				event := rapid.SampledFrom([]string{"created", "updated", "deleted"}).Draw(t, "event")
				data := fmt.Sprintf(`{"id":%d,"n":%d}`, rapid.IntRange(0, 4).Draw(t, "id"), rapid.IntRange(0, 9).Draw(t, "n"))
				writer.MustCall("t/publish", "t/items", "[]", event, data)
			},
			"say": func(*rapid.T) {
				said++
				if latest = append(latest, said); len(latest) > 3 {
					latest = latest[1:]
				}
				writer.MustCall("t/publish", "t/last", "[]", "said", fmt.Sprint(said))
			},
			"wait": func(t *rapid.T) {
				pass(time.Duration(rapid.IntRange(0, 4000).Draw(t, "ms")) * time.Millisecond)
			},
			"": func(t *rapid.T) {
				fresh := env.Connect("fresh")
				defer fresh.Disconnect()
				typing, items := fresh.Subscribe("t/typing", "x").Value().String(), fresh.Subscribe("t/items").Value().String()
				if n := strings.Count(typing, `"key"`); n != len(renewed) {
					t.Fatalf("%s types, want %v", typing, renewed)
				}
				for user := range renewed {
					if !strings.Contains(typing, fmt.Sprintf(`{"key":%q,`, user)) {
						t.Fatalf("%s types, want %v", typing, renewed)
					}
				}
				want, _ := json.Marshal(latest)
				for i, c := range tabs {
					if !c.online {
						continue
					}
					if got := c.typing.Value().String(); got != typing {
						t.Fatalf("client %d holds %s, a newcomer %s", i, got, typing)
					}
					if got := c.items.Value().String(); got != items {
						t.Fatalf("client %d holds %s, a newcomer %s", i, got, items)
					}
					// The server does not keep the state of a published stream: those who stayed, or have resumed, have its events.
					if got := c.last.Value().String(); len(latest) > 0 && got != string(want) && got != "[]" {
						t.Fatalf("client %d holds %s, want %s", i, got, want)
					}
				}
			},
		})
	})
}

// TestArbitraryMessages sends messages of all kinds with arbitrary content. The server answers each without an internal error, and goes on.
func TestArbitraryMessages(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		env, _ := startTogether(t)
		defer env.Close()
		name := rapid.SampledFrom([]string{"t/typing", "t/board.presence", "t/board.cursors", "t/board.data", "t/board", "t/items", "t/last",
			"t/gated", "t/lobby", "t/count", "t/put", "x"})
		args := rapid.SampledFrom([]string{`[]`, `["a"]`, `["a","b"]`, `[1]`, `[null]`, `[tru]`, `["\u0061"]`, `{}`, `[{"a":1,"a":2}]`})
		event := rapid.SampledFrom([]string{"join", "leave", "update", "remove", "created", "deleted", "set", "", "x y", `\"`})
		value := rapid.SampledFrom([]string{`null`, `{}`, `{"name":"abc"}`, `{"name":"abc","key":"u"}`, `{"name":1}`, `{"x":1,"y":2}`,
			`{"x":1e999,"y":2}`, `[]`, `"`, `{"name":"abc","name":"d"}`, `{"id":1}`, `tru`})
		id := rapid.SampledFrom([]string{"1", "2", "3", "0", "x"})
		c := env.Connect("ann")
		c.Lenient()
		for range rapid.IntRange(1, 40).Draw(rt, "messages") {
			kind := rapid.SampledFrom([]string{"pub", "sub", "unsub", "more", "call", "ping"}).Draw(rt, "kind")
			m := fmt.Sprintf(`{"t":%q`, kind)
			if kind != "ping" && (kind != "pub" || rapid.Bool().Draw(rt, "answered")) {
				m += `,"id":` + id.Draw(rt, "id")
			}
			if kind == "pub" || kind == "sub" || kind == "call" {
				m += fmt.Sprintf(`,"m":%q,"a":%s`, name.Draw(rt, "name"), args.Draw(rt, "args"))
			}
			if kind == "pub" {
				m += fmt.Sprintf(`,"k":"%s","v":%s`, event.Draw(rt, "event"), value.Draw(rt, "value"))
			}
			c.Send(m + "}")
			if code, _ := c.Closed(); code != 0 { // after too many malformed messages
				c = env.Connect("ann")
				c.Lenient()
			}
		}
		env.Settle()
		env.Advance(time.Minute)
		if errs := env.Errors(); len(errs) > 0 {
			rt.Fatalf("the server failed: %v", errs)
		}
		if _, err := env.Connect("bob").Call("t/put", "k", "v"); err != nil {
			rt.Fatalf("the server does not go on: %v", err)
		}
	})
}

// TestReplay checks that a returning client gets the events that it missed, for as long as the stream keeps them.
func TestReplay(t *testing.T) {
	reg := together(&journal{})
	live.AddPublished(reg, live.Published[strs]{
		Name: "t/ticker", Merge: live.Merge{Kind: live.MergeLatest, Max: 100}, Replay: live.Replay{Age: 10 * time.Minute},
		Decode: decodeStrs(0), Open: topicOf,
	})
	env := livetest.New(t, reg)
	w, c := env.Connect(nil), env.Connect(nil)
	s := c.Subscribe("t/ticker")
	tick := func(n int) { w.MustCall("t/publish", "t/ticker", "[]", "tick", fmt.Sprint(n)) }
	tick(1)
	c.Disconnect()
	tick(2)
	env.Advance(9 * time.Minute)
	tick(3)
	c.Reconnect()
	holds(t, s, "[1,2,3]")
	c.Disconnect()
	env.Advance(11 * time.Minute)
	tick(4)
	c.Reconnect()
	holds(t, s, "[]") // the first value, which is empty
}
