package storetest

import (
	"errors"
	"maps"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/store"
)

// model is table User as a map by key, with the rules of its keys.
type model map[string]relation.Row

func (m model) taken(row relation.Row, except string) bool {
	for k, r := range m {
		if k != except && (k == row[0] || r[1] == row[1]) {
			return true
		}
	}
	return false
}

func (m model) rows() []relation.Row {
	out := make([]relation.Row, 0, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, m[k])
	}
	return out
}

// testModel runs random transactions on the store and on a map: both must give the same errors and the same rows at every point, and the
// net changes must lead from each state to the next.
func testModel(t *testing.T, f *fixture) {
	committed := model{}
	letter := rapid.SampledFrom([]string{"a", "b", "c", "d"})
	row := rapid.Custom(func(t *rapid.T) relation.Row {
		return user(letter.Draw(t, "id"), letter.Draw(t, "name"), rapid.SampledFrom([]any{nil, 1, 2}).Draw(t, "age"))
	})
	rapid.Check(t, func(rt *rapid.T) {
		before, m := maps.Clone(committed), committed
		var stop any // a panic of rapid, which must pass through the store
		commit, err := store.Write(t.Context(), f, func(tx store.Tx) error {
			defer func() {
				if stop = recover(); stop != nil {
					panic(stop)
				}
			}()
			m = maps.Clone(committed)
			return steps(rt, tx, f, m, row)
		})
		if stop != nil {
			panic(stop)
		}
		if err != nil && !errors.Is(err, errOwn) {
			rt.Fatal(err)
		}
		if err == nil {
			committed = m
		}
		if got := f.users(t); !reflect.DeepEqual(got, committed.rows()) && len(got)+len(committed) > 0 {
			rt.Fatalf("the table holds\n%v\nwant\n%v", got, committed.rows())
		}
		// The changes, applied to the rows before, must give the rows after.
		for _, ch := range commit.Changes {
			if ch.Before == nil && ch.After == nil || reflect.DeepEqual(ch.Before, ch.After) {
				rt.Fatalf("an empty change %v", ch)
			}
			if ch.Before != nil {
				id := ch.Before[0].(string)
				if !reflect.DeepEqual(before[id], ch.Before) {
					rt.Fatalf("%v was %v before", ch, before[id])
				}
				delete(before, id)
			}
			if ch.After != nil {
				id := ch.After[0].(string)
				if before[id] != nil {
					rt.Fatalf("%v inserts over %v", ch, before[id])
				}
				before[id] = ch.After
			}
		}
		if !reflect.DeepEqual(before, committed) {
			rt.Fatalf("the changes lead to %v, want %v", before, committed)
		}
		if (commit.Seq != 0) != (len(commit.Changes) > 0) {
			rt.Fatalf("commit %d with %d changes", commit.Seq, len(commit.Changes))
		}
	})
}

// steps makes random changes in a transaction and in the model.
func steps(t *rapid.T, tx store.Tx, f *fixture, m model, row *rapid.Generator[relation.Row]) error {
	for range rapid.IntRange(0, 5).Draw(t, "steps") {
		switch op := rapid.SampledFrom([]string{"insert", "insert", "update", "delete", "fail"}).Draw(t, "op"); op {
		case "insert":
			r := row.Draw(t, "row")
			err, taken := tx.Insert(f.user, r), m.taken(r, "")
			if taken != errors.Is(err, store.ErrUnique) || !taken && err != nil {
				t.Fatalf("insert %v: %v", r, err)
			}
			if !taken {
				m[r[0].(string)] = r
			}
		case "update", "delete":
			if len(m) == 0 {
				continue
			}
			old := rapid.SampledFrom(m.rows()).Draw(t, "old")
			if op == "delete" {
				if err := tx.Delete(f.user, old); err != nil {
					t.Fatal(err)
				}
				delete(m, old[0].(string))
				continue
			}
			r := row.Draw(t, "row")
			err, taken := tx.Update(f.user, old, r), m.taken(r, old[0].(string))
			if taken != errors.Is(err, store.ErrUnique) || !taken && err != nil {
				t.Fatalf("update %v to %v: %v", old, r, err)
			}
			if !taken {
				delete(m, old[0].(string))
				m[r[0].(string)] = r
			}
		case "fail":
			if rapid.IntRange(0, 3).Draw(t, "whether") == 0 {
				return errOwn
			}
		}
		got, err := tx.Query(f.all)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.EqualFunc(got, m.rows(), func(a, b relation.Row) bool { return reflect.DeepEqual(a, b) }) {
			t.Fatalf("the transaction sees\n%v\nwant\n%v", got, m.rows())
		}
	}
	return nil
}
