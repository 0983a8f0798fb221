package livequery

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/plantest"
	"github.com/livec-lang/livec/runtime/clock"
	"github.com/livec-lang/livec/runtime/govern"
	"github.com/livec-lang/livec/runtime/store"
)

// governed are the options of an engine with limits.
func governed(set limits.Values) Options { return Options{Govern: govern.New(set, 1<<30, nil)} }

// counts checks that the bytes of a list are those of its items.
func (w *world) counts(t testing.TB) {
	t.Helper()
	w.engine.mu.Lock()
	defer w.engine.mu.Unlock()
	for _, win := range w.engine.windows {
		var items []*item
		bytes := 0
		switch c := win.content.(type) {
		case *rows:
			items, bytes = c.itemList.rows, c.bytes
		case *groups:
			items, bytes = c.itemList.rows, c.bytes
		case *requery:
			items, bytes = c.rows, c.bytes
		case *reduction:
		default:
			t.Fatalf("no rule for what a %T counts", c)
		}
		for _, e := range items {
			bytes -= e.size()
		}
		if bytes != 0 {
			t.Fatalf("a %T counts %d bytes too many", win.content, bytes)
		}
	}
}

// unused checks that nothing is counted of an engine that is closed.
func (w *world) unused(t testing.TB) {
	t.Helper()
	if used := w.engine.memory.Used(); used != 0 {
		t.Errorf("%d bytes are in use when nothing is", used)
	}
}

func wantTooLarge(t *testing.T, what string, err error) {
	t.Helper()
	if large := (*store.TooLarge)(nil); !errors.As(err, &large) {
		t.Errorf("%s: %v", what, err)
	}
}

// TestWindowMemory opens windows until the memory for them is used: those without a holder are dropped, and when all have one, no others
// can be opened.
func TestWindowMemory(t *testing.T) {
	const most = 100 << 10
	o := governed(limits.Values{limits.MaxWindowMemory: most})
	c := clock.NewManual(time.Unix(0, 0))
	o.Clock, o.Linger = c, time.Minute
	w := newWorld(t, o)
	defer w.close()
	text := strings.Repeat("x", 5000)
	for i := range 60 {
		row := postOf(strconv.Itoa(i), "u", 1)
		row[1], row[5] = strconv.Itoa(i), text
		w.commit(t, insert(posts, row))
	}
	q := inRoom(t)
	for i := range 60 {
		h := open(t, w, q, strconv.Itoa(i))
		h.Attach(nil)
		h.Release()
		if used := w.engine.memory.Used(); used > most+20_000 {
			t.Fatalf("%d bytes are in use", used)
		}
	}
	if n := w.engine.Windows(); n < 5 || n > 20 {
		t.Errorf("%d windows linger", n)
	}
	var held []*Handle
	for i := range 60 {
		h, err := w.engine.Open(t.Context(), q, []relation.Value{strconv.Itoa(i)})
		if errors.Is(err, store.ErrOverloaded) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, h)
	}
	if len(held) < 5 || len(held) > 20 || w.engine.Windows() != len(held) {
		t.Errorf("%d windows are held, of %d", len(held), w.engine.Windows())
	}
	w.counts(t)
	if w.engine.opt.Govern.ReachedTotal(limits.MaxWindowMemory) == 0 {
		t.Error("nothing is counted")
	}
	open(t, w, q, "0").Release() // it is there
	for _, h := range held {
		h.Release()
	}
	c.Advance(time.Minute, nil)
	w.unused(t)
}

// TestGrowingWindows has rows added to windows that are held: they end once there is no memory for them at all.
func TestGrowingWindows(t *testing.T) {
	w := newWorld(t, governed(limits.Values{limits.MaxWindowMemory: 100 << 10}))
	defer w.close()
	q := inRoom(t)
	h := open(t, w, q, "x")
	defer h.Release()
	for i := range 40 {
		row := postOf(strconv.Itoa(i), "u", 1)
		row[5] = strings.Repeat("x", 5000)
		w.commit(t, insert(posts, row))
	}
	w.engine.Settle()
	if err := h.Reach(t.Context(), 1); !errors.Is(err, store.ErrOverloaded) {
		t.Errorf("a window that has outgrown the memory: %v", err)
	}
	if used := w.engine.memory.Used(); used > 20_000 {
		t.Errorf("%d bytes are in use", used)
	}
}

// TestTooManyRows has a list outgrow the limit: its holders are told, and it can be opened again once it is shorter.
func TestTooManyRows(t *testing.T) {
	w := newWorld(t, governed(limits.Values{limits.MaxRows: 10}))
	defer w.close()
	q := inRoom(t)
	for i := range 10 {
		w.commit(t, insert(posts, postOf(strconv.Itoa(i), "u", 1)))
	}
	h, other := open(t, w, q, "x"), open(t, w, q, "y")
	defer other.Release()
	topic := h.Topic()
	epoch, at := topic.Epoch(), topic.Head()
	w.commit(t, insert(posts, postOf("more", "u", 1)))
	w.engine.Settle()
	wantTooLarge(t, "a list that has outgrown the limit", h.Reach(t.Context(), 1))
	if topic.Reaches(epoch, at) || topic.Reaches(epoch, at+1) {
		t.Error("its followers are not told")
	}
	if err := other.Reach(t.Context(), 1); err != nil {
		t.Errorf("another list: %v", err)
	}
	_, err := w.engine.Open(t.Context(), q, []relation.Value{"x"})
	wantTooLarge(t, "another holder of it", err)
	h.Release()
	_, err = w.engine.Open(t.Context(), q, []relation.Value{"x"})
	wantTooLarge(t, "a list that is too large", err)
	w.commit(t, func(tx store.Tx) error { return tx.Delete(posts, postOf("more", "u", 1)) })
	open(t, w, q, "x").Release()
}

// TestEarlyEnd reads no more than a window may show, also if it shows all.
func TestEarlyEnd(t *testing.T) {
	w := newWorld(t, governed(limits.Values{limits.MaxRows: 10, limits.MaxResult: 1000}))
	defer w.close()
	for i := range 100 {
		w.commit(t, insert(posts, postOf(fmt.Sprintf("%03d", i), "u", 1)))
	}
	_, err := w.engine.Open(t.Context(), inRoom(t), []relation.Value{"x"})
	if large := (*store.TooLarge)(nil); !errors.As(err, &large) || large.Most.Rows != 10+8+1 && !large.Bytes {
		t.Errorf("a list of 100 rows: %v", err)
	}
}

// TestPagesEnd loads pages up to the limit. The former list is gone each time.
func TestPagesEnd(t *testing.T) {
	w := newWorld(t, governed(limits.Values{limits.MaxRows: 7}))
	defer w.close()
	for i := range 20 {
		w.commit(t, insert(posts, postOf(fmt.Sprintf("%03d", i), "u", 1)))
	}
	q := compile(t, &relation.Page{N: 2, Input: &relation.Sort{
		Input: &relation.Scan{Table: posts}, By: []relation.SortKey{{Expr: plantest.Col(posts.Columns, 0, 0)}},
	}})
	h := open(t, w, q)
	defer h.Release()
	for range 2 {
		if err := h.More(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := w.engine.Windows(); n != 1 {
			t.Errorf("%d windows for one list", n)
		}
	}
	topic := h.Topic()
	wantTooLarge(t, "a page beyond the limit", h.More(t.Context()))
	if err := h.Reach(t.Context(), 1); err != nil || h.Topic() != topic {
		t.Errorf("the list does not go on: %v", err)
	}
}
