package fair

import (
	"math/rand/v2"
	"testing"
	"time"
)

func shares() *Shares {
	return &Shares{Long: 100 * time.Millisecond, Part: 10, Burst: 200 * time.Millisecond, Within: time.Second}
}

var start = time.Unix(1_000_000, 0)

func TestShares(t *testing.T) {
	s, now := shares(), start
	at := func(d time.Duration) time.Time { return start.Add(d) }
	s.Used("a", "m/short", time.Millisecond, now, now)
	if !s.Quiet() {
		t.Fatal("short turns are counted")
	}
	s.Used("a", "m/long", time.Second, at(time.Second), at(-time.Second))
	for _, who := range [][2]string{{"a", "m/short"}, {"b", "m/long"}} {
		if _, rests := s.Rests(who[0], who[1], at(time.Second)); rests {
			t.Errorf("%v rests, though nobody else has used it for a second", who)
		}
	}
	s.Used("b", "m/short", time.Millisecond, at(1100*time.Millisecond), now)
	for who, want := range map[[2]string]bool{{"a", "m/short"}: true, {"b", "m/long"}: true, {"b", "m/short"}: false, {"c", ""}: false} {
		until, rests := s.Rests(who[0], who[1], at(1200*time.Millisecond))
		if rests != want || want && !until.Equal(at(2100*time.Millisecond)) {
			t.Errorf("%v rests: %v, until %v", who, rests, until)
		}
	}
	for i := range 100 { // others go on
		s.Used("b", "m/short", time.Millisecond, at(time.Duration(1+i)*100*time.Millisecond), now)
	}
	if until, rests := s.Rests("a", "m/short", at(7999*time.Millisecond)); !rests || !until.Equal(at(8*time.Second)) {
		t.Errorf("rests: %v, until %v", rests, until)
	}
	if _, rests := s.Rests("a", "m/short", at(8*time.Second)); rests {
		t.Error("it rests for longer than its share needs")
	}
	if _, rests := s.Rests("b", "m/short", at(11*time.Second)); rests || !s.Quiet() {
		t.Error("what is paid off is not forgotten")
	}
	s.Used("a", "m/long", 5*time.Second, at(25*time.Second), at(19500*time.Millisecond))
	if _, rests := s.Rests("a", "m/long", at(25*time.Second)); !rests {
		t.Error("a turn goes on until it does not matter any more that others write")
	}
}

// TestSharesHold has callers who want all the time there is, beside one with short turns: they have a tenth each at most, whatever they do,
// and a burst. Together they have no more if they use one entry point. Without the other one they have all.
func TestSharesHold(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 2))
		s, now, beside := shares(), start, seed%2 == 0
		const callers = 4
		used, span := time.Duration(0), time.Minute
		most := time.Duration(0)
		for now.Before(start.Add(span)) {
			rested := false
			if caller := string(rune('a' + r.IntN(callers))); r.IntN(2) == 0 {
				if _, rested = s.Rests(caller, "m/long", now); !rested {
					cost := time.Duration(r.IntN(1000)+101) * time.Millisecond
					now = now.Add(cost)
					s.Used(caller, "m/long", cost, now, start)
					used, most = used+cost, max(most, cost)
				}
			}
			if beside {
				now = now.Add(10 * time.Millisecond)
				if _, rests := s.Rests("n", "m/short", now); rests {
					t.Fatal("who uses little must rest")
				}
				s.Used("n", "m/short", time.Millisecond, now, start)
			} else if rested {
				now = now.Add(10 * time.Millisecond)
			}
		}
		if whole := span + most; beside && used > whole/10+s.Burst+most {
			t.Errorf("seed %d: %v of %v were used beside another one", seed, used, whole)
		}
		if !beside && used < span*9/10 {
			t.Errorf("seed %d: only %v of %v were used, though nobody else wanted it", seed, used, span)
		}
	}
}

// TestSharesForget has each caller come once.
func TestSharesForget(t *testing.T) {
	s := shares()
	for i := range 3 * maxUsers {
		now := start.Add(time.Duration(i) * time.Second)
		s.Used(string(rune(i)), "m/long", time.Second, now, now)
	}
	if len(s.empty) > maxUsers {
		t.Errorf("%d are remembered", len(s.empty))
	}
}
