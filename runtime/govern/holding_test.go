package govern

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/livec-lang/livec/limits"
)

func TestHolding(t *testing.T) {
	_, a := shared(t)
	h := a.Holding(true)
	want := func(what string, held map[string]int64) {
		t.Helper()
		for _, caller := range []string{"a", "b"} {
			if n := a.HeldBy(caller); n != held[caller] {
				t.Errorf("%s: %d count for %s, want %d", what, n, caller, held[caller])
			}
		}
	}
	if !h.Hold("a") || h.Hold("a") || h.Hold("b") || h.Hold("") {
		t.Error("only the first is the first")
	}
	h.Add(50)
	want("the first holder", map[string]int64{"a": 50})
	if h.Release("a"); h.Payer() != "a" {
		t.Error("a holds it twice")
	}
	if h.Release("") || h.Release("a") || h.Payer() != "b" {
		t.Error("it counts for the one who is left")
	}
	want("the next holder", map[string]int64{"b": 50})
	if !h.Release("b") || a.Used() != 50 {
		t.Error("nobody holds it, and it is there")
	}
	want("nobody", nil)
	h.Hold("a")
	h.By("b")
	h.Add(20)
	want("what b has added", map[string]int64{"a": 50, "b": 20})
	h.Add(-25)
	want("the last goes first", map[string]int64{"a": 45})
	h.Pass("b")
	h.Add(-45)
	want("nothing", nil)
	empty(t, a)
}

// TestLog takes away what was added first, whoever adds.
func TestLog(t *testing.T) {
	_, a := shared(t)
	h := a.Holding(false)
	h.By("a")
	h.Add(30)
	h.By("b")
	h.Add(30)
	h.Add(-40)
	if a.HeldBy("a") != 0 || a.HeldBy("b") != 20 {
		t.Errorf("%d of a, %d of b", a.HeldBy("a"), a.HeldBy("b"))
	}
}

func TestCrowds(t *testing.T) {
	_, a := shared(t)
	large, small, other := a.Holding(true), a.Holding(true), a.Holding(true)
	large.Hold("a")
	small.Hold("a")
	other.Hold("b")
	large.Add(290)
	other.Add(250)
	small.Add(20)
	if _, crowds := small.Crowds(); crowds {
		t.Error("there is room")
	}
	if _, ok := small.Allowed(); ok {
		t.Error("it is too much for another one")
	}
	other.Add(140)
	if reached, crowds := small.Crowds(); !crowds || reached != limits.MaxTopicMemoryPerCaller {
		t.Error("who has more than the limit makes room")
	}
	if _, crowds := other.Crowds(); crowds {
		t.Error("one thing alone may stay")
	}
	if _, ok := other.Allowed(); !ok {
		t.Error("one thing alone is allowed")
	}
}

// TestRoomForHoldings has idle things make room for what a caller within its share has opened, but not for one that has had it.
func TestRoomForHoldings(t *testing.T) {
	_, a := shared(t)
	idle := a.Holding(true)
	idle.Add(800)
	a.OnFull(func() bool { idle.Add(-100); return true })
	first, second := a.Holding(true), a.Holding(true)
	first.Hold("a")
	first.Add(20)
	second.Hold("a")
	second.Add(100)
	if _, ok := second.Allowed(); !ok || a.Used() > 720 {
		t.Errorf("allowed: %v, %d are in use", ok, a.Used())
	}
	second.Add(200)
	before := a.Used()
	if reached, ok := second.Allowed(); ok || reached != limits.MaxTopicMemoryPerCaller || a.Used() != before {
		t.Errorf("allowed: %v %s, %d are in use, and %d were", ok, reached, a.Used(), before)
	}
}

// TestHoldingProperties does things at random: what counts for callers and for nobody is what is in use, and nothing is left in the end.
func TestHoldingProperties(t *testing.T) {
	g := New(limits.Values{limits.MaxTopicMemory: 1 << 20}, 1<<30, nil)
	a := g.Account(limits.MaxTopicMemory)
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 1))
		h := a.Holding(seed%2 == 0)
		var held []string
		used := int64(0)
		for range 2000 {
			caller := strconv.Itoa(r.IntN(100))
			switch r.IntN(6) {
			case 0:
				if h.Hold(caller) != (len(held) == 0) {
					t.Fatal("who is the first?")
				}
				held = append(held, caller)
			case 1:
				if len(held) > 0 {
					i := r.IntN(len(held))
					caller = held[i]
					held = slices.Delete(held, i, i+1)
					if h.Release(caller) != (len(held) == 0) {
						t.Fatal("who is the last?")
					}
				}
			case 2:
				h.By(caller)
			case 3:
				h.Add(-min(used, int64(r.IntN(300))))
			default:
				h.Add(int64(r.IntN(100)))
			}
			used = a.Used()
			if err := h.consistent(used); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
		}
		h.Add(-used)
		empty(t, a)
	}
}

func (h *Holding) consistent(used int64) error {
	sum := h.nobody
	for _, p := range h.parts {
		if p.bytes <= 0 || h.account.HeldBy(p.caller) != p.bytes {
			return fmt.Errorf("%d of %s", p.bytes, p.caller)
		}
		sum += p.bytes
	}
	if sum != used || len(h.parts) > maxParts {
		return fmt.Errorf("%d are counted of %d, in %d parts", sum, used, len(h.parts))
	}
	return nil
}
