package invoke

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

// keyAt makes a key as a client does whose clock shows at.
func keyAt(at time.Time) string {
	u := uuid.New()
	putMillis(&u, uint64(at.UnixMilli()))
	u[6] = u[6]&0x0f | 0x70
	return u.String()
}

// timeOf is the timestamp of an id.
func timeOf(t interface{ Fatal(...any) }, id string) time.Time {
	u, err := uuid.Parse(id)
	if err != nil || u.Version() != 7 || u.Variant() != uuid.RFC4122 || len(id) != 36 {
		t.Fatal(id, "is not a UUIDv7:", err)
	}
	return time.UnixMilli(int64(millisOf(&u)))
}

func TestSeededIDs(t *testing.T) {
	now := time.UnixMilli(1_700_000_000_000)
	k := keyAt(now.Add(time.Second))
	a, ok := ParseSeed(k)
	b, _ := ParseSeed(k)
	if !ok {
		t.Fatal("the seed is refused")
	}
	last := ""
	for range 5000 { // more than the 12 bits of the counter
		id := a.next(now, nil)
		if again := b.next(now.Add(30*time.Second), nil); again != id {
			t.Fatalf("%s and %s from one seed", id, again)
		}
		if timeOf(t, id); id <= last {
			t.Fatalf("%s follows %s", id, last)
		}
		last = id
	}
	for _, bad := range []string{
		"", "x", "0190a5f0-0000-4000-8000-000000000001", "{0190a5f0-0000-7000-8000-000000000001}", "0190a5f000007000800000000000000 1",
	} {
		if _, ok := ParseSeed(bad); ok {
			t.Errorf("%q is taken as a seed", bad)
		}
	}
}

// TestPredictedIDs checks the ids that clients predict: client/test/ids.test.js has the same pair.
func TestPredictedIDs(t *testing.T) {
	now := time.UnixMilli(1_700_000_000_000)
	s, _ := ParseSeed("018bcfe5-6800-7000-8000-000000000001")
	if got := s.next(now, nil); got != "018bcfe5-6800-7000-9535-a8f7cc0d5a0e" {
		t.Errorf("the first id is %s", got)
	}
}

// TestIDsKeepToTheServersTime makes ids for clients with wrong clocks, and for forged seeds, on a server whose clock sometimes goes back.
func TestIDsKeepToTheServersTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.UnixMilli(1_800_000_000_000)
		var fresh generator
		last := ""
		latest := now // the latest time of the server's clock
		for range rapid.IntRange(1, 60).Draw(t, "calls") {
			now = now.Add(time.Duration(rapid.IntRange(-500, 5000).Draw(t, "pause")) * time.Millisecond)
			if now.After(latest) {
				latest = now
			}
			skew := time.Duration(rapid.OneOf(
				rapid.Int64Range(-90_000, 90_000),
				rapid.SampledFrom([]int64{-60_000, -60_001, 60_000, 60_001, -1_800_000_000_000, 1<<48 - 1 - 1_900_000_000_000, 10 * 24 * 3600_000}),
			).Draw(t, "skew")) * time.Millisecond
			var c Seed
			if rapid.Bool().Draw(t, "seeded") {
				c, _ = ParseSeed(keyAt(now.Add(skew)))
			}
			twin := c
			timely := c.known && skew.Abs() <= time.Minute
			within := ""
			for range rapid.IntRange(1, 5).Draw(t, "ids") {
				id := c.next(now, &fresh)
				if id <= within {
					t.Fatalf("%s follows %s in a call", id, within)
				}
				within = id
				off := timeOf(t, id).Sub(now)
				switch {
				case timely && (off != skew || twin.next(now, &fresh) != id):
					t.Fatalf("a seed that is off by %v makes an id that is off by %v", skew, off)
				case !timely && (off < 0 || off > latest.Sub(now)+time.Millisecond):
					t.Fatalf("a seed that is off by %v makes an id that is off by %v", skew, off)
				case !timely && id <= last:
					t.Fatalf("%s follows %s", id, last)
				}
				if !timely {
					last = id
				}
			}
		}
	})
}
