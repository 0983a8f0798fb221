package storetest

import (
	"errors"
	"math"
	"reflect"
	"testing"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/store"
)

func testValues(t *testing.T, f *fixture) {
	const maxInt = 1<<53 - 1
	rows := []relation.Row{
		{int64(1), nil, nil, nil, nil, nil, nil, nil, nil, nil, nil},
		{
			int64(2), true, int64(maxInt), 1.5, "hello", "u1", int64(1767225600123), int64(1), []byte{0, 1, 255}, "closed",
			relation.JSON(`{"a":[1,null]}`),
		},
		{int64(3), false, int64(-maxInt), -0.25, "", "", int64(-1), int64(-1), []byte{}, "open", relation.JSON(`null`)},
		{
			int64(4), true, int64(0), math.MaxFloat64, "a\x00b — 日本語 🙂 'quoted' \"too\"", "ü", int64(0), int64(0), []byte("a\x00b"),
			"open", relation.JSON(`"a\u0000b"`),
		},
		{int64(-5), true, int64(7), 3.0, "7", "007", int64(7), int64(7), []byte("7"), "open", relation.JSON(`7`)},
	}
	f.write(t, func(tx store.Tx) error {
		for _, r := range rows {
			if err := tx.Insert(f.sample, r); err != nil {
				return err
			}
		}
		return nil
	})
	f.read(t, func(tx store.Tx) error {
		for _, r := range rows {
			got, err := tx.Get(f.sample, f.sample.KeyOf(r))
			if err != nil {
				return err
			}
			if !reflect.DeepEqual(got, r) {
				t.Errorf("row %#v came back as %#v", r, got)
			}
		}
		return nil
	})
}

func testRows(t *testing.T, f *fixture) {
	a, b := relation.Row{"board", "ann", true}, relation.Row{"board", "ann", false}
	f.write(t, func(tx store.Tx) error { return tx.Insert(f.membership, a) })
	get := func(key relation.Row) (row relation.Row) {
		f.read(t, func(tx store.Tx) (err error) {
			row, err = tx.Get(f.membership, key)
			return err
		})
		return row
	}
	// The key is (user, board); the columns are in another order.
	if got := get(relation.Row{"ann", "board"}); !reflect.DeepEqual(got, a) {
		t.Errorf("got %v, want %v", got, a)
	}
	if got := get(relation.Row{"board", "ann"}); got != nil {
		t.Errorf("got %v for a key that no row has", got)
	}
	f.write(t, func(tx store.Tx) error { return tx.Update(f.membership, a, b) })
	if got := get(relation.Row{"ann", "board"}); !reflect.DeepEqual(got, b) {
		t.Errorf("got %v after the update, want %v", got, b)
	}
	moved := relation.Row{"other", "ann", false}
	f.write(t, func(tx store.Tx) error { return tx.Update(f.membership, b, moved) })
	if got := get(relation.Row{"ann", "board"}); got != nil {
		t.Errorf("got %v under the key that the row had", got)
	}
	if got := get(relation.Row{"ann", "other"}); !reflect.DeepEqual(got, moved) {
		t.Errorf("got %v under the new key, want %v", got, moved)
	}
	f.write(t, func(tx store.Tx) error { return tx.Delete(f.membership, moved) })
	if got := get(relation.Row{"ann", "other"}); got != nil {
		t.Errorf("got %v after the delete", got)
	}
	for name, op := range map[string]func(store.Tx) error{
		"update": func(tx store.Tx) error { return tx.Update(f.membership, a, b) },
		"delete": func(tx store.Tx) error { return tx.Delete(f.membership, a) },
	} {
		if _, err := store.Write(t.Context(), f, op); err == nil {
			t.Errorf("%s of a row that is not there gives no error", name)
		}
	}
}

func testUnique(t *testing.T, f *fixture) {
	f.write(t, func(tx store.Tx) error {
		return errors.Join(tx.Insert(f.user, user("1", "ann", nil)), tx.Insert(f.user, user("2", "bob", nil)))
	})
	for name, op := range map[string]func(store.Tx) error{
		"key":                  func(tx store.Tx) error { return tx.Insert(f.user, user("1", "cid", nil)) },
		"unique set":           func(tx store.Tx) error { return tx.Insert(f.user, user("3", "ann", nil)) },
		"key, by update":       func(tx store.Tx) error { return tx.Update(f.user, user("2", "bob", nil), user("1", "bob", nil)) },
		"unique set by update": func(tx store.Tx) error { return tx.Update(f.user, user("2", "bob", nil), user("2", "ann", nil)) },
	} {
		_, err := store.Write(t.Context(), f, op)
		if !errors.Is(err, store.ErrUnique) {
			t.Errorf("%s: error %v, want ErrUnique", name, err)
		}
	}
	// The statement is undone, and the transaction can go on.
	f.write(t, func(tx store.Tx) error {
		if err := tx.Insert(f.user, user("3", "ann", nil)); !errors.Is(err, store.ErrUnique) {
			t.Errorf("error %v, want ErrUnique", err)
		}
		return tx.Insert(f.user, user("3", "cid", nil))
	})
	want := []relation.Row{user("1", "ann", nil), user("2", "bob", nil), user("3", "cid", nil)}
	if got := f.users(t); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func testQuery(t *testing.T, f *fixture) {
	f.write(t, func(tx store.Tx) error {
		return errors.Join(
			tx.Insert(f.user, user("2", "bob", 30)), tx.Insert(f.user, user("1", "ann", 30)), tx.Insert(f.user, user("3", "cid", nil)))
	})
	f.read(t, func(tx store.Tx) error {
		rows, err := tx.Query(f.byAge, int64(30))
		if want := []relation.Row{user("1", "ann", 30), user("2", "bob", 30)}; err != nil || !reflect.DeepEqual(rows, want) {
			t.Errorf("got %v, %v, want %v", rows, err, want)
		}
		// null equals null.
		rows, err = tx.Query(f.byAge, nil)
		if want := []relation.Row{user("3", "cid", nil)}; err != nil || !reflect.DeepEqual(rows, want) {
			t.Errorf("got %v, %v, want %v", rows, err, want)
		}
		if _, err := tx.Query(f.byAge); err == nil {
			t.Error("a missing parameter gives no error")
		}
		return nil
	})
}
