package storetest

import (
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/store"
)

func testSnapshot(t *testing.T, f *fixture) {
	f.write(t, func(tx store.Tx) error { return tx.Insert(f.user, user("1", "ann", nil)) })
	f.read(t, func(old store.Tx) error {
		before, err := old.Query(f.all)
		must(t, err)
		// The writer goes on while a reader has its snapshot, and other readers see what it has written.
		f.write(t, func(tx store.Tx) error { return tx.Insert(f.user, user("2", "bob", nil)) })
		f.read(t, func(fresh store.Tx) error {
			rows, err := fresh.Query(f.all)
			must(t, err)
			if len(rows) != 2 || fresh.Seq() != 2 {
				t.Errorf("a new reader sees %v at commit %d", rows, fresh.Seq())
			}
			return nil
		})
		after, err := old.Query(f.all)
		must(t, err)
		if !reflect.DeepEqual(before, after) || old.Seq() != 1 {
			t.Errorf("the snapshot changed from %v to %v, at commit %d", before, after, old.Seq())
		}
		return nil
	})
}

func testSubmitOrder(t *testing.T, f *fixture) {
	const calls = 2000
	var ran, answered []int
	done := make(chan struct{})
	f.write(t, func(tx store.Tx) error { return tx.Insert(f.user, user("n", "counter", 0)) })
	for i := range calls {
		f.Submit(t.Context(), func(tx store.Tx) error {
			ran = append(ran, i)
			if i%3 == 0 {
				return errOwn
			}
			row, err := tx.Get(f.user, relation.Row{"n"})
			if err != nil {
				return err
			}
			return tx.Update(f.user, row, user("n", "counter", int(row[2].(int64))+1))
		}, func(_ store.Commit, err error) {
			if (err != nil) != (i%3 == 0) {
				t.Errorf("call %d: error %v", i, err)
			}
			answered = append(answered, i)
			if len(answered) == calls {
				close(done)
			}
		})
	}
	<-done
	if !slices.IsSorted(ran) || len(ran) != calls {
		t.Error("the calls did not run once each in the order of their submission")
	}
	if !slices.IsSorted(answered) {
		t.Error("the calls were not answered in the order of their submission")
	}
	if got := f.users(t)[0][2]; got != int64(calls-(calls+2)/3) {
		t.Errorf("the counter is %v, want %d", got, calls-(calls+2)/3)
	}
}

func testClose(t *testing.T, f *fixture) {
	const calls = 50
	answers := make(chan error, calls)
	for i := range calls {
		id := fmt.Sprint(i)
		insert := func(tx store.Tx) error { return tx.Insert(f.user, user(id, id, nil)) }
		f.Submit(t.Context(), insert, func(_ store.Commit, err error) { answers <- err })
	}
	must(t, f.Close())
	for range calls {
		must(t, <-answers)
	}
	must(t, f.Close()) // again
	_, err := store.Write(t.Context(), f, func(store.Tx) error { return nil })
	wantError(t, err, store.ErrClosed)
	wantError(t, f.Read(t.Context(), func(store.Tx) error { return nil }), store.ErrClosed)
	f.open(t)
	if got := f.users(t); len(got) != calls {
		t.Errorf("%d rows after Close, want %d", len(got), calls)
	}
}

func testReopen(t *testing.T, f *fixture) {
	f.write(t, func(tx store.Tx) error { return tx.Insert(f.user, user("1", "ann", nil)) })
	must(t, f.Close())
	f.open(t)
	c := f.write(t, func(tx store.Tx) error { return tx.Insert(f.user, user("2", "bob", nil)) })
	if c.Seq != 2 {
		t.Errorf("commit %d after reopening, want 2", c.Seq)
	}
}

// testConcurrency transfers amounts between accounts while readers add them up: the sum never changes, sequences never decrease, and
// replaying the commits gives the same table.
func testConcurrency(t *testing.T, f *fixture) {
	const accounts, writers, readers, moves = 8, 8, 4, 100
	f.write(t, func(tx store.Tx) error {
		for i := range accounts {
			if err := tx.Insert(f.user, user(fmt.Sprint(i), fmt.Sprint(i), 100)); err != nil {
				return err
			}
		}
		return nil
	})
	var write, read sync.WaitGroup
	stop := make(chan struct{})
	for w := range writers {
		write.Go(func() {
			for m := range moves {
				from, to := fmt.Sprint((w+m)%accounts), fmt.Sprint((w*3+m*5+1)%accounts)
				if from == to {
					continue
				}
				_, err := store.Write(t.Context(), f, func(tx store.Tx) error {
					for id, by := range map[string]int{from: -1, to: 1} {
						row, err := tx.Get(f.user, relation.Row{id})
						if err != nil {
							return err
						}
						if err := tx.Update(f.user, row, user(id, id, int(row[2].(int64))+by)); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range readers {
		read.Go(func() {
			last := uint64(0)
			for {
				err := f.Read(t.Context(), func(tx store.Tx) error {
					if tx.Seq() < last {
						t.Errorf("a reader sees commit %d after %d", tx.Seq(), last)
					}
					last = tx.Seq()
					sum := int64(0)
					rows, err := tx.Query(f.all)
					for _, row := range rows {
						sum += row[2].(int64)
					}
					if err == nil && sum != accounts*100 {
						t.Errorf("the sum is %d", sum)
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
				select {
				case <-stop:
					return
				default:
				}
			}
		})
	}
	write.Wait()
	close(stop)
	read.Wait()
	if got, want := replay(f.user, f.log), f.users(t); !reflect.DeepEqual(got, want) {
		t.Errorf("the commits make\n%v\nthe table holds\n%v", got, want)
	}
}

// replay applies commits to an empty table and gives its rows by key.
func replay(table *relation.Table, log []store.Commit) []relation.Row {
	rows := map[string]relation.Row{}
	for _, c := range log {
		for _, ch := range c.Changes {
			if ch.Table != table {
				continue
			}
			if ch.Before != nil {
				delete(rows, fmt.Sprint(table.KeyOf(ch.Before)))
			}
			if ch.After != nil {
				rows[fmt.Sprint(table.KeyOf(ch.After))] = ch.After
			}
		}
	}
	out := make([]relation.Row, 0, len(rows))
	for _, r := range rows {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b relation.Row) int {
		return slices.Compare([]string{a[0].(string)}, []string{b[0].(string)})
	})
	return out
}
