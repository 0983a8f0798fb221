package livequery

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
	"github.com/livec-lang/livec/relation/plantest"
	"github.com/livec-lang/livec/runtime/clock"
	"github.com/livec-lang/livec/runtime/store"
)

// inRoom is posts of a room, by score.
func inRoom(t testing.TB) *relation.Query {
	return compile(t, &relation.Sort{
		Input: &relation.Filter{
			Input: &relation.Scan{Table: posts},
			Cond:  plantest.Compare(relation.Eq, posts.Columns[1], plantest.Col(posts.Columns, 0, 1), &relation.Param{Kind: relation.Text}),
		},
		By: []relation.SortKey{{Expr: plantest.Col(posts.Columns, 0, 3)}, {Expr: plantest.Col(posts.Columns, 0, 0)}},
	}, relation.Column{Name: "room", Kind: relation.Text})
}

func open(t testing.TB, w *world, q *relation.Query, params ...relation.Value) *Handle {
	t.Helper()
	h, err := w.engine.Open(t.Context(), q, params)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func (w *world) commit(t testing.TB, fn commitOf) {
	t.Helper()
	if _, err := store.Write(t.Context(), w.store, fn); err != nil {
		t.Fatal(err)
	}
}

// unknownNode is a node of plans that no code knows.
type unknownNode struct{ relation.Node }

// TestPanicLeavesTheEngineFree checks that a panic while a window is made does not hold up everybody else.
func TestPanicLeavesTheEngineFree(t *testing.T) {
	w := newWorld(t, Options{})
	defer w.close()
	q := inRoom(t)
	first := open(t, w, q, "x")
	defer first.Release()
	p := first.window.plan
	known, mode := p.query, p.chain.Mode
	p.query, p.chain.Mode = &relation.Query{Plan: unknownNode{}}, chain.Requery
	func() {
		defer func() {
			if recover() == nil {
				t.Error("a node that no code knows is taken")
			}
		}()
		_, _ = w.engine.Open(t.Context(), q, []relation.Value{"y"})
	}()
	if !w.engine.mu.TryLock() {
		t.Fatal("the engine stays locked")
	}
	w.engine.mu.Unlock()
	p.query, p.chain.Mode = known, mode
	open(t, w, q, "y").Release()
}

// TestSharing checks that subscribers of the same query share a window, and that a bounded number of windows lingers after the last one.
func TestSharing(t *testing.T) {
	w := newWorld(t, Options{MaxLingering: 2})
	defer w.close()
	q := inRoom(t)
	a, b, other := open(t, w, q, "x"), open(t, w, q, "x"), open(t, w, q, "y")
	if a.Topic() != b.Topic() || a.Topic() == other.Topic() || w.engine.Windows() != 2 {
		t.Errorf("%d windows", w.engine.Windows())
	}
	topic := a.Topic()
	a.Release()
	b.Release()
	if c := open(t, w, q, "x"); c.Topic() != topic {
		t.Error("a window was dropped as soon as nobody held it")
	} else {
		c.Release()
	}
	for _, room := range []string{"1", "2", "3", "4"} {
		open(t, w, q, room).Release()
	}
	if n := w.engine.Windows(); n != 3 {
		t.Errorf("%d windows, want the one that is held and 2 others", n)
	}
	if c := open(t, w, q, "x"); c.Topic() == topic {
		t.Error("the oldest window was not the one to go")
	}
	// A dropped window is not notified of commits any more.
	w.commit(t, insert(posts, postOf("a", "u", 1)))
	w.engine.Settle()
	if topic.Head() != 0 {
		t.Error("a window that is gone has events")
	}
}

// TestLinger checks that a window outlives its last holder for a time of the engine's clock, which begins anew with each last holder.
func TestLinger(t *testing.T) {
	c := clock.NewManual(time.Unix(0, 0))
	w := newWorld(t, Options{Linger: time.Minute, Clock: c})
	defer w.close()
	q := inRoom(t)
	open(t, w, q, "x").Release()
	for range 2 {
		c.Advance(time.Minute-1, nil)
		open(t, w, q, "x").Release()
	}
	c.Advance(time.Minute-1, nil)
	if n := w.engine.Windows(); n != 1 {
		t.Errorf("%d windows before the time is over", n)
	}
	if c.Advance(1, nil); w.engine.Windows() != 0 || c.Timers() != 0 {
		t.Errorf("%d windows and %d timers after it", w.engine.Windows(), c.Timers())
	}
}

// TestMoreFollowsTheData opens a page that is empty, fills it, and empties it again. Events say when there are further rows
// for the page, whatever the stages after it show of them.
func TestMoreFollowsTheData(t *testing.T) {
	id, score := plantest.Col(posts.Columns, 0, 0), plantest.Col(posts.Columns, 0, 3)
	page := &relation.Page{N: 3, Input: &relation.Sort{Input: &relation.Scan{Table: posts}, By: []relation.SortKey{{Expr: id}}}}
	again := &relation.Sort{Input: page, By: []relation.SortKey{{Expr: score}}}
	few := plantest.Compare(relation.Gt, posts.Columns[3], score, &relation.Const{Value: int64(1), Kind: relation.Int})
	join := &relation.Join{
		Input: page, Right: &relation.Scan{Table: users}, LeftOn: []relation.Expr{id}, RightOn: []int{0}, As: "as", Replace: -1,
	}
	for name, plan := range map[string]relation.Node{
		"page":                   page,
		"filter":                 &relation.Filter{Input: page, Cond: few},
		"join":                   join,
		"sort":                   again,
		"sort and filter":        &relation.Filter{Input: again, Cond: few},
		"sort and limit":         &relation.Limit{Input: again, N: 1},
		"page of a longer limit": &relation.Page{Input: &relation.Limit{Input: page.Input, N: 100}, N: 3},
	} {
		t.Run(name, func(t *testing.T) { moreFollows(t, compile(t, plan)) })
	}
}

func moreFollows(t *testing.T, q *relation.Query) {
	w := newWorld(t, Options{})
	defer w.close()
	h := open(t, w, q)
	defer h.Release()
	f := follow(t, h)
	all := "abcdefghijklmnopqrstuvwxyz" // more than the window keeps
	for n := range 2 * len(all) {
		count := n + 1
		if n < len(all) {
			w.commit(t, insert(posts, postOf(all[n:n+1], "u", int64(n%3))))
		} else {
			count = 2*len(all) - n - 1
			w.commit(t, remove(posts, relation.Row{all[count : count+1]}))
		}
		w.engine.Settle()
		f.catchUp(t)
		if _, _, _, more := h.Attach(nil); f.more != (count > 3) || more != f.more {
			t.Errorf("with %d rows: more is %t for the client, %t for a new one", count, f.more, more)
		}
	}
}

// TestPages loads pages one by one.
func TestPages(t *testing.T) {
	w := newWorld(t, Options{})
	defer w.close()
	w.commit(t, insert(posts, postOf("a", "u", 1), postOf("b", "u", 2), postOf("c", "u", 3)))
	q := compile(
		t,
		&relation.Page{
			N:     2,
			Input: &relation.Sort{Input: &relation.Scan{Table: posts}, By: []relation.SortKey{{Expr: plantest.Col(posts.Columns, 0, 0)}}},
		},
	)
	h := open(t, w, q)
	defer h.Release()
	rows := func() (int, bool) {
		value, _, _, more := h.Attach(nil)
		return len(decode(t, value).([]any)), more
	}
	if n, more := rows(); n != 2 || !more {
		t.Errorf("%d rows, more: %t", n, more)
	}
	first := h.Topic()
	for range 2 { // the second time there is no further page
		if err := h.More(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n, more := rows(); n != 3 || more || h.Topic() == first {
			t.Errorf("%d rows, more: %t", n, more)
		}
	}
	f := follow(t, h)
	w.commit(t, insert(posts, postOf("0", "u", 0)))
	w.commit(t, insert(posts, postOf("d", "u", 0)))
	w.engine.Settle()
	f.catchUp(t)
	if n, more := rows(); n != 4 || !more || len(f.value.([]any)) != 4 {
		t.Errorf("%d rows, more: %t, the client holds %s", n, more, f.text())
	}
}

// TestWatch checks that the watchers of rows that a commit may change are called, once for each commit and before it is acknowledged.
func TestWatch(t *testing.T) {
	w := newWorld(t, Options{})
	defer w.close()
	var ann, room, any atomic.Int32
	cancels := []func(){
		w.engine.Watch(
			[]store.Dependency{
				{Table: users, Cols: []int{0}, Values: []relation.Value{"ann"}},
				{Table: users, Cols: []int{0}, Values: []relation.Value{"eve"}},
			},
			func() { ann.Add(1) },
		),
		w.engine.Watch([]store.Dependency{{Table: posts, Cols: []int{1, 2}, Values: []relation.Value{"x", "u"}}}, func() { room.Add(1) }),
		w.engine.Watch([]store.Dependency{{Table: users}}, func() { any.Add(1) }),
	}
	want := func(a, r, n int32) {
		t.Helper()
		if ann.Load() != a || room.Load() != r || any.Load() != n {
			t.Errorf("called %d, %d and %d times; want %d, %d, %d", ann.Load(), room.Load(), any.Load(), a, r, n)
		}
	}
	w.commit(t, insert(users, userOf("bob", "x")))
	want(0, 0, 1)
	w.commit(t, insert(users, userOf("ann", "x"), userOf("eve", "x")))
	want(1, 0, 2)
	w.commit(t, insert(posts, postOf("p", "u", 1)))
	want(1, 1, 2)
	w.commit(t, update(posts, relation.Row{"p"}, func(r relation.Row) { r[2] = "v" })) // it is not part of the query any more
	want(1, 2, 2)
	cancels[0]()
	w.commit(t, remove(users, relation.Row{"ann"}))
	want(1, 2, 3)
	cancels[2]()
	w.commit(t, remove(users, relation.Row{"bob"}))
	want(1, 2, 3)
}

// TestFailuresKeepTheLastValue makes a computation overflow and then work again. Meanwhile the window is read again, at growing intervals.
func TestFailuresKeepTheLastValue(t *testing.T) {
	c := clock.NewManual(time.Unix(0, 0))
	w := newWorld(t, Options{Clock: c})
	defer w.close()
	plan := &relation.Map{
		Input: &relation.Sort{Input: &relation.Scan{Table: posts}, By: []relation.SortKey{{Expr: plantest.Col(posts.Columns, 0, 0)}}},
		Exprs: []relation.Named{{Column: relation.Column{Name: "n", Kind: relation.Int}, Expr: &relation.Binary{
			Op: relation.IDiv, L: &relation.Const{Value: int64(6), Kind: relation.Int}, R: plantest.Col(posts.Columns, 0, 3),
			Kind: relation.Int, Of: relation.Int,
		}}},
	}
	w.commit(t, insert(posts, postOf("a", "u", 2)))
	q := compile(t, plan)
	h := open(t, w, q)
	f := follow(t, h)
	holds := func(want string) {
		t.Helper()
		w.engine.Settle()
		f.catchUp(t)
		if f.text() != want {
			t.Errorf("holds %s, want %s", f.text(), want)
		}
	}
	holds(`[{"n":3}]`)
	set := func(n int64) { w.commit(t, update(posts, relation.Row{"a"}, func(r relation.Row) { r[3] = n })) }
	set(0)
	holds(`[{"n":3}]`)
	for wait := retryAfter; wait <= 2*retryAfter; wait *= 2 {
		if c.Timers() != 1 {
			t.Errorf("%d timers wait", c.Timers())
		}
		if c.Advance(wait-1, nil); c.Timers() != 1 {
			t.Errorf("it is read again before %v have passed", wait)
		}
		c.Advance(1, nil)
		holds(`[{"n":3}]`)
	}
	set(1)
	holds(`[{"n":6}]`)
	// A query that cannot be computed cannot be opened, also if somebody holds the last value.
	set(0)
	w.engine.Settle()
	if late, err := w.engine.Open(t.Context(), q, nil); err == nil {
		t.Error("a window was opened that cannot be read at present")
		late.Release()
	}
	set(2)
	w.engine.Settle()
	late, err := w.engine.Open(t.Context(), q, nil)
	if err != nil {
		t.Fatal(err)
	}
	late.Release()
	set(0)
	h.Release()
	twin := *q
	if _, err := w.engine.Open(t.Context(), &twin, nil); err == nil {
		t.Error("a window was opened that cannot be read")
	}
	if n := w.engine.Windows(); n != 1 {
		t.Errorf("%d windows", n)
	}
	if _, err := w.engine.Open(t.Context(), &relation.Query{Plan: plan}, nil); err == nil {
		t.Error("a query that was not compiled to be live was opened")
	}
}

// TestClose ends the engine; the store still works.
func TestClose(t *testing.T) {
	w := newWorld(t, Options{})
	q := inRoom(t)
	h := open(t, w, q, "x")
	w.engine.Close()
	w.engine.Close()
	if _, err := w.engine.Open(t.Context(), q, []relation.Value{"x"}); !errors.Is(err, ErrClosed) {
		t.Errorf("opened a closed engine: %v", err)
	}
	w.commit(t, func(tx store.Tx) error { return tx.Insert(posts, postOf("a", "u", 1)) })
	w.engine.Settle()
	h.Release()
	w.hub.Close()
	if err := w.store.Close(); err != nil {
		t.Error(err)
	}
}

// TestOpeningTogether has many open the same window while it is read for the first time: nobody gets it before that.
func TestOpeningTogether(t *testing.T) {
	w := newWorld(t, Options{})
	defer w.close()
	w.commit(t, insert(posts, postOf("a", "u", 1)))
	q := inRoom(t)
	want := w.fresh(t, q, []relation.Value{"x"})
	for range 200 {
		twin := *q // a plan of its own, and so a window of its own
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				h, err := w.engine.Open(t.Context(), &twin, []relation.Value{"x"})
				if err != nil {
					t.Error(err)
					return
				}
				if got, _, _, _ := h.Attach(nil); canonical(t, got) != want {
					t.Errorf("shown %s, want %s", got, want)
				}
				h.Release()
			})
		}
		wg.Wait()
	}
}
