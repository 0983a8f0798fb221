package govern

import (
	"testing"

	"github.com/livec-lang/livec/limits"
)

// shared is an account of 900 in use, of which a caller that is alone may have 300.
func shared(t *testing.T) (*Governor, *Account) {
	t.Helper()
	g := New(limits.Values{limits.MaxTopicMemory: 900, limits.MaxTopicMemoryPerCaller: 300}, 1<<30, nil)
	return g, g.Account(limits.MaxTopicMemory)
}

func take(a *Account, caller string) (n int64) {
	for {
		if _, ok := a.TakeFor(caller, 0, 1); !ok {
			return n
		}
		n++
	}
}

// empty fails if a key is left in the counts of callers.
func empty(t *testing.T, a *Account) {
	t.Helper()
	for i := range a.callers.shards {
		if used := a.callers.shards[i].used; len(used) > 0 {
			t.Errorf("callers stay: %v", used)
		}
	}
	if a.Used() != 0 {
		t.Errorf("%d are in use", a.Used())
	}
}

func TestShareOfCaller(t *testing.T) {
	g, a := shared(t)
	if n := take(a, "a"); n != 300 {
		t.Errorf("the first caller has %d", n)
	}
	if reached, ok := a.TakeFor("a", 0, 1); ok || reached != limits.MaxTopicMemoryPerCaller || g.ReachedTotal(reached) != 2 {
		t.Errorf("more than its share: %v, %s", ok, reached)
	}
	if n := take(a, "b"); n != 200 {
		t.Errorf("the second caller has %d of the 600 that are left", n)
	}
	others := []string{"c", "d", "e", "f", "g", "h", "i", "j"}
	for _, caller := range others {
		if take(a, caller) == 0 {
			t.Fatalf("nothing is left for caller %s", caller)
		}
	}
	if reached, ok := a.TakeFor("late", 0, a.Limit()-a.Used()); !ok {
		t.Errorf("the first thing of a caller, however large: %s", reached)
	}
	if reached, ok := a.TakeFor("later", 0, 1); ok || reached != limits.MaxTopicMemory {
		t.Errorf("more than there is: %v, %s", ok, reached)
	}
	for _, caller := range append(others, "a", "b", "late") {
		a.AddFor(caller, -a.HeldBy(caller))
	}
	empty(t, a)
}

// TestOneThing lets a caller have one thing that is larger than its share, and the server what it needs.
func TestOneThing(t *testing.T) {
	_, a := shared(t)
	for own := int64(0); own < 800; own += 100 {
		if reached, ok := a.TakeFor("a", own, 100); !ok {
			t.Fatalf("after %d: %s", own, reached)
		}
	}
	if a.Has("a", 1) || !a.Has("b", 100) || a.Has("b", 101) || !a.Has("", 100) {
		t.Error("a may have no second thing, others may have what is left")
	}
	a.AddFor("a", -800)
	empty(t, a)
}

func TestNoShare(t *testing.T) {
	g := New(limits.Values{limits.MaxTopicMemory: 900, limits.MaxTopicMemoryPerCaller: 900}, 1<<30, nil)
	if n := take(g.Account(limits.MaxTopicMemory), "a"); n != 900 {
		t.Errorf("a caller that may have all has %d", n)
	}
	if n := take(g.Account(limits.MaxConnections), "a"); n != g.Value(limits.MaxConnections) {
		t.Errorf("%d of an account without shares", n)
	}
}

// TestRoomForCallers has idle things make room for a caller within its share, but not for one that has had it.
func TestRoomForCallers(t *testing.T) {
	_, a := shared(t)
	idle := int64(800)
	a.Add(idle)
	a.OnFull(func() bool {
		if idle == 0 {
			return false
		}
		idle -= 100
		a.Add(-100)
		return true
	})
	a.AddFor("a", 50)
	if _, ok := a.FitsFor("a", 100); !ok || idle != 400 {
		t.Errorf("fits: %v, %d are idle", ok, idle)
	}
	a.AddFor("a", 250)
	if reached, ok := a.FitsFor("a", 1); ok || idle != 400 || reached != limits.MaxTopicMemoryPerCaller {
		t.Errorf("fits: %v %s, %d are idle", ok, reached, idle)
	}
	if _, ok := a.FitsFor("b", 300); !ok || idle > 300 {
		t.Errorf("fits: %v, %d are idle", ok, idle)
	}
}

func TestHeldWithoutAllocations(t *testing.T) {
	_, a := shared(t)
	a.AddFor("a", 200)
	a.AddFor("b", 200)
	h := a.Holding(true)
	h.Hold("a")
	h.Add(10)
	if n := testing.AllocsPerRun(100, func() {
		if !a.Has("a", 10) {
			t.Error("it fits")
		}
		a.AddFor("a", 10)
		a.AddFor("a", -10)
		h.Add(10)
		h.Add(-10)
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestRoom asks for more of what callers hold: who has nothing yet may have some although others have taken all.
func TestRoom(t *testing.T) {
	_, a := shared(t)
	for _, held := range []struct {
		of string
		n  int64
	}{{"a", 550}, {"b", 250}} {
		a.AddFor(held.of, held.n)
	}
	for _, c := range []struct {
		of      string
		n       int64
		reached limits.ID
	}{
		{"a", 0, limits.MaxTopicMemoryPerCaller},
		{"a", 200, limits.MaxTopicMemory},
		{"b", 50, limits.MaxTopicMemoryPerCaller},
		{"c", 0, 0},
		{"c", 320, 0},
		{"c", 400, limits.MaxTopicMemory},
	} {
		reached, ok := a.Room(c.of, c.n)
		if ok != (c.reached == 0) || !ok && reached != c.reached {
			t.Errorf("%d more for %s: %v %s", c.n, c.of, ok, reached)
		}
	}
	if a.Used() != 800 {
		t.Errorf("%d are in use", a.Used())
	}
}
