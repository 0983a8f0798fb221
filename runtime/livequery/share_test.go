package livequery

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/store"
)

// by is the context of a caller.
func by(t *testing.T, caller string) context.Context {
	return store.WithTurn(t.Context(), store.Turn{Caller: caller})
}

// TestShareOfMemory has one caller open all that it can. Others still can, and what is open stays.
func TestShareOfMemory(t *testing.T) {
	w := newWorld(t, governed(limits.Values{limits.MaxWindowMemory: 200 << 10, limits.MaxWindowMemoryPerCaller: 50 << 10}))
	defer w.close()
	q := inRoom(t)
	text := strings.Repeat("x", 5000)
	for i := range 30 {
		row := postOf(strconv.Itoa(i), "u", 1)
		row[1], row[5] = strconv.Itoa(i), text
		w.commit(t, insert(posts, row))
	}
	var held []*Handle
	var err error
	for i := 0; err == nil && i < 30; i++ {
		var h *Handle
		if h, err = w.engine.Open(by(t, "ann"), q, []relation.Value{strconv.Itoa(i)}); err == nil {
			held = append(held, h)
		}
	}
	var over *store.Overloaded
	if !errors.As(err, &over) || over.Limit != limits.MaxWindowMemoryPerCaller || len(held) < 2 || len(held) > 10 {
		t.Fatalf("%d windows, then %v", len(held), err)
	}
	before := w.engine.memory.HeldBy("ann")
	if h, err := w.engine.Open(by(t, "ann"), q, []relation.Value{"0"}); err != nil {
		t.Errorf("a window that is there: %v", err)
	} else {
		h.Release()
	}
	other, err := w.engine.Open(by(t, "bob"), q, []relation.Value{"29"})
	if err != nil {
		t.Fatal(err)
	}
	shared, err := w.engine.Open(by(t, "bob"), q, []relation.Value{"0"})
	if err != nil {
		t.Fatal(err)
	}
	bob := w.engine.memory.HeldBy("bob")
	held[0].Release() // bob is left
	if a, b := w.engine.memory.HeldBy("ann"), w.engine.memory.HeldBy("bob"); a >= before || b <= bob || a+b != w.engine.memory.Used() {
		t.Errorf("%d bytes count for ann, before it were %d; %d for bob, before it were %d", a, before, b, bob)
	}
	for _, h := range append(held[1:], other, shared) {
		if err := h.Reach(t.Context(), 1); err != nil {
			t.Error(err)
		}
		h.Release()
	}
	if a, b := w.engine.memory.HeldBy("ann"), w.engine.memory.HeldBy("bob"); a != 0 || b != 0 {
		t.Errorf("%d bytes count for ann, %d for bob, who hold nothing", a, b)
	}
}

// TestIdleWindowsMakeRoom has many callers open windows and leave them. One that holds little can open further ones.
func TestIdleWindowsMakeRoom(t *testing.T) {
	w := newWorld(t, governed(limits.Values{limits.MaxWindowMemory: 200 << 10, limits.MaxWindowMemoryPerCaller: 50 << 10}))
	defer w.close()
	q := inRoom(t)
	const rooms = 60
	for i := range rooms {
		row := postOf(strconv.Itoa(i), "u", 1)
		row[1], row[5] = strconv.Itoa(i), strings.Repeat("x", 5000)
		w.commit(t, insert(posts, row))
	}
	one, err := w.engine.Open(by(t, "ann"), q, []relation.Value{"0"})
	if err != nil {
		t.Fatal(err)
	}
	defer one.Release()
	for i := range rooms {
		h, err := w.engine.Open(by(t, "caller "+strconv.Itoa(i)), q, []relation.Value{strconv.Itoa(i)})
		if err != nil {
			t.Fatal(err)
		}
		h.Release()
		if h, err = w.engine.Open(by(t, "ann"), q, []relation.Value{strconv.Itoa(rooms - 1 - i)}); err != nil {
			t.Fatalf("after %d others: %v", i+1, err)
		}
		h.Release()
	}
}

// TestGrownShare has the windows of a caller grow by far beyond its share: they end before they take the room of others.
func TestGrownShare(t *testing.T) {
	const most = 400 << 10
	w := newWorld(t, governed(limits.Values{limits.MaxWindowMemory: most, limits.MaxWindowMemoryPerCaller: most / 4}))
	defer w.close()
	q := inRoom(t)
	const rooms = 12
	for i := range rooms {
		h, err := w.engine.Open(by(t, "ann"), q, []relation.Value{strconv.Itoa(i)})
		if err != nil {
			t.Fatal(err)
		}
		defer h.Release()
	}
	single, err := w.engine.Open(by(t, "bob"), q, []relation.Value{"bob"})
	if err != nil {
		t.Fatal(err)
	}
	defer single.Release()
	for i := range 20 * rooms {
		row := postOf(strconv.Itoa(i), "u", 1)
		row[1], row[5] = strconv.Itoa(i%rooms), strings.Repeat("x", 5000)
		w.commit(t, insert(posts, row))
		w.engine.Settle()
		if used := w.engine.memory.Used(); used > most*7/8 {
			t.Fatalf("%d bytes are in use", used)
		}
	}
	if w.engine.opt.Govern.ReachedTotal(limits.MaxWindowMemoryPerCaller) == 0 {
		t.Error("nothing has ended")
	}
	if err := single.Reach(t.Context(), 1); err != nil {
		t.Errorf("the window of another caller: %v", err)
	}
}
