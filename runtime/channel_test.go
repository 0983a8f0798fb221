package runtime_test

import (
	"strings"
	"testing"
	"time"

	live "github.com/livec-lang/livec/runtime"

	"github.com/livec-lang/livec/runtime/livetest"
)

func TestChannel(t *testing.T) {
	env, _ := startTogether(t)
	ann, tab, bob, anon := env.Connect("ann"), env.Connect("ann"), env.Connect("bob"), env.Connect(nil)
	s := bob.Subscribe("t/typing", "lobby")
	far := bob.Subscribe("t/typing", `lobby"]`)
	join := func(c *livetest.Client, room, name string) error {
		return c.Publish("t/typing", []any{room}, "join", map[string]any{"name": name})
	}
	if err := join(ann, "lobby", "Ann"); err != nil {
		t.Fatal(err)
	}
	holds(t, s, `[{"key":"ann","name":"Ann"}]`)
	holds(t, far, `[]`)
	holds(t, env.Connect(nil).Subscribe("t/typing", "lobby"), `[{"key":"ann","name":"Ann"}]`) // a new subscriber sees who is typing

	// An entry expires, unless it is published again.
	env.Advance(2 * time.Second)
	if err := join(ann, "lobby", "Annie"); err != nil { // only the schema accepts it
		t.Fatal(err)
	}
	env.Advance(2 * time.Second)
	holds(t, s, `[{"key":"ann","name":"Annie"}]`)
	env.Advance(time.Second)
	holds(t, s, `[]`)

	// Two tabs share one entry: it is removed with the last of them.
	_, _ = join(ann, "lobby", "Ann"), join(tab, "lobby", "Tab")
	holds(t, s, `[{"key":"ann","name":"Tab"}]`)
	ann.Disconnect()
	holds(t, s, `[{"key":"ann","name":"Tab"}]`)
	if err := tab.Publish("t/typing", []any{"lobby"}, "leave", nil); err != nil {
		t.Fatal(err)
	}
	holds(t, s, `[]`)
	_ = join(tab, "lobby", "Tab")
	tab.Disconnect()
	holds(t, s, `[]`)

	// Refused events.
	e := fails(t, bob.Publish("t/typing", []any{"lobby"}, "join", map[string]any{"name": ""}), live.CodeValidation)
	if len(e.Issues) != 1 || e.Issues[0].Path != "/name" || !strings.HasPrefix(e.Message, "name ") {
		t.Errorf("issues %v: %s", e.Issues, e.Message)
	}
	fails(t, bob.Publish("t/typing", []any{"lobby"}, "join", map[string]any{"name": "Bob", "key": "ann"}), live.CodeValidation)
	fails(t, bob.Publish("t/typing", []any{"lobby"}, "set", []any{}), live.CodeValidation)
	fails(t, bob.Publish("t/typing", []any{"lobby", "x"}, "join", nil), live.CodeValidation)
	fails(t, bob.Publish("t/pointers", []any{"lobby"}, "update", nil), live.CodeNotFound)
	fails(t, bob.Publish("t/none", nil, "update", nil), live.CodeNotFound)
	fails(t, join(anon, "lobby", "Eve"), live.CodeUnauthorized)
	fails(t, join(env.Connect("stranger"), "lobby", "Eve"), live.CodeForbidden)
	env.Advance(time.Minute)
	for range 5 {
		_ = join(bob, "lobby", "Bob")
	}
	if e := fails(t, join(bob, "lobby", "Bob"), live.CodeRateLimited); e.RetryAfter != time.Second {
		t.Errorf("retry after %s", e.RetryAfter)
	}
	// The right to publish ends when the rows that it depends on change.
	env.Advance(time.Minute)
	if err := join(bob, "lobby", "Bob"); err != nil {
		t.Fatal(err)
	}
	env.Connect("ann").MustCall("t/put", "ban-lobby", "bob")
	fails(t, join(bob, "lobby", "Bob"), live.CodeForbidden)
	fails(t, s.Err(), live.CodeForbidden)
	holds(t, env.Connect("carl").Subscribe("t/typing", "lobby"), `[]`) // and what he has published is gone
	if far.Err() != nil {
		t.Errorf("another channel ended: %v", far.Err())
	}
}

func TestChannelOfCrud(t *testing.T) {
	env, _ := startTogether(t)
	w := env.Connect(nil)
	publish := func(event, data string) { w.MustCall("t/publish", "t/items", "[]", event, data) }
	publish("created", `{"id":1}`)
	publish("created", `{"id":2}`)
	publish("created", `{"id":3}`)
	s := env.Connect(nil).Subscribe("t/items")
	holds(t, s, `[{"id":1},{"id":2},{"id":3}]`)
	publish("deleted", `{"id":1}`)
	publish("updated", `{"id":3,"n":1}`)
	publish("updated", `{"id":9}`)
	holds(t, s, `[{"id":2},{"id":3,"n":1}]`)
	if len(s.Events()) != 2 {
		t.Errorf("%d events came, one of them about nothing", len(s.Events()))
	}
	env.Advance(time.Hour)
	late := env.Connect(nil).Subscribe("t/items")
	holds(t, late, `[{"id":2},{"id":3,"n":1}]`) // s has kept it in memory
	s.Unsubscribe()
	late.Unsubscribe()
	env.Advance(time.Hour)
	holds(t, env.Connect(nil).Subscribe("t/items"), `[]`)
}

// Rows of merge latest have no keys, and expire all the same: each at its own time, even if newer ones have pushed others out.
func TestChannelOfLatestExpires(t *testing.T) {
	env, _ := startTogether(t)
	w := env.Connect(nil)
	s := env.Connect(nil).Subscribe("t/cheers")
	publish := func(event, data string) { w.MustCall("t/publish", "t/cheers", "[]", event, data) }
	for _, data := range []string{"1", "2", "3", "4"} {
		publish("made", data)
		env.Advance(time.Second)
	}
	holds(t, s, `[3,4]`) // 4 has pushed out 1, and 2 is three seconds old
	holds(t, env.Connect(nil).Subscribe("t/cheers"), `[3,4]`)
	env.Advance(time.Second)
	holds(t, s, `[4]`)
	publish("set", `[5,6]`)
	env.Advance(time.Second)
	holds(t, s, `[5,6]`) // published again, so the time starts anew
	env.Advance(2 * time.Second)
	holds(t, s, `[]`)
	holds(t, env.Connect(nil).Subscribe("t/cheers"), `[]`)
}
