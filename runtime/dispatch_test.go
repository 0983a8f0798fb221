package runtime

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/internal/conn"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/gateway"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/wire"
)

// direct is a connection without a network: its peer reads frames at once, or when the test says so.
type direct struct {
	server *Server
	conn   *conn.Conn

	mu      sync.Mutex
	held    bool // the peer reads nothing for now
	sending int  // frames whose end has not been reported to the queue
	frame   []byte
	got     [][]byte
	closed  int
}

func connect(s *testServer) *direct {
	d := &direct{server: s.Server}
	d.conn = s.conns.Connect(httptest.NewRequest("GET", gateway.SocketPath, nil), d)
	d.conn.Text([]byte(`{"t":"hello","v":1}`))
	return d
}

func (d *direct) Start(frame []byte) error {
	d.mu.Lock()
	if d.held {
		d.frame = frame
		d.mu.Unlock()
		return nil
	}
	d.got = append(d.got, slices.Clone(frame))
	d.sending++
	d.mu.Unlock()
	d.server.tasks.Go(func() {
		d.conn.Sent(0)
		d.mu.Lock()
		d.sending--
		d.mu.Unlock()
	})
	return nil
}

func (d *direct) Write(frame []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.got = append(d.got, slices.Clone(frame))
	return nil
}

func (d *direct) Close(code int, _ string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = code
}

func (d *direct) Cut() { d.Close(1006, "") }

// hold makes the peer stop reading at the next frame.
func (d *direct) hold() {
	for {
		d.mu.Lock()
		if d.sending == 0 {
			d.held = true
			d.mu.Unlock()
			return
		}
		d.mu.Unlock()
		runtime.Gosched()
	}
}

// take makes the peer read the frame at which it has stopped.
func (d *direct) take() {
	d.mu.Lock()
	frame := d.frame
	d.frame, d.held = nil, false
	if frame != nil {
		d.got = append(d.got, slices.Clone(frame))
	}
	d.mu.Unlock()
	if frame != nil {
		d.conn.Sent(0)
	}
}

// kinds gives the kinds of all messages so far, and the last message.
func (d *direct) kinds() (string, map[string]any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var kinds []string
	var last map[string]any
	for _, frame := range d.got {
		var list []map[string]any
		if frame[0] != '[' {
			frame = slices.Concat([]byte("["), frame, []byte("]"))
		}
		_ = json.Unmarshal(frame, &list)
		for _, m := range list {
			kinds = append(kinds, m["t"].(string))
			last = m
		}
	}
	return strings.Join(kinds, " "), last
}

// onlyWindow is the only window of the server.
func onlyWindow(t *testing.T, s *testServer) *testWindow {
	t.Helper()
	e := s.engine.(*requery)
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.windows) != 1 {
		t.Fatalf("%d windows are open", len(e.windows))
	}
	for _, w := range e.windows {
		return w
	}
	panic("unreachable")
}

// TestLostOffsetIsRecovered has a client read nothing until its offset is no longer in the log of the topic. Then it gets the data anew.
func TestLostOffsetIsRecovered(t *testing.T) {
	s := startServer(t, func(o *Options) { o.Limits = limits.Values{limits.MaxLog: 1} })
	d := connect(s)
	defer d.conn.Gone()
	for id := range 2 { // two subscriptions share the topic
		d.conn.Text(fmt.Appendf(nil, `{"t":"sub","id":%d,"m":"chat/lines","a":["lobby"]}`, id+1))
	}
	waitFor(t, "the data", func() bool { k, _ := d.kinds(); return k == "hello snap snap" })
	d.hold()
	d.conn.Text([]byte(`{"t":"ping"}`)) // a frame that takes long to send
	w := onlyWindow(t, s)
	tp := w.topic
	for range 3 {
		w.engine.mu.Lock()
		w.value = []byte(`"` + strings.Repeat("x", 70<<10) + `"`)
		tp.Append("set", w.value)
		w.engine.mu.Unlock()
	}
	d.take()
	waitFor(t, "the data anew", func() bool {
		k, last := d.kinds()
		return k == "hello snap snap pong resync snap snap" && last["s"] == 3.0
	})
	w.engine.mu.Lock()
	tp.Append("set", []byte(`"y"`))
	w.engine.mu.Unlock()
	waitFor(t, "the next event", func() bool { k, last := d.kinds(); return strings.HasSuffix(k, "snap snap ev") && last["s"] == 4.0 })
	for id := range 2 {
		if tp.Followers() != 1 {
			t.Errorf("%d followers with %d subscriptions", tp.Followers(), 2-id)
		}
		d.conn.Text(fmt.Appendf(nil, `{"t":"unsub","id":%d}`, id+1))
	}
	if tp.Followers() != 0 {
		t.Error("the client follows on without a subscription")
	}
	if s.stats.Resyncs.Load() != 1 {
		t.Errorf("%d resyncs are counted", s.stats.Resyncs.Load())
	}
}

func TestSlowClientIsClosed(t *testing.T) {
	s := startServer(t, func(o *Options) { o.Limits = limits.Values{limits.MaxLog: 1, limits.MaxResyncs: 3} })
	d := connect(s)
	defer d.conn.Gone()
	d.conn.Text([]byte(`{"t":"sub","id":1,"m":"chat/lines","a":["lobby"]}`))
	waitFor(t, "the data", func() bool { k, _ := d.kinds(); return k == "hello snap" })
	d.hold()
	d.conn.Text([]byte(`{"t":"ping"}`))
	tp := onlyWindow(t, s).topic
	closed := func() bool { d.mu.Lock(); defer d.mu.Unlock(); return d.closed != 0 }
	waitFor(t, "the close", func() bool {
		for range 3 {
			tp.Append("set", []byte(`"`+strings.Repeat("x", 70<<10)+`"`))
		}
		s.tasks.WaitIdle() // otherwise the data may change too fast for the connection, which ends the subscription
		d.take()
		d.hold()
		return closed()
	})
	if d.closed != wire.CloseBehind {
		t.Errorf("closed with %d", d.closed)
	}
}

// conflicted is a store whose transactions of calls fail a number of times. What the server writes for itself does not fail: nobody knows
// when it does that.
type conflicted struct {
	store.Store
	mu    sync.Mutex
	fails int
}

type conflict struct{}

func (conflict) Error() string { return "serialization failure" }
func (conflict) Retry() bool   { return true }

func (c *conflicted) Submit(ctx context.Context, fn func(store.Tx) error, done func(store.Commit, error)) {
	if store.TurnOf(ctx).Kind != store.Calls {
		c.Store.Submit(ctx, fn, done)
		return
	}
	c.Store.Submit(ctx, func(tx store.Tx) error {
		err := fn(tx)
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.fails--; c.fails >= 0 {
			return conflict{}
		}
		return err
	}, done)
}

func TestConflictsAreRetried(t *testing.T) {
	var db *conflicted
	s := startServer(t, func(o *Options) { db = &conflicted{Store: o.Store}; o.Store = db })
	c := greet(t, s.listen(t), "")
	for i, test := range []struct {
		fails int
		want  string
	}{
		{3, `{"t":"ok","id":1,"v":"*","s":1}`},
		{4, `{"t":"err","id":2,"code":"CONFLICT","message":"Others changed the same data at the same time; try again"}`},
	} {
		db.mu.Lock()
		db.fails = test.fails
		db.mu.Unlock()
		c.send(fmt.Sprintf(`{"t":"call","id":%d,"m":"chat/send","a":["lobby","a"],"k":"%s"}`, i+1, keyAt(time.Now())))
		if diff := differ(c.next(), test.want); diff != "" {
			t.Error(diff)
		}
	}
	db.mu.Lock()
	db.fails = 1
	db.mu.Unlock()
	c.send(`{"t":"call","id":3,"m":"chat/limitedUser","a":[]}`) // counts once, although it runs twice
	c.want(`{"t":"ok","id":3,"v":"","s":0}`)
}

func TestCallsWithKeysTakeEffectOnce(t *testing.T) {
	s := startServer(t, nil)
	c := greet(t, s.listen(t), "")
	call := func(id int, args string) map[string]any {
		c.send(fmt.Sprintf(`{"t":"call","id":%d,"m":"chat/send","a":%s,"k":"0190a5f0-0000-7000-8000-000000000001"}`, id, args))
		return c.next()
	}
	first, again := call(1, `["lobby","a"]`), call(2, `["lobby","a"]`)
	if first["t"] != "ok" || first["s"] != 1.0 || again["v"] != first["v"] || again["s"] != 1.0 {
		t.Errorf("first %v, again %v", first, again)
	}
	if other := call(3, `["lobby","b"]`); other["code"] != CodeConflict {
		t.Errorf("other arguments: %v", other)
	}
	c.send(`{"t":"call","id":4,"m":"chat/read","a":["lobby"]}`)
	c.want(`{"t":"ok","id":4,"v":"a","s":0}`)
}

func TestAfterCommit(t *testing.T) {
	s := startServer(t, nil)
	c := greet(t, s.listen(t), "")
	c.do("chat/after", `["x"]`)
	logs := s.logs.String()
	if first, second := strings.Index(logs, "first x"), strings.Index(logs, "second x"); first < 0 || second < first ||
		!strings.Contains(logs, "entry_point=chat/after") {
		t.Errorf("the logs are %s", logs)
	}
	c.send(`{"t":"call","id":1,"m":"chat/fails","a":[]}`)
	c.want(`{"t":"err","id":1,"code":"TEAPOT","message":"Short and stout"}`)
	if strings.Contains(s.logs.String(), "must not run") {
		t.Error("what is for after the commit ran without one")
	}
}

func TestWatchReadsAgain(t *testing.T) {
	s := startServer(t, nil)
	runs := 0
	check := func(do func(tx store.Tx) error) (func(), error) {
		cancel, _, err := s.runner.Watch(t.Context(), invoke.Request{
			Spec: invoke.Spec{Mode: Read}, From: &identity.Caller{}, As: invoke.System,
			Do: func(in *invoke.Invocation) error { return do(in.Tx) },
		}, func() {})
		return cancel, err
	}
	cancel, err := check(func(tx store.Tx) error {
		runs++
		row, err := tx.Get(people, relation.Row{"ann"})
		if err == nil && row == nil {
			// A commit between reading and watching.
			_, err = store.Write(t.Context(), s.store, func(tx store.Tx) error { return tx.Insert(people, relation.Row{"ann", "x"}) })
		}
		return err
	})
	if err != nil || runs != 2 {
		t.Fatalf("%d runs, %v", runs, err)
	}
	cancel()
	if _, err := check(func(tx store.Tx) error {
		_, _ = tx.Get(people, relation.Row{"ann"})
		return errors.New("refused")
	}); err == nil {
		t.Error("the error is lost")
	}
}

func BenchmarkDispatch(b *testing.B) {
	h := &held{}
	reg := testRegistry(h)
	reg.app.Sessions, reg.app.Upgrade = false, nil
	s, err := newServer(reg, Options{Store: noStore{}}, func(*Server) (engine, error) { return idle{}, nil })
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close(context.Background())
	d := &direct{server: s}
	d.conn = s.conns.Connect(httptest.NewRequest("GET", gateway.SocketPath, nil), d)
	d.conn.Text([]byte(`{"t":"hello","v":1}`))
	defer d.conn.Gone()
	d.hold()
	frame := []byte(`{"t":"call","id":7,"m":"chat/bench","a":["lobby"]}`)
	e := *s.catalog.RPCs["chat/echo"]
	e.Decode = func([]byte, any) bool { return true }
	e.Call = func(_ *invoke.Invocation, _ any, dst []byte) ([]byte, error) { return append(dst, "null"...), nil }
	s.catalog.RPCs["chat/bench"] = &e
	b.ReportAllocs()
	for b.Loop() {
		d.conn.Text(frame)
		d.conn.Sent(1)
	}
}

type noStore struct{ store.Store }

func TestSlowCallsAreNamed(t *testing.T) {
	s := startServer(t, func(o *Options) { o.Limits = limits.Values{limits.SlowCall: 2} })
	e := s.metrics.EntryPoint("chat/read")
	done := func(took time.Duration) {
		s.faults.Slow("chat/read", e.Done("", took), fault.Origin{Request: "abc", Message: 7})
	}
	done(time.Millisecond)
	if logs := s.logs.String(); strings.Contains(logs, "slow") {
		t.Errorf("a fast call is in the log: %s", logs)
	}
	done(2 * time.Millisecond)
	done(3 * time.Millisecond)
	if logs := s.logs.String(); strings.Count(logs, "a call was slow") != 1 ||
		!strings.Contains(logs, "entry_point=chat/read took=2ms request=abc message_id=7") {
		t.Errorf("the logs are %s", logs)
	}
}
