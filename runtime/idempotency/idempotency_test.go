package idempotency_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
	"github.com/livec-lang/livec/runtime/idempotency"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/store/sqlite"
)

var counter = &relation.Table{
	Name:    "counter",
	Columns: relation.Schema{{Name: "id", Kind: relation.ID}, {Name: "n", Kind: relation.Int}},
	Key:     []int{0},
}

var kept = chain.NewQuery("kept", &relation.Reduce{
	Input: &relation.Scan{Table: idempotency.Table}, Agg: relation.Agg{Func: relation.Count},
})

// server counts calls as the runtime would run them.
type server struct {
	t *testing.T
	store.Store
	r idempotency.Replies
}

func newServer(t *testing.T) *server {
	db, err := sqlite.Open(t.Context(), sqlite.Memory, []*relation.Table{counter, idempotency.Table}, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	s := &server{t: t, Store: db}
	if _, err := store.Write(t.Context(), db, func(tx store.Tx) error { return tx.Insert(counter, relation.Row{"c", int64(0)}) }); err != nil {
		t.Fatal(err)
	}
	return s
}

var errFail = errors.New("the call failed")

// call adds one to the counter, once for each key.
func (s *server) call(scope, key, rpc, args string, now time.Time, fail bool) (reply string, seq uint64, err error) {
	commit, err := store.Write(s.t.Context(), s, func(tx store.Tx) error {
		old, at, found, err := s.r.Find(tx, scope, key, rpc, []byte(args), now)
		if err != nil || found {
			reply, seq = string(old), at
			return err
		}
		row, err := tx.Get(counter, relation.Row{"c"})
		if err != nil {
			return err
		}
		n := row[1].(int64) + 1
		if err := tx.Update(counter, row, relation.Row{"c", n}); err != nil {
			return err
		}
		if fail {
			return errFail
		}
		reply = fmt.Sprint(n)
		return s.r.Put(tx, scope, key, rpc, []byte(args), []byte(reply), now)
	})
	if seq == 0 {
		seq = commit.Seq
	}
	return reply, seq, err
}

func (s *server) value(q func(store.Tx) (relation.Row, error)) (n int64) {
	err := s.Read(s.t.Context(), func(tx store.Tx) error {
		row, err := q(tx)
		if err == nil {
			n = row[len(row)-1].(int64)
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

func (s *server) effects() int64 {
	return s.value(func(tx store.Tx) (relation.Row, error) { return tx.Get(counter, relation.Row{"c"}) })
}

func (s *server) rows() int64 {
	return s.value(func(tx store.Tx) (relation.Row, error) {
		rows, err := tx.Query(kept)
		return rows[0], err
	})
}

func TestOnce(t *testing.T) {
	s, now := newServer(t), time.UnixMilli(1_800_000_000_000)
	first, seq, err := s.call("u", "k", "m/f", "[1]", now, false)
	if err != nil || first != "1" || seq != 2 {
		t.Fatal(first, seq, err)
	}
	again, at, err := s.call("u", "k", "m/f", "[1]", now.Add(23*time.Hour), false)
	if err != nil || again != first || at < seq || s.effects() != 1 {
		t.Errorf("the second call answers %q at %d (%v), and there are %d effects", again, at, err, s.effects())
	}
	for name, c := range map[string][2]string{"another rpc": {"m/g", "[1]"}, "other arguments": {"m/f", "[2]"}} {
		if _, _, err := s.call("u", "k", c[0], c[1], now, false); !errors.Is(err, idempotency.ErrMismatch) {
			t.Errorf("%s: error %v, want ErrMismatch", name, err)
		}
	}
	if other, _, err := s.call("v", "k", "m/f", "[1]", now, false); err != nil || other != "2" {
		t.Errorf("the same key of another user: %q, %v", other, err)
	}
	if late, _, err := s.call("u", "k", "m/f", "[1]", now.Add(25*time.Hour), false); err != nil || late != "3" {
		t.Errorf("after a day: %q, %v", late, err)
	}
}

func TestFailureIsNotKept(t *testing.T) {
	s, now := newServer(t), time.Now()
	if _, _, err := s.call("u", "k", "m/f", "[]", now, true); !errors.Is(err, errFail) {
		t.Fatal(err)
	}
	if reply, _, err := s.call("u", "k", "m/f", "[]", now, false); err != nil || reply != "1" || s.effects() != 1 {
		t.Errorf("the retry answers %q (%v), and there are %d effects", reply, err, s.effects())
	}
}

func TestLargeReply(t *testing.T) {
	s, now := newServer(t), time.Now()
	_, err := store.Write(t.Context(), s, func(tx store.Tx) error {
		return errors.Join(
			s.r.Put(tx, "u", "fits", "m/f", nil, bytes.Repeat([]byte("x"), 64<<10), now),
			s.r.Put(tx, "u", "large", "m/f", nil, bytes.Repeat([]byte("x"), 64<<10+1), now),
			s.r.Put(tx, "u", "empty", "m/f", nil, nil, now))
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Read(t.Context(), func(tx store.Tx) error {
		for key, size := range map[string]int{"fits": 64 << 10, "empty": 0} {
			if reply, _, found, err := s.r.Find(tx, "u", key, "m/f", nil, now); !found || len(reply) != size || err != nil {
				t.Errorf("%s: %d bytes, %v, %v", key, len(reply), found, err)
			}
		}
		_, _, _, err := s.r.Find(tx, "u", "large", "m/f", nil, now)
		return err
	})
	if !errors.Is(err, idempotency.ErrDone) {
		t.Errorf("error %v, want ErrDone", err)
	}
}

func TestSweep(t *testing.T) {
	s, now := newServer(t), time.UnixMilli(1_800_000_000_000)
	keep := func(from, to int, at time.Time) {
		_, err := store.Write(t.Context(), s, func(tx store.Tx) error {
			for i := from; i < to; i++ {
				if err := s.r.Put(tx, "u", fmt.Sprint(i), "m/f", nil, nil, at); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	keep(0, 500, now)
	if n := s.rows(); n != 500 {
		t.Fatalf("%d answers are kept, want 500", n)
	}
	keep(500, 1000, now.Add(25*time.Hour))
	if n := s.rows(); n != 500 {
		t.Errorf("%d answers are kept a day later, want the 500 new ones", n)
	}
}

// before makes the table as in databases that are older than its declaration.
var before = []string{
	`CREATE TABLE IF NOT EXISTS "_live_idem" ("scope" TEXT NOT NULL, "key" TEXT NOT NULL, "rpc" TEXT NOT NULL, ` +
		`"args" BLOB NOT NULL, "reply" BLOB, "at" INTEGER NOT NULL, PRIMARY KEY ("scope", "key")) STRICT, WITHOUT ROWID`,
	`CREATE INDEX IF NOT EXISTS "_live_idem_at" ON "_live_idem" ("at")`,
}

// TestOlderDatabase opens a database in which the table was made before it was declared like those of apps: the schema needs no change, and
// the answers are found.
func TestOlderDatabase(t *testing.T) {
	path, now := filepath.Join(t.TempDir(), "a.db"), time.Now()
	sum := hmac.New(sha256.New, nil)
	sum.Write([]byte("[1]"))
	older, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range before {
		if _, err := older.ExecContext(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	_, err = older.ExecContext(t.Context(), `INSERT INTO "_live_idem" VALUES ('u', 'k', 'm/f', ?, ?, ?)`,
		sum.Sum(nil), []byte("true"), now.UnixMilli())
	if err = errors.Join(err, older.Close()); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	o := sqlite.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))}
	db, err := sqlite.Open(t.Context(), path, []*relation.Table{idempotency.Table}, o)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var r idempotency.Replies
	err = db.Read(t.Context(), func(tx store.Tx) error {
		reply, _, found, err := r.Find(tx, "u", "k", "m/f", []byte("[1]"), now)
		if !found || string(reply) != "true" {
			t.Errorf("the answer is %q, found: %v", reply, found)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(log.String(), "adapted") {
		t.Errorf("the database was adapted: %s", &log)
	}
}

func TestParallelDuplicates(t *testing.T) {
	s, now := newServer(t), time.Now()
	var mu sync.Mutex
	answers := map[string]map[string]bool{}
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			key := fmt.Sprint(i % 50)
			reply, _, err := s.call("u", key, "m/f", "[]", now, false)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			if answers[key] == nil {
				answers[key] = map[string]bool{}
			}
			answers[key][reply] = true
		})
	}
	wg.Wait()
	for key, a := range answers {
		if len(a) != 1 {
			t.Errorf("the calls with key %s got the answers %v", key, reflect.ValueOf(a).MapKeys())
		}
	}
	if n := s.effects(); n != 50 {
		t.Errorf("%d effects of 50 calls", n)
	}
}

// TestBoundOfCaller has a caller that stores much: it must wait, and nobody else. What it may store comes back with time.
func TestBoundOfCaller(t *testing.T) {
	s, now := newServer(t), time.Unix(1_800_000_000, 0)
	s.r.MaxEach = 10_000
	keep := func(caller string, n int) {
		_, err := store.Write(t.Context(), s, func(tx store.Tx) error {
			return s.r.Keep(tx, "u", fmt.Sprint(caller, n), "m/f", nil, bytes.Repeat([]byte("x"), 1000), now, caller, now)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	for ; s.r.Wait("a", now) == 0; n++ {
		keep("a", n)
	}
	if n < 8 || n > 10 {
		t.Errorf("%d answers of 1,000 bytes are stored", n)
	}
	if wait := s.r.Wait("b", now); wait != 0 {
		t.Errorf("another caller waits %s", wait)
	}
	if wait := s.r.Wait("a", now); wait <= 0 || wait > 3*time.Minute || s.r.Wait("a", now.Add(wait)) != 0 {
		t.Errorf("it must wait %s, and then %s", wait, s.r.Wait("a", now.Add(wait)))
	}
}

// TestBoundOfAll stores more than all answers may take: those that are older than 10 minutes go, and no others.
func TestBoundOfAll(t *testing.T) {
	s, now := newServer(t), time.Unix(1_800_000_000, 0)
	s.r.MaxTotal = 1
	keep := func(from, to int, at time.Time) {
		for i := from; i < to; i++ {
			_, err := store.Write(t.Context(), s, func(tx store.Tx) error {
				return s.r.Keep(tx, "u", fmt.Sprint(i), "m/f", nil, nil, at, "a", at)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	keep(0, 200, now)
	if n := s.rows(); n != 200 {
		t.Errorf("%d of 200 answers are kept for 10 minutes", n)
	}
	keep(200, 264, now.Add(11*time.Minute))
	if n := s.rows(); n != 64 {
		t.Errorf("%d answers are kept, want the 64 of the last 10 minutes", n)
	}
}
