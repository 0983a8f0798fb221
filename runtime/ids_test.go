package runtime

import (
	"context"
	"encoding/binary"
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

	"github.com/livec-lang/livec/runtime/internal/gateway"
	"github.com/livec-lang/livec/runtime/store"
)

// keyAt makes a key as a client does whose clock shows at.
func keyAt(at time.Time) string {
	u := uuid.New()
	binary.BigEndian.PutUint64(u[:8], uint64(at.UnixMilli())<<16|uint64(u[6])<<8|uint64(u[7]))
	u[6] = u[6]&0x0f | 0x70
	return u.String()
}

// timeOf is the timestamp of an id.
func timeOf(t interface{ Fatal(...any) }, id string) time.Time {
	u, err := uuid.Parse(id)
	if err != nil || u.Version() != 7 {
		t.Fatal(id, "is not a UUIDv7:", err)
	}
	return time.UnixMilli(int64(binary.BigEndian.Uint64(u[:8]) >> 16))
}

// TestRetriesOfSkewedCalls has clients with wrong clocks send calls again, minutes and hours later, to a database that fails at random:
// each call takes effect once, and each answer has the id of the row that was inserted.
func TestRetriesOfSkewedCalls(t *testing.T) {
	var clock atomic.Int64
	clock.Store(1_800_000_000_000)
	now := func() time.Time { return time.UnixMilli(clock.Load()) }
	var db *conflicted
	s := startServer(t, func(o *Options) {
		db = &conflicted{Store: o.Store}
		o.Clock, o.Store = at(now), db
	})
	send := func(key, room, text string) (id string) {
		r := httptest.NewRequest(http.MethodPost, gateway.RPCPath+"chat/send", strings.NewReader(fmt.Sprintf(`["%s","%s"]`, room, text)))
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
			db.fails = rapid.SampledFrom([]int{0, 0, 1, 4}).Draw(t, "fails")
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

// nextRoom gives the next name in a sequence.
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
