package signin

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/store/sqlite"
)

var now = time.Date(2026, 1, 31, 9, 30, 0, 0, time.UTC)

const age = 30 * 24 * time.Hour

func open(t *testing.T) store.Store {
	t.Helper()
	db, err := sqlite.Open(context.Background(), sqlite.Memory, []*relation.Table{Table}, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func write(t *testing.T, db store.Store, fn func(store.Tx) error) store.Commit {
	t.Helper()
	c, err := store.Write(t.Context(), db, fn)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func start(t *testing.T, db store.Store, who string, at time.Time) (token Token) {
	t.Helper()
	c := write(t, db, func(tx store.Tx) (err error) {
		token, _, err = Start(tx, who, at, age)
		return err
	})
	if len(c.Changes) != 1 || c.Changes[0].Table != Table {
		t.Fatalf("a session that starts is the commit %v", c)
	}
	return token
}

func find(t *testing.T, db store.Store, token Token, at time.Time) (s *Session) {
	t.Helper()
	err := db.Read(t.Context(), func(tx store.Tx) (err error) {
		s, err = Find(tx, token, at)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSession(t *testing.T) {
	db := open(t)
	token := start(t, db, "ann", now)
	s := find(t, db, token, now)
	if s == nil || s.Who != "ann" || !s.Ends.Equal(now.Add(age)) || s.Late {
		t.Fatalf("the session is %+v", s)
	}
	err := db.Read(t.Context(), func(tx store.Tx) error {
		rows, err := tx.Query(ofUser, "ann")
		if err == nil && (len(rows) != 1 || strings.Contains(rows[0][colID].(string), string(token))) {
			t.Errorf("the row is %v", rows)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	others := map[string]Token{"none": "", "another": Token(strings.Repeat("x", 32)), "the key of the row": Token(token.ID())}
	for name, other := range others {
		if got := find(t, db, other, now); got != nil {
			t.Errorf("%s: found %+v", name, got)
		}
	}
	if find(t, db, token, now.Add(age-time.Millisecond)) == nil || find(t, db, token, now.Add(age)) != nil {
		t.Error("a session ends at its end")
	}
	write(t, db, func(tx store.Tx) error { return End(tx, token) })
	if got := find(t, db, token, now); got != nil {
		t.Errorf("found %+v after its end", got)
	}
	if c := write(t, db, func(tx store.Tx) error { return End(tx, token) }); c.Seq != 0 {
		t.Errorf("to end it twice is the commit %v", c)
	}
}

func TestSeen(t *testing.T) {
	db := open(t)
	token := start(t, db, "ann", now)
	seen := func(at time.Time) store.Commit {
		return write(t, db, func(tx store.Tx) error { return Seen(tx, token.ID(), at) })
	}
	early, late := now.Add(seenEach-time.Millisecond), now.Add(seenEach)
	if find(t, db, token, early).Late || !find(t, db, token, late).Late {
		t.Error("it is due after an hour")
	}
	if c := seen(early); c.Seq != 0 {
		t.Errorf("written too early: %v", c)
	}
	if c := seen(late); len(c.Changes) != 1 {
		t.Errorf("the commit is %v", c)
	} else if row := c.Changes[0].After; row[colSeen] != late.UnixMilli() || row[colEnds] != now.Add(age).UnixMilli() {
		t.Errorf("the row is %v", row)
	}
	if c := seen(late); c.Seq != 0 {
		t.Errorf("written twice: %v", c)
	}
	write(t, db, func(tx store.Tx) error { return End(tx, token) })
	if c := seen(late.Add(age)); c.Seq != 0 {
		t.Errorf("a session that is gone comes back: %v", c)
	}
}

func TestEndAll(t *testing.T) {
	db := open(t)
	one, two, three, bob := start(t, db, "ann", now), start(t, db, "ann", now), start(t, db, "ann", now), start(t, db, "bob", now)
	end := func(keep Token) (n int) {
		write(t, db, func(tx store.Tx) (err error) {
			n, err = EndAll(tx, "ann", keep)
			return err
		})
		return n
	}
	if n := end(two); n != 2 || find(t, db, one, now) != nil || find(t, db, two, now) == nil || find(t, db, three, now) != nil {
		t.Errorf("%d others ended", n)
	}
	if n := end(bob); n != 1 || find(t, db, two, now) != nil || find(t, db, bob, now) == nil {
		t.Errorf("%d ended, keeping one of another user", n)
	}
	if n := end(""); n != 0 {
		t.Errorf("%d ended where there are none", n)
	}
}

func TestSweep(t *testing.T) {
	db := open(t)
	write(t, db, func(tx store.Tx) error {
		for range sweepRows + 1 {
			if _, _, err := Start(tx, "ann", now, age); err != nil {
				return err
			}
		}
		return nil
	})
	late := start(t, db, "ann", now.Add(time.Hour))
	sweep := func() (more bool, n int) {
		c := write(t, db, func(tx store.Tx) (err error) {
			more, err = Sweep(tx, now.Add(age))
			return err
		})
		return more, len(c.Changes)
	}
	for i, want := range []int{sweepRows, 1, 0} {
		if more, n := sweep(); n != want || more != (i == 0) {
			t.Errorf("sweep %d deletes %d, more: %v", i, n, more)
		}
	}
	if find(t, db, late, now.Add(age)) == nil {
		t.Error("a session in force is swept")
	}
}
