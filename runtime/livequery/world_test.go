package livequery

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
	"github.com/livec-lang/livec/relation/plantest"
	"github.com/livec-lang/livec/relation/sql"
	flavour "github.com/livec-lang/livec/relation/sqlite"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/store/sqlite"
	"github.com/livec-lang/livec/runtime/topic"
)

// The tables of these tests.
var (
	users, posts, likes = plantest.Users, plantest.Posts, plantest.Likes
	tables              = plantest.Tables
)

// world is a store with an engine on it.
type world struct {
	store  store.Store
	hub    *topic.Hub
	engine *Engine
}

func newWorld(t testing.TB, o Options) *world {
	t.Helper()
	o.Logger = slog.New(slog.NewTextHandler(io.Discard, nil))
	s, err := sqlite.Open(t.Context(), sqlite.Memory, tables, sqlite.Options{Logger: o.Logger})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{store: s, hub: topic.NewHub(1 << 20)}
	if w.engine, err = New(s, w.hub, o); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) close() {
	w.engine.Close()
	w.hub.Close()
	_ = w.store.Close()
}

func compile(t testing.TB, plan relation.Node, params ...relation.Column) *relation.Query {
	t.Helper()
	return chain.NewLiveQuery("test", plan, params...)
}

// sqlOf is the SQL of a query and of its statements, for messages.
func sqlOf(t testing.TB, q *relation.Query) string {
	t.Helper()
	var b strings.Builder
	write := func(name string, q *relation.Query) {
		prepared, err := sql.Prepare(flavour.Flavour, q)
		if err != nil {
			t.Fatal(err)
		}
		for _, st := range prepared.Statements {
			fmt.Fprintf(&b, "%s: %s\n", name, st.SQL)
		}
	}
	write("query", q)
	for _, st := range q.Statements {
		write(st.Role.String(), st.Query)
	}
	return b.String()
}

// fresh runs a query and returns its result in the form that subscribers have.
func (w *world) fresh(t testing.TB, q *relation.Query, params []relation.Value) string {
	t.Helper()
	var out []byte
	err := w.store.Read(t.Context(), func(tx store.Tx) error {
		rows, err := tx.Query(q, params...)
		if err != nil {
			return err
		}
		if q.IsValue() {
			out = appendValue(nil, &q.Out[0], rows[0][0])
			return nil
		}
		out = append(out, '[')
		for i, r := range rows {
			if i > 0 {
				out = append(out, ',')
			}
			out = appendRow(out, q.Out, r)
		}
		out = append(out, ']')
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return canonical(t, out)
}

func canonical(t tester, b []byte) string {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v: %s", err, b)
	}
	out, _ := json.Marshal(v)
	return string(out)
}

// tester is a testing.T or a rapid.T.
type tester interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// client is a subscriber: the snapshot it got, with all events applied.
type client struct {
	handle *Handle
	topic  *topic.Topic
	seq    uint64
	value  any
	more   bool                        // there are further pages
	each   func()                      // called after each event
	event  func(kind string, v []byte) // called before each event
}

func follow(t testing.TB, h *Handle) *client {
	c := &client{handle: h}
	c.snap(t)
	return c
}

func (c *client) snap(t testing.TB) {
	b, tp, seq, more := c.handle.Attach(nil)
	c.topic, c.seq, c.more = tp, seq, more
	c.value = decode(t, b)
}

func decode(t tester, b []byte) any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v: %s", err, b)
	}
	return v
}

// catchUp applies all new events.
func (c *client) catchUp(t testing.TB) {
	t.Helper()
	for {
		events, _, last, ok := c.topic.Read(c.seq, 1<<20)
		if !ok {
			t.Fatal("the topic does not reach back")
		}
		if last == c.seq {
			return
		}
		var list []struct {
			S    uint64
			K    string
			V    json.RawMessage
			More *bool
		}
		if err := json.Unmarshal([]byte("["+string(events)+"]"), &list); err != nil {
			t.Fatalf("%v: %s", err, events)
		}
		for _, e := range list {
			if e.S != c.seq+1 {
				t.Fatalf("event %d after %d", e.S, c.seq)
			}
			c.seq = e.S
			if c.event != nil {
				c.event(e.K, e.V)
			}
			if e.More != nil && *e.More == c.more {
				t.Fatalf("more: %t was sent twice", c.more)
			}
			if e.More != nil {
				c.more = *e.More
			}
			if e.More != nil && string(e.V) == "[]" {
				continue // only whether there are further pages has changed
			}
			if err := c.apply(t, e.K, e.V); err != nil {
				t.Fatalf("%v: %s on %s", err, e.V, c.text())
			}
			if c.each != nil {
				c.each()
			}
		}
	}
}

func (c *client) text() string {
	b, _ := json.Marshal(c.value)
	return string(b)
}

// apply does what docs/protocol.md says of events.
func (c *client) apply(t tester, kind string, v json.RawMessage) error {
	if kind == "set" {
		c.value = decode(t, v)
		return nil
	}
	list, ok := c.value.([]any)
	if !ok {
		return fmt.Errorf("a diff of no list")
	}
	ops := decode(t, v).([]any)
	if len(ops) == 0 {
		return fmt.Errorf("an empty diff")
	}
	for _, op := range ops {
		o := op.([]any)
		at := func(i int) int {
			n, _ := o[i].(json.Number).Int64()
			return int(n)
		}
		pos := at(1)
		switch o[0] {
		case "+":
			if pos < 0 || pos > len(list) {
				return fmt.Errorf("no place %d", pos)
			}
			list = append(list[:pos:pos], append([]any{o[2]}, list[pos:]...)...)
		case "-":
			if pos < 0 || pos >= len(list) {
				return fmt.Errorf("no place %d", pos)
			}
			list = append(list[:pos:pos], list[pos+1:]...)
		case "~":
			row := map[string]any{}
			for k, v := range list[pos].(map[string]any) {
				row[k] = v
			}
			changed := o[2].(map[string]any)
			if len(changed) == 0 {
				return fmt.Errorf("nothing changed")
			}
			for k, v := range changed {
				row[k] = v
			}
			list = append([]any(nil), list...)
			list[pos] = row
		case ">":
			to := at(2)
			x := list[pos]
			list = append(list[:pos:pos], list[pos+1:]...)
			list = append(list[:to:to], append([]any{x}, list[to:]...)...)
		default:
			return fmt.Errorf("operation %v", o[0])
		}
	}
	c.value = list
	return nil
}
