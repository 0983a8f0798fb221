package runtime_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
	live "github.com/livec-lang/livec/runtime"
	"github.com/livec-lang/livec/runtime/livetest"
	"github.com/livec-lang/livec/runtime/value"
)

// The app of these tests, as a compiler would generate it. Users are strings.

var notes = &relation.Table{
	Name:    "note",
	Columns: relation.Schema{{Name: "id", Kind: relation.ID}, {Name: "text", Kind: relation.Text}},
	Key:     []int{0},
}

var (
	allNotes   = chain.NewLiveQuery("all notes", &relation.Scan{Table: notes})
	notesPaged = chain.NewLiveQuery("notes paged", &relation.Page{Input: &relation.Scan{Table: notes}, N: 2})
)

const togetherContract = `{"name":"together","hash":"t1","modules":[{"name":"t","entryPoints":[
 {"kind":"rpc","name":"t/publish","args":{"type":"array","items":{"type":"string"}}},
 {"kind":"rpc","name":"t/throttled","args":{"type":"array","items":{"type":"string"}}},
 {"kind":"rpc","name":"t/debounced","args":{"type":"array","items":{"type":"string"}}},
 {"kind":"channel","name":"t/typing","params":[{"name":"room","type":"string"}],"args":{"type":"array",
  "prefixItems":[{"type":"string"}],"minItems":1,"items":false},
  "merge":"presence","event":{"type":"object","properties":{"name":{"type":"string","minLength":1,"maxLength":10}},
  "required":["name"],"additionalProperties":false}},
 {"kind":"room","name":"t/board","params":[{"name":"board","type":"string"}],"args":{"type":"array","prefixItems":[{"type":"string"}],
  "minItems":1,"items":false},
  "presence":{"event":{"type":"object","properties":{"name":{"type":"string"}},"required":["name"],"additionalProperties":false}},
  "cursors":{"event":{"type":"object","properties":{"x":{"type":"number"},"y":{"type":"number"}},"required":["x","y"],
  "additionalProperties":false}}}
]}],"$defs":{}}`

type strs = []string

// decodeStrs reads n strings.
func decodeStrs(n int) func(d *value.Decoder) strs {
	return func(d *value.Decoder) (list strs) {
		for d.Array(); d.Next(); {
			list = append(list, d.String())
		}
		d.End()
		d.Check(len(list) == n, fmt.Sprintf("must have %d items", n))
		return list
	}
}

func topicOf(_ *live.Call, a *strs) ([]byte, error) { return json.Marshal(append(strs{}, *a...)) }

// openOf is topicOf for a derived stream that reads nothing of the caller.
func openOf(c *live.Call, a *strs) ([]byte, live.Hidden, error) {
	topic, err := topicOf(c, a)
	return topic, live.Hidden{}, err
}

func rpc(reg *live.Registry, name string, mode live.Mode, n int, body func(c *live.Call, a strs) error) {
	live.AddRPC(reg, live.RPC[strs, struct{}]{
		Name: name, Mode: mode, Decode: decodeStrs(n),
		Call: func(c *live.Call, a *strs) (struct{}, error) { return struct{}{}, body(c, *a) },
	})
}

type named struct {
	Name string `json:"name"`
}

type point struct {
	X, Y float64
}

var nameEvent = live.EventOf(
	func(d *value.Decoder) (n named) {
		var seen uint64
		for d.Object(); d.Member(); {
			switch string(d.Key()) {
			case "name":
				d.Once(&seen, 1<<0)
				n.Name = d.String()
				d.Check(value.Length(n.Name, 1, 10), "must be 1 to 10 characters")
			default:
				d.Unknown()
			}
		}
		d.End()
		d.Need(seen, 0b1)
		return n
	},
	func(dst []byte, n *named) []byte { b, _ := json.Marshal(n); return append(dst, b...) },
)

var pointEvent = live.EventOf(
	func(d *value.Decoder) (p point) {
		var seen uint64
		for d.Object(); d.Member(); {
			switch string(d.Key()) {
			case "x":
				d.Once(&seen, 1<<0)
				p.X = d.Float()
			case "y":
				d.Once(&seen, 1<<1)
				p.Y = d.Float()
			default:
				d.Unknown()
			}
		}
		d.End()
		d.Need(seen, 0b11)
		return p
	},
	func(dst []byte, p *point) []byte { return fmt.Appendf(dst, `{"x":%v,"y":%v}`, p.X, p.Y) },
)

// journal records what the app's code has done, in order.
type journal struct {
	mu    sync.Mutex
	lines []string
}

func (j *journal) note(format string, args ...any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, fmt.Sprintf(format, args...))
}

func (j *journal) take() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	lines := j.lines
	j.lines = nil
	return lines
}

func userOf(c *live.Call) string {
	user, _ := c.User().(string)
	return user
}

func notesOf(c *live.Call, dst []byte) ([]byte, error) {
	rows, err := c.Rows(allNotes)
	list := []map[string]any{}
	for _, r := range rows {
		list = append(list, map[string]any{"id": r[0], "text": r[1]})
	}
	b, _ := json.Marshal(list)
	return append(dst, b...), err
}

// member is a guard: a room whose name is that of a note is for the owner of the note, and every room is closed to "stranger".
func member(c *live.Call, room string) error {
	if userOf(c) == "stranger" {
		return live.Fail(live.CodeForbidden, "Not for strangers")
	}
	if c.Tx() == nil {
		return nil
	}
	row, err := c.Tx().Get(notes, relation.Row{"ban-" + room})
	if err == nil && row != nil && row[1] == userOf(c) {
		return live.Fail(live.CodeForbidden, "Banned")
	}
	return err
}

func together(j *journal) *live.Registry {
	reg := live.NewRegistry(live.App{
		Name: "together", Hash: "t1", Contract: []byte(togetherContract), Tables: []*relation.Table{notes},
		UserKey: func(user any) string { return user.(string) },
	})
	rpc(reg, "t/put", live.Write, 2, func(c *live.Call, a strs) error {
		old, err := c.Tx().Get(notes, relation.Row{a[0]})
		if err != nil {
			return err
		}
		data, _ := json.Marshal(map[string]any{"id": a[0], "text": a[1]})
		if old != nil {
			c.Publish("t/notes", nil, "updated", data, live.Pace{})
			return c.Tx().Update(notes, old, relation.Row{a[0], a[1]})
		}
		c.Publish("t/notes", nil, "created", data, live.Pace{})
		return c.Tx().Insert(notes, relation.Row{a[0], a[1]})
	})
	rpc(reg, "t/drop", live.Write, 1, func(c *live.Call, a strs) error {
		old, err := c.Tx().Get(notes, relation.Row{a[0]})
		if err != nil || old == nil {
			return err
		}
		c.Publish("t/notes", nil, "deleted", fmt.Appendf(nil, `{"id":%q}`, a[0]), live.Pace{})
		return c.Tx().Delete(notes, old)
	})
	rpc(reg, "t/publish", live.Pure, 4, func(c *live.Call, a strs) error { // stream, topic, event, data
		c.Publish(a[0], []byte(a[1]), a[2], []byte(a[3]), live.Pace{})
		return nil
	})
	rpc(reg, "t/throttled", live.Pure, 4, func(c *live.Call, a strs) error {
		c.Publish(a[0], []byte(a[1]), a[2], []byte(a[3]), live.Pace{Throttle: 50 * time.Millisecond})
		return nil
	})
	rpc(reg, "t/debounced", live.Pure, 4, func(c *live.Call, a strs) error {
		c.Publish(a[0], []byte(a[1]), a[2], []byte(a[3]), live.Pace{Debounce: 50 * time.Millisecond})
		return nil
	})
	rpc(reg, "t/fails", live.Write, 0, func(c *live.Call, _ strs) error {
		c.Publish("t/last", nil, "said", []byte(`"never"`), live.Pace{})
		c.Signal("t/ring", "ann", []byte(`[]`))
		return live.Fail("TEAPOT", "")
	})
	rpc(reg, "t/call", live.Pure, 2, func(c *live.Call, a strs) error {
		j.note("%d connected", c.Signal("t/ring", a[0], fmt.Appendf(nil, `[%q]`, a[1])))
		return nil
	})
	live.AddSignal(reg, live.Signal{Name: "t/ring"})

	live.AddStream(reg, live.Stream[strs]{
		Name: "t/paged", Query: notesPaged, Decode: decodeStrs(0),
		Open: func(*live.Call, *strs) ([]relation.Value, error) { return nil, nil },
		Lifecycle: live.Lifecycle[strs]{
			Subscribed:   func(*live.Call, *strs) error { j.note("reads"); return nil },
			Unsubscribed: func(*live.Call, *strs) error { j.note("has read"); return nil },
		},
	})
	live.AddPublished(reg, live.Published[strs]{
		Name: "t/notes", Mode: live.Read, Merge: live.Merge{Kind: live.MergeCrud}, Decode: decodeStrs(0), Open: topicOf,
		Replay: live.Replay{Count: 100},
		First:  func(c *live.Call, _ *strs, dst []byte) ([]byte, error) { return notesOf(c, dst) },
	})
	live.AddPublished(reg, live.Published[strs]{
		Name: "t/last", Merge: live.Merge{Kind: live.MergeLatest, Max: 3}, Decode: decodeStrs(0), Open: topicOf,
	})
	live.AddPublished(reg, live.Published[strs]{
		Name: "t/broken", Mode: live.Read, Merge: live.Merge{Kind: live.MergeSet}, Decode: decodeStrs(0), Open: topicOf,
		First: func(*live.Call, *strs, []byte) ([]byte, error) { return nil, errors.New("the body fails") },
	})
	live.AddPublished(reg, live.Published[strs]{
		Name: "t/lobby", Merge: live.Merge{Kind: live.MergePresence}, Decode: decodeStrs(0), Open: topicOf,
		Lifecycle: live.Lifecycle[strs]{
			Subscribed: func(c *live.Call, _ *strs) error {
				j.note("%s comes", userOf(c))
				c.Publish("t/lobby", nil, "join", fmt.Appendf(nil, `{"key":%q,"name":"I am %s"}`, userOf(c), userOf(c)), live.Pace{})
				return nil
			},
			Unsubscribed: func(c *live.Call, _ *strs) error {
				j.note("%s goes", userOf(c))
				c.Publish("t/lobby", nil, "leave", fmt.Appendf(nil, `{"key":%q}`, userOf(c)), live.Pace{})
				return nil
			},
		},
	})
	live.AddDerived(reg, live.Derived[strs]{
		Name: "t/count", Mode: live.Read, Debounce: 500 * time.Millisecond, Decode: decodeStrs(0), Open: openOf,
		Compute: func(c *live.Call, _ *strs, dst []byte) ([]byte, error) {
			rows, err := c.Rows(allNotes)
			for _, r := range rows {
				if r[1] == "poison" {
					return nil, errors.New("poisoned")
				}
			}
			return fmt.Appendf(dst, `{"notes":%d}`, len(rows)), err
		},
	})
	live.AddDerived(reg, live.Derived[strs]{
		Name: "t/heard", Streams: []string{"t/last"}, Decode: decodeStrs(0), Open: openOf,
		Compute: func(_ *live.Call, _ *strs, dst []byte) ([]byte, error) {
			j.note("computed")
			return fmt.Appendf(dst, "%d", len(j.lines)), nil
		},
	})
	gate := func(c *live.Call, a *strs) ([]byte, error) {
		row, err := c.Tx().Get(notes, relation.Row{"gate"})
		if err == nil && row == nil {
			return nil, live.ErrGate
		}
		return nil, err
	}
	live.AddChannel(reg, live.Channel[strs]{
		Name: "t/gated", Mode: live.Read, Merge: live.Merge{Kind: live.MergeSet}, Decode: decodeStrs(0), Open: gate,
		Lifecycle: live.Lifecycle[strs]{
			Subscribed:   func(*live.Call, *strs) error { j.note("opens"); return nil },
			Unsubscribed: func(*live.Call, *strs) error { j.note("closes"); return nil },
		},
	})
	live.AddChannel(reg, live.Channel[strs]{
		Name: "t/typing", Mode: live.Read, Merge: live.Merge{Kind: live.MergePresence}, Expire: 3 * time.Second,
		Rates:  []live.Rate{{Limit: 5, Per: time.Second}},
		Decode: decodeStrs(1), Event: nameEvent,
		Open: func(c *live.Call, a *strs) ([]byte, error) {
			if err := member(c, (*a)[0]); err != nil {
				return nil, err
			}
			return topicOf(c, a)
		},
		Writers: func(c *live.Call, _ *strs) error {
			if c.User() == nil {
				return live.Fail(live.CodeUnauthorized, "Log in to write")
			}
			return nil
		},
	})
	live.AddChannel(reg, live.Channel[strs]{Name: "t/pointers", Merge: live.Merge{Kind: live.MergeCursor}, Decode: decodeStrs(1),
		Open: topicOf})
	live.AddChannel(reg, live.Channel[strs]{
		Name: "t/cheers", Merge: live.Merge{Kind: live.MergeLatest, Max: 3}, Expire: 3 * time.Second, Decode: decodeStrs(0),
		Open: topicOf,
	})
	live.AddChannel(reg, live.Channel[strs]{Name: "t/items", Merge: live.Merge{Kind: live.MergeCrud}, Decode: decodeStrs(0), Open: topicOf})
	live.AddRoom(reg, live.Room[strs]{
		Name: "t/board", Mode: live.Read, Decode: decodeStrs(1),
		Open: func(c *live.Call, a *strs) ([]byte, error) {
			if err := member(c, (*a)[0]); err != nil {
				return nil, err
			}
			return topicOf(c, a)
		},
		Data: &live.RoomData[strs]{Query: allNotes, Open: func(*live.Call, *strs) ([]relation.Value, error) { return nil, nil }},
		Presence: &live.Presence[strs]{
			Value: func(c *live.Call, _ *strs, dst []byte) ([]byte, error) {
				name := userOf(c)
				row, err := c.Tx().Get(notes, relation.Row{"name-" + name})
				if row != nil {
					name = row[1].(string)
				}
				return fmt.Appendf(dst, `{"name":%q}`, name), err
			},
			Event: nameEvent,
		},
		Cursors: &live.Cursors{Event: pointEvent, Throttle: 50 * time.Millisecond},
		Lifecycle: live.Lifecycle[strs]{
			Subscribed:   func(c *live.Call, a *strs) error { j.note("%s enters %s", userOf(c), (*a)[0]); return nil },
			Unsubscribed: func(c *live.Call, a *strs) error { j.note("%s leaves %s", userOf(c), (*a)[0]); return nil },
		},
	})
	live.AddRoom(reg, live.Room[strs]{
		Name: "t/hall", Mode: live.Read, Decode: decodeStrs(1), Open: topicOf,
		Presence: &live.Presence[strs]{Value: func(c *live.Call, _ *strs, dst []byte) ([]byte, error) {
			return fmt.Appendf(dst, `{"name":%q}`, userOf(c)), nil
		}},
	})
	live.AddDerived(reg, live.Derived[strs]{
		Name: "t/hall.data", Schema: "t/hall", Mode: live.Read, Decode: decodeStrs(1),
		Open: func(c *live.Call, a *strs) ([]byte, live.Hidden, error) {
			topic, err := json.Marshal([]string{(*a)[0], userOf(c)})
			return topic, live.Hidden{User: c.User()}, err
		},
		Compute: func(c *live.Call, _ *strs, dst []byte) ([]byte, error) {
			return fmt.Appendf(dst, `"for %s"`, userOf(c)), nil
		},
	})
	return reg
}

func startTogether(t testing.TB, change ...func(*live.Options)) (*livetest.Env, *journal) {
	t.Helper()
	j := &journal{}
	return livetest.New(t, together(j), change...), j
}

// holds checks the value of a subscription.
func holds(t testing.TB, s *livetest.Stream, want string) {
	t.Helper()
	if got := s.Value().String(); got != want {
		t.Fatalf("got  %s\nwant %s (error: %v)", got, want, s.Err())
	}
}
