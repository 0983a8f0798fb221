package runtime

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/livec-lang/livec/runtime/store"
)

// keyAt is a key as a client makes it, whose clock shows at.
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
	a, ok := parseSeed(k)
	b, _ := parseSeed(k)
	if !ok {
		t.Fatal("the seed is refused")
	}
	last := ""
	for range 5000 { // past the 12 bits of the counter
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
		if _, ok := parseSeed(bad); ok {
			t.Errorf("%q is taken as a seed", bad)
		}
	}
}

// TestForetoldIDs pins what clients foretell: client/test/ids.test.js has the same pair.
func TestForetoldIDs(t *testing.T) {
	now := time.UnixMilli(1_700_000_000_000)
	s, _ := parseSeed("018bcfe5-6800-7000-8000-000000000001")
	if got := s.next(now, nil); got != "018bcfe5-6800-7000-9535-a8f7cc0d5a0e" {
		t.Errorf("the first id is %s", got)
	}
}

// TestIDsKeepToTheServersTime makes ids for clients whose clocks are off by anything, and for forged seeds, on a server whose clock goes
// back at times.
func TestIDsKeepToTheServersTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.UnixMilli(1_800_000_000_000)
		var fresh growing
		last := ""
		latest := now // that the server's clock has shown
		for range rapid.IntRange(1, 60).Draw(t, "calls") {
			now = now.Add(time.Duration(rapid.IntRange(-500, 5000).Draw(t, "pause")) * time.Millisecond)
			if now.After(latest) {
				latest = now
			}
			skew := time.Duration(rapid.OneOf(
				rapid.Int64Range(-90_000, 90_000),
				rapid.SampledFrom([]int64{-60_000, -60_001, 60_000, 60_001, -1_800_000_000_000, 1<<48 - 1 - 1_900_000_000_000, 10 * 24 * 3600_000}),
			).Draw(t, "skew")) * time.Millisecond
			var c idSource
			if rapid.Bool().Draw(t, "seeded") {
				c, _ = parseSeed(keyAt(now.Add(skew)))
			}
			twin := c
			timely := c.seeded && skew.Abs() <= time.Minute
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

// TestRetriesOfSkewedCalls has calls sent again, minutes and hours later, by clients whose clocks are wrong, to a database that makes them
// fail at random: each is done once, and each answer has the id of the row that is there.
func TestRetriesOfSkewedCalls(t *testing.T) {
	var clock atomic.Int64
	clock.Store(1_800_000_000_000)
	now := func() time.Time { return time.UnixMilli(clock.Load()) }
	var db *conflicted
	s := startServer(t, func(o *Options) {
		db = &conflicted{Store: o.Store}
		o.Now, o.Store = now, db
	})
	send := func(key, room, text string) (id string) {
		r := httptest.NewRequest(http.MethodPost, rpcPath+"chat/send", strings.NewReader(fmt.Sprintf(`["%s","%s"]`, room, text)))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Idempotency-Key", key)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		var answer struct{ Value string }
		err := json.Unmarshal(w.Body.Bytes(), &answer)
		if done := w.Code == http.StatusOK; err != nil || done != (answer.Value != "") || !done && w.Code != http.StatusConflict {
			t.Fatal(w.Code, w.Body, err)
		}
		return answer.Value
	}
	room := "r"
	rapid.Check(t, func(t *rapid.T) {
		room = nextRoom(room)
		type call struct{ key, text, id string }
		var calls []*call
		for range rapid.IntRange(1, 20).Draw(t, "sends") {
			clock.Add(int64(rapid.IntRange(0, 40).Draw(t, "minutes")) * 60_000)
			var c *call
			if len(calls) > 0 && rapid.Bool().Draw(t, "again") {
				c = rapid.SampledFrom(calls).Draw(t, "call")
			} else {
				skew := time.Duration(rapid.SampledFrom([]int{0, 0, 50, -50, 3600, -3600, 10 * 86400, -10 * 86400}).Draw(t, "skew")) * time.Second
				c = &call{key: keyAt(now().Add(skew)), text: fmt.Sprint(len(calls))}
				calls = append(calls, c)
			}
			db.mu.Lock()
			db.fails = rapid.SampledFrom([]int{0, 0, 1, maxTries}).Draw(t, "fails")
			db.mu.Unlock()
			id := send(c.key, room, c.text)
			switch {
			case id == "":
			case c.id == "":
				c.id = id
				if off := timeOf(t, id).Sub(now()); off.Abs() > time.Minute {
					t.Fatalf("an id is off by %v", off)
				}
			case id != c.id:
				t.Fatalf("the answer is %s, and was %s", id, c.id)
			}
		}
		var want, got []string
		for _, c := range calls {
			if c.id != "" {
				want = append(want, c.id+" "+c.text)
			}
		}
		err := s.store.Read(context.Background(), func(tx store.Tx) error {
			rows, err := tx.Query(linesOf, room)
			got = nil
			for _, r := range rows {
				got = append(got, r[0].(string)+" "+r[2].(string))
			}
			return err
		})
		slices.Sort(got)
		slices.Sort(want)
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("there is %q (%v), and was answered %q", got, err, want)
		}
	})
}

// nextRoom gives another name for each before it.
func nextRoom(room string) string {
	b := []byte(room)
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] < 'z' {
			b[i]++
			return string(b)
		}
		b[i] = 'a'
	}
	return "a" + string(b)
}
