package sqlite

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/livec-lang/livec/internal/fair"
	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/store"
)

// TestRefusalsNameTheLimit fills the queues of writes and of reads, by one caller and by many: a refusal names the limit that is reached.
func TestRefusalsNameTheLimit(t *testing.T) {
	s := openEntries(t, Options{Limits: limits.Values{
		limits.MaxWrites: 10, limits.MaxWritesPerCaller: 1, limits.Readers: 1, limits.MaxReads: 10, limits.MaxReadsPerCaller: 1,
	}})
	free := occupy(t, s)
	var all sync.WaitGroup
	write := func(caller string) {
		all.Add(1)
		s.Submit(of(t, caller, "m/w", store.Calls), func(store.Tx) error { return nil }, func(store.Commit, error) { all.Done() })
	}
	refused := func(caller string) (limit limits.ID) {
		s.Submit(of(t, caller, "m/w", store.Calls), func(store.Tx) error { return nil }, func(_ store.Commit, err error) {
			var over *store.Overloaded
			if !errors.As(err, &over) {
				t.Errorf("%s: %v", caller, err)
				return
			}
			limit = over.Limit
		})
		return limit
	}
	write("a")
	if got := refused("a"); got != limits.MaxWritesPerCaller {
		t.Errorf("a second write of a caller runs into %s", got)
	}
	for i := range 9 {
		write(fmt.Sprint(i))
	}
	if got := refused("late"); got != limits.MaxWrites {
		t.Errorf("the eleventh write runs into %s", got)
	}
	free()
	all.Wait()

	q := fair.New[*turn](2, 1)
	for i, want := range []limits.ID{limits.MaxReadsPerCaller, limits.MaxReads} {
		q.Push(fmt.Sprint(i), nil)
		var over *store.Overloaded
		if err := overloaded(q, limits.MaxReads, limits.MaxReadsPerCaller); !errors.As(err, &over) || over.Limit != want {
			t.Errorf("with %d of 2 reads: %v, want %s", i+1, err, want)
		}
	}
}
