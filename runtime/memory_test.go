package runtime_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/livetest"

	live "github.com/livec-lang/livec/runtime"
)

// noneUsed checks that nothing is in use of a limit of the server.
func noneUsed(t *testing.T, env *livetest.Env, id limits.ID) {
	t.Helper()
	want := `live_limit_used{limit="` + id.String() + `"} 0` + "\n"
	if body := env.Request("GET", "/metrics", nil, "").Body.String(); !strings.Contains(body, want) {
		at := strings.Index(body, `live_limit_used{limit="`+id.String())
		t.Errorf("there is no %q, but %q", want, body[max(at, 0):][:min(60, len(body))])
	}
}

// TestTopicMemory has subscribers to so many channels that there is no memory left for what is published.
func TestTopicMemory(t *testing.T) {
	env, _ := startTogether(t, func(o *live.Options) { o.Limits = limits.Values{limits.MaxTopicMemory: 1 << 20} })
	client := env.Connect("ann")
	name := strings.Repeat("x", 30_000)
	var last *livetest.Stream
	for i := range 100 {
		if last = client.Subscribe("t/typing", name+strconv.Itoa(i)); last.Err() != nil {
			break
		}
	}
	fails(t, last.Err(), live.CodeOverloaded)
	text := `{"id":1,"text":"` + strings.Repeat("x", 50_000) + `"}`
	_, err := client.Call("t/publish", "t/items", "[]", "created", text)
	fails(t, err, live.CodeOverloaded)
	fails(t, client.Publish("t/typing", []any{name + "none"}, "join", map[string]any{"name": "Ann"}), live.CodeOverloaded)
	client.Disconnect()
	client = env.Connect("ann")
	client.MustCall("t/publish", "t/items", "[]", "created", text) // the oldest channels without a subscriber make room
	items := client.Subscribe("t/items")
	holds(t, items, "["+text+"]")
	client.Disconnect()
	env.Advance(time.Minute)
	noneUsed(t, env, limits.MaxTopicMemory)
}

// TestResultLimits reads more than a client may get.
func TestResultLimits(t *testing.T) {
	env, _ := startTogether(t, func(o *live.Options) { o.Limits = limits.Values{limits.MaxRows: 4, limits.MaxResult: 2048} })
	c := env.Connect("ann")
	for i := range 5 {
		c.MustCall("t/put", strconv.Itoa(i), "x")
	}
	fails(t, c.Subscribe("t/notes").Err(), live.CodeResultSize) // its body reads all
	if code := env.Request("GET", "/_live/stream/t/notes", nil, "").Code; code != 422 {
		t.Errorf("the value by HTTP: status %d", code)
	}
	paged := c.Subscribe("t/paged")
	if err := paged.More(); err != nil {
		t.Error(err)
	}
	fails(t, paged.More(), live.CodeResultSize)
	if err := paged.Err(); err != nil || paged.Value().Len() != 4 {
		t.Fatalf("after a page beyond the limit: %v, %s", err, paged.Value())
	}
	c.MustCall("t/put", "00", "y")
	if got := paged.Value().At(1).Get("id").String(); got != `"00"` {
		t.Errorf("the list does not go on: %s", paged.Value())
	}
	c.MustCall("t/drop", "0")
	c.MustCall("t/drop", "1")
	if notes := c.Subscribe("t/notes"); notes.Err() != nil {
		t.Fatal(notes.Err())
	}
	c.MustCall("t/put", "00", strings.Repeat("x", 2048))
	fails(t, c.Subscribe("t/notes").Err(), live.CodeResultSize)
	c.Disconnect()
	env.Advance(time.Minute)
	noneUsed(t, env, limits.MaxWindowMemory)
}
