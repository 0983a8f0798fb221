package sqlite

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/store"
)

var entry = &relation.Table{
	Name:    "entry",
	Columns: relation.Schema{{Name: "id", Kind: relation.Text}},
	Key:     []int{0},
}

func openEntries(t *testing.T, o Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), []*relation.Table{entry}, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s.(*Store)
}

// of is the context of calls of a caller.
func of(t *testing.T, caller, name string, kind store.Kind) context.Context {
	return store.WithTurn(t.Context(), store.Turn{Caller: caller, Name: name, Kind: kind})
}

// occupy has the writer run a call until free is called.
func occupy(t *testing.T, s *Store) (free func()) {
	begun, hold := make(chan struct{}), make(chan struct{})
	s.Submit(t.Context(), func(store.Tx) error { close(begun); <-hold; return nil }, func(store.Commit, error) {})
	<-begun
	return func() { close(hold) }
}

// TestWritesTakeTurns has one caller with many calls, and one that comes later with one.
func TestWritesTakeTurns(t *testing.T) {
	s := openEntries(t, Options{})
	free := occupy(t, s)
	var ran []string
	var all sync.WaitGroup
	submit := func(caller string) {
		all.Add(1)
		s.Submit(of(t, caller, "m/a", store.Calls), func(store.Tx) error { ran = append(ran, caller); return nil },
			func(_ store.Commit, err error) {
				defer all.Done()
				if err != nil {
					t.Error(err)
				}
			})
	}
	for range 1000 {
		submit("many")
	}
	submit("one")
	free()
	all.Wait()
	if len(ran) != 1001 || ran[0] != "one" && ran[1] != "one" {
		t.Errorf("%d ran, the call of the second caller not among the first two", len(ran))
	}
}

func TestWritesAreRefused(t *testing.T) {
	s := openEntries(t, Options{Limits: limits.Values{limits.MaxWrites: 90}})
	free := occupy(t, s)
	var all sync.WaitGroup
	var mu sync.Mutex
	refused := map[string]int{}
	bounds := map[limits.ID]bool{}
	submit := func(turn store.Turn) {
		all.Add(1)
		s.Submit(store.WithTurn(t.Context(), turn), func(store.Tx) error { return nil }, func(_ store.Commit, err error) {
			defer all.Done()
			var over *store.Overloaded
			if errors.As(err, &over) && errors.Is(err, store.ErrOverloaded) && over.RetryAfter > 0 {
				mu.Lock()
				refused[turn.Caller]++
				bounds[over.Limit] = true
				mu.Unlock()
			} else if err != nil {
				t.Error(err)
			}
		})
	}
	for range 100 {
		submit(store.Turn{Caller: "flood", Kind: store.Calls})
	}
	submit(store.Turn{Caller: "other", Kind: store.Calls})
	submit(store.Turn{Caller: "flood", Kind: store.Calls, Must: true})
	submit(store.Turn{})
	free()
	all.Wait()
	if refused["flood"] != 90 || len(refused) != 1 {
		t.Errorf("refused %v, want 90 of 100 calls of the flood and no other", refused)
	}
	if !bounds[limits.MaxWritesPerCaller] || len(bounds) != 1 {
		t.Errorf("the limits %v are named, want that of one caller", bounds)
	}
}

const endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"

// TestWriteTime has calls that take too long in a group with others: by one statement, by many, and outside of the database.
func TestWriteTime(t *testing.T) {
	s := openEntries(t, Options{Limits: limits.Values{limits.MaxWriteTime: 50}})
	free := occupy(t, s)
	var all sync.WaitGroup
	var mu sync.Mutex
	errs := map[string]error{}
	submit := func(id string, fn func(tx store.Tx) error) {
		all.Add(1)
		s.Submit(of(t, id, id, store.Calls), func(tx store.Tx) error {
			return errors.Join(tx.Insert(entry, relation.Row{id}), fn(tx))
		}, func(_ store.Commit, err error) {
			defer all.Done()
			mu.Lock()
			defer mu.Unlock()
			errs[id] = err
		})
	}
	short := func(store.Tx) error { return nil }
	submit("before", short)
	submit("statement", func(w store.Tx) error {
		_, err := w.(*tx).rows(endless, nil, relation.Schema{{Kind: relation.Int}})
		return err
	})
	submit("between", short)
	submit("statements", func(tx store.Tx) error {
		for {
			if _, err := tx.Get(entry, relation.Row{"before"}); err != nil {
				return err
			}
		}
	})
	submit("write", func(tx store.Tx) error {
		<-time.After(time.Until(store.DeadlineOf(tx)))
		return tx.Insert(entry, relation.Row{"late"})
	})
	submit("after", short)
	free()
	all.Wait()
	for id, err := range errs {
		long := id == "statement" || id == "statements" || id == "write"
		if errors.Is(err, store.ErrOvertime) != long || errors.Is(err, context.DeadlineExceeded) != long || !long && err != nil {
			t.Errorf("%s: %v", id, err)
		}
		err := s.Read(t.Context(), func(tx store.Tx) error {
			row, err := tx.Get(entry, relation.Row{id})
			if (row != nil) == long {
				t.Errorf("%s is there: %v", id, row != nil)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestMustReadsWait has more reads that must not be refused than one caller may have, for longer than a read may wait: each gets a
// connection in the end.
func TestMustReadsWait(t *testing.T) {
	s := openEntries(t, Options{Limits: limits.Values{
		limits.Readers: 1, limits.MaxReads: 32, limits.MaxReadsPerCaller: 2, limits.MaxReadWait: 1, limits.MaxReadTime: 60_000,
	}})
	p := s.r.kinds[store.Calls]
	p.slow.over = time.Hour
	held, hold := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		err := s.Read(of(t, "ann", "m/long", store.Calls), func(store.Tx) error { close(held); <-hold; return nil })
		if err != nil {
			t.Error(err)
		}
	})
	<-held
	for range 10 {
		all.Go(func() {
			ctx := store.WithTurn(t.Context(), store.Turn{Name: "m/derived", Kind: store.Calls, Must: true})
			if err := s.Read(ctx, func(store.Tx) error { return nil }); err != nil {
				t.Error(err)
			}
		})
	}
	waits(t, p, 10)
	var late *store.Overloaded // of one who has come after them
	err := s.Read(of(t, "bob", "m/short", store.Calls), func(store.Tx) error { return nil })
	if !errors.As(err, &late) || late.Limit != limits.MaxReadWait {
		t.Errorf("a call that waits: %v", err)
	}
	close(hold)
	all.Wait()
}

// TestLongReadsMakeWay has an entry point whose reads take long. It has all connections for calls once, then half of them. Checks never
// wait for it.
func TestLongReadsMakeWay(t *testing.T) {
	const readers = 4
	s := openEntries(t, Options{Limits: limits.Values{limits.Readers: readers, limits.MaxReadWait: 10, limits.MaxReadTime: 60_000}})
	p := s.r.kinds[store.Calls]
	p.slow.over = time.Hour
	hold := make(chan struct{})
	var all sync.WaitGroup
	long := func(caller int) (begun bool) {
		got := make(chan bool, 1)
		all.Go(func() {
			err := s.Read(of(t, fmt.Sprint("caller ", caller), "m/long", store.Calls), func(store.Tx) error { got <- true; <-hold; return nil })
			if err != nil {
				got <- false
				if !errors.Is(err, store.ErrOverloaded) {
					t.Error(err)
				}
			}
		})
		return <-got
	}
	short := func(kind store.Kind) error {
		return s.Read(of(t, "other", "m/short", kind), func(store.Tx) error { return nil })
	}
	for i := range readers {
		if !long(i) {
			t.Fatal("a connection is missing")
		}
	}
	if err := short(store.Calls); !errors.Is(err, store.ErrOverloaded) {
		t.Errorf("a call waits for a connection for ever: %v", err)
	}
	if err := errors.Join(short(store.Check), short(store.Own)); err != nil {
		t.Errorf("a read of another kind waits: %v", err)
	}
	p.mu.Lock()
	p.slow.over = 0 // now all that ends has taken long
	p.mu.Unlock()
	close(hold)
	all.Wait()
	hold = make(chan struct{})
	for i := range readers {
		if begun := long(i); begun != (i < readers/2) {
			t.Errorf("long read %d has a connection: %v", i, begun)
		}
	}
	if err := short(store.Calls); err != nil {
		t.Errorf("a short read waits for long ones: %v", err)
	}
	close(hold)
	all.Wait()
}

// TestSpareReaders has long reads of entry points that are not known yet. A short one gets a spare connection when it has waited.
func TestSpareReaders(t *testing.T) {
	const readers = 2
	s := openEntries(t, Options{Limits: limits.Values{limits.Readers: readers, limits.MaxReadTime: 60_000, limits.MaxReadWait: 60_000}})
	p := s.r.kinds[store.Calls]
	p.slow.over = 0
	hold := make(chan struct{})
	var all sync.WaitGroup
	for i := range readers {
		begun := make(chan struct{})
		all.Go(func() {
			ctx := of(t, fmt.Sprint("long ", i), fmt.Sprint("m/long", i), store.Calls)
			err := s.Read(ctx, func(store.Tx) error { close(begun); <-hold; return nil })
			if err != nil {
				t.Error(err)
			}
		})
		<-begun
	}
	for i := range 2 { // it is there again after the first
		short := of(t, "short", fmt.Sprint("m/short", i), store.Calls)
		if err := s.Read(short, func(store.Tx) error { return nil }); err != nil {
			t.Error(err)
		}
	}
	close(hold)
	all.Wait()
	if len(p.idle) != readers || len(p.spare) != 1 || p.long != 0 || p.lent != 0 || len(p.running) != 0 {
		t.Errorf("%d are idle, %d spare, %d lent, %d long, %d run", len(p.idle), len(p.spare), p.lent, p.long, len(p.running))
	}
}

func TestReadTime(t *testing.T) {
	s := openEntries(t, Options{Limits: limits.Values{limits.MaxReadTime: 20}})
	for name, fn := range map[string]func(r store.Tx) error{
		"one statement": func(r store.Tx) error {
			_, err := r.(*tx).rows(endless, nil, relation.Schema{{Kind: relation.Int}})
			return err
		},
		"many statements": func(r store.Tx) error {
			for {
				if _, err := r.Get(entry, relation.Row{"a"}); err != nil {
					return err
				}
			}
		},
	} {
		if err := s.Read(of(t, "a", "m/a", store.Calls), fn); !errors.Is(err, store.ErrOvertime) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.Read(of(t, "a", "m/a", store.Calls), func(tx store.Tx) error {
		_, err := tx.Get(entry, relation.Row{"a"})
		return err
	}); err != nil {
		t.Errorf("a read after them: %v", err)
	}
}

// TestReadIsGivenUp has a read that waits when its context ends. The connection is there for others after that.
func TestReadIsGivenUp(t *testing.T) {
	s := openEntries(t, Options{Limits: limits.Values{limits.Readers: 1, limits.MaxReadWait: 3_600_000}})
	hold, held := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		_ = s.Read(of(t, "a", "m/a", store.Calls), func(store.Tx) error { close(held); <-hold; return nil })
	})
	<-held
	ctx, cancel := context.WithCancel(of(t, "b", "m/a", store.Calls))
	failed := make(chan error, 1)
	go func() {
		failed <- s.Read(ctx, func(store.Tx) error { t.Error("it runs"); return nil })
	}()
	cancel()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	close(hold)
	all.Wait()
	if err := s.Read(of(t, "c", "m/a", store.Calls), func(store.Tx) error { return nil }); err != nil {
		t.Error(err)
	}
}

// TestHealth makes the database full. It is well again when it can be written, without a call that tries.
func TestHealth(t *testing.T) {
	well := make(chan struct{})
	s := openEntries(t, Options{Logger: slog.New(heard{well})})
	setPages := func(n int) {
		if _, err := store.Write(t.Context(), s, func(w store.Tx) error {
			_, err := w.(*tx).c.one(fmt.Sprint("PRAGMA max_page_count = ", n))
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	insert := func(id string) error {
		_, err := store.Write(t.Context(), s, func(tx store.Tx) error { return tx.Insert(entry, relation.Row{id}) })
		return err
	}
	setPages(10)
	var err error
	for i := 0; err == nil; i++ {
		err = insert(fmt.Sprint(i, string(make([]byte, 5000))))
	}
	if !errors.Is(err, store.ErrUnavailable) || !errors.Is(s.Health(), store.ErrUnavailable) {
		t.Errorf("a write gives %v, the health is %v", err, s.Health())
	}
	setPages(10_000)
	<-well
	if err := s.Health(); err != nil {
		t.Error(err)
	}
}

// heard closes a channel when the store has logged that it is well again.
type heard struct{ well chan struct{} }

func (h heard) Enabled(context.Context, slog.Level) bool { return true }
func (h heard) WithAttrs([]slog.Attr) slog.Handler       { return h }
func (h heard) WithGroup(string) slog.Handler            { return h }
func (h heard) Handle(_ context.Context, r slog.Record) error {
	if r.Message == "the database can be written again" {
		close(h.well)
	}
	return nil
}
