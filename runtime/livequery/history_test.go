package livequery

import (
	"testing"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/store"
)

// TestChanged asks for changes of the rows that a dependency names: of changes that are still in the log, and of older ones.
func TestChanged(t *testing.T) {
	table := &relation.Table{Name: "Member", Columns: relation.Schema{{Name: "id"}, {Name: "board"}}, Key: []int{0}}
	e := &Engine{}
	e.watches.notified.init(0)
	seq := uint64(0)
	commit := func(before, after relation.Row) {
		seq++
		e.watches.notify(&store.Commit{Seq: seq, Changes: []store.Change{{Table: table, Before: before, After: after}}})
	}
	of := func(board string) store.Dependency {
		return store.Dependency{Table: table, Cols: []int{1}, Values: []relation.Value{board}}
	}
	expect := func(what string, got, want bool) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %t", what, got)
		}
	}
	expect("nothing has happened", e.Changed(of("a"), 0), false)
	commit(nil, relation.Row{"1", "a"}) // before anybody watches
	expect("what was not remembered counts", e.Changed(of("b"), 0), true)
	expect("what was before counts no more", e.Changed(of("b"), 1), false)
	e.Watch([]store.Dependency{of("a")}, func() {})
	commit(relation.Row{"1", "a"}, relation.Row{"1", "b"}) // 2
	commit(nil, relation.Row{"2", "c"})                    // 3
	expect("a row has left", e.Changed(of("a"), 1), true)
	expect("a row has come", e.Changed(of("b"), 1), true)
	expect("since then nothing", e.Changed(of("a"), 2), false)
	expect("another row", e.Changed(of("d"), 1), false)
	expect("any row", e.Changed(store.Dependency{Table: table}, 2), true)
	expect("no row", e.Changed(store.Dependency{Table: table}, 3), false)
	for range maxHistory {
		commit(nil, relation.Row{"3", "e"})
	}
	expect("forgotten", e.Changed(of("d"), 1), true)
	expect("still known", e.Changed(of("d"), seq-10), false)
}
