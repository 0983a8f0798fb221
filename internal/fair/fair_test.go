package fair

import (
	"fmt"
	"math/rand/v2"
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

// TestRest has a line rest. The others go on; its items keep their order, and their places count.
func TestRest(t *testing.T) {
	q := New[time.Duration](100, 100)
	for range 3 {
		q.Push("a", 1)
	}
	q.Push("b", 1)
	q.Rest()
	q.Push("a", 1)
	if got := take(q, 10); got != "b" || q.Len() != 4 || q.Peek() != nil || q.Resting() != 1 {
		t.Errorf("turns %s, %d wait", got, q.Len())
	}
	q.Remove("a", func(time.Duration) bool { return true })
	q.Wake("b")
	q.Wake("a")
	q.Wake("a")
	if got := take(q, 10); got != "aaa" || q.Len() != 0 || q.Resting() != 0 {
		t.Errorf("turns %s after it rested, %d wait", got, q.Len())
	}
	q.Push("a", 1)
	q.Rest()
	q.Remove("a", func(time.Duration) bool { return true })
	q.WakeAll()
	if q.Peek() != nil || q.Len() != 0 || q.Resting() != 0 {
		t.Error("a line of which nothing waits takes turns")
	}
}

// TestQueueProperties does things at random: nothing is lost or doubled, items of a caller keep their order, and who rests has no turn.
func TestQueueProperties(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		q := New[time.Duration](1000, 1000)
		waits, rests, n := map[string][]time.Duration{}, map[string]bool{}, time.Duration(0)
		check := func(what string, ok bool) {
			if !ok {
				t.Fatalf("seed %d after %d items: %s", seed, n, what)
			}
		}
		pop := func() {
			item, l, ok := q.Pop()
			if !ok {
				return
			}
			check("a line that rests has a turn", !rests[l.caller])
			check("the items of a caller change their order", len(waits[l.caller]) > 0 && waits[l.caller][0] == item)
			waits[l.caller] = waits[l.caller][1:]
			q.Charge(l, time.Duration(r.IntN(100)))
		}
		for range 300 {
			caller := string(rune('a' + r.IntN(5)))
			switch r.IntN(6) {
			case 0, 1:
				n++
				q.Push(caller, n)
				waits[caller] = append(waits[caller], n)
			case 2:
				pop()
			case 3:
				if next := q.Peek(); next != nil {
					for c, items := range waits {
						if len(items) > 0 && items[0] == *next {
							rests[c] = true
						}
					}
					q.Rest()
				}
			case 4:
				q.Wake(caller)
				rests[caller] = false
			default:
				if items := waits[caller]; len(items) > 0 {
					last := items[len(items)-1]
					check("an item is missing", q.Remove(caller, func(d time.Duration) bool { return d == last }))
					waits[caller] = items[:len(items)-1]
				}
			}
		}
		q.WakeAll()
		clear(rests)
		for q.Len() > 0 {
			check("what waits has no turn", q.Peek() != nil)
			pop()
		}
		for _, items := range waits {
			check("items are lost", len(items) == 0)
		}
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
