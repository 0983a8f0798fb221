package fair

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// take runs n turns, each of the cost that its item says, and gives the items.
func take(q *Queue[time.Duration], n int) string {
	var took []string
	for range n {
		item, l, ok := q.Pop()
		if !ok {
			break
		}
		took = append(took, l.caller)
		q.Charge(l, item)
	}
	return strings.Join(took, "")
}

func TestTurns(t *testing.T) {
	q := New[time.Duration](1000, 1000)
	for range 6 {
		q.Push("a", 1)
	}
	q.Push("b", 1)
	q.Push("c", 1)
	if got, want := take(q, 100), "abcaaaaa"; got != want {
		t.Errorf("turns %s, want %s", got, want)
	}
	if q.Len() != 0 || q.Peek() != nil {
		t.Errorf("%d items wait in an empty queue", q.Len())
	}
}

// TestCost has one caller whose items take a hundred times as long.
func TestCost(t *testing.T) {
	q := New[time.Duration](10_000, 10_000)
	for range 10 {
		q.Push("h", 100)
	}
	for range 500 {
		q.Push("l", 1)
	}
	got := take(q, 306)
	if heavy := strings.Count(got, "h"); heavy < 3 || heavy > 5 {
		t.Errorf("%d heavy items in the time of 306", heavy)
	}
}

// TestParallel takes several turns before any of them is over: a caller does not get all of them.
func TestParallel(t *testing.T) {
	q := New[time.Duration](1000, 1000)
	for range 3 {
		q.Push("a", 10)
	}
	q.Push("b", 10)
	_, first, _ := q.Pop()
	q.Charge(first, 10)
	var callers string
	for range 3 { // none of them is over
		_, l, _ := q.Pop()
		callers += l.caller
	}
	if callers != "baa" {
		t.Errorf("turns %s, want b before the others of a", callers)
	}
}

func TestPlaces(t *testing.T) {
	q := New[time.Duration](9000, 9000)
	fill := func(caller string) (n int) {
		for q.Admits(caller) {
			q.Push(caller, 1)
			n++
		}
		return n
	}
	if n := fill("a"); n != 1000 {
		t.Errorf("the first caller has %d places of 9000, want a ninth", n)
	}
	for i := range 60 {
		if n := fill(fmt.Sprint(i)); n == 0 {
			t.Fatalf("caller %d has no place", i)
		}
	}
	if !q.Admits("late") || q.Admits("a") {
		t.Error("places are left for those who come late only")
	}
	if q := New[time.Duration](900, 10); fillOne(q) != 10 {
		t.Error("each caller has a bound of its own")
	}
}

func fillOne(q *Queue[time.Duration]) (n int) {
	for q.Admits("a") {
		q.Push("a", 1)
		n++
	}
	return n
}

func TestRemove(t *testing.T) {
	q := New[time.Duration](100, 100)
	for i := range 3 {
		q.Push("a", time.Duration(i))
	}
	q.Push("b", 7)
	if !q.Remove("a", func(d time.Duration) bool { return d == 1 }) || q.Remove("a", func(d time.Duration) bool { return d == 1 }) {
		t.Error("an item is removed once")
	}
	if !q.Remove("b", func(time.Duration) bool { return true }) || q.Remove("c", func(time.Duration) bool { return true }) {
		t.Error("the last item of a caller is removed; there is none of another")
	}
	if got := take(q, 10); got != "aa" || q.Len() != 0 {
		t.Errorf("turns %s, and %d wait", got, q.Len())
	}
}

// TestForgets has each caller come once.
func TestForgets(t *testing.T) {
	q := New[time.Duration](100, 100)
	for i := range 10_000 {
		q.Push(fmt.Sprint(i), 1)
		take(q, 1)
	}
	if len(q.lines) > 2*minPrune {
		t.Errorf("%d callers are kept of which nothing waits", len(q.lines))
	}
}

func BenchmarkTurn(b *testing.B) {
	q := New[int](1000, 1000)
	for range b.N {
		q.Push("a", 1)
		_, l, _ := q.Pop()
		q.Charge(l, 1)
	}
}
