package sqlite_test

import (
	"testing"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
	"github.com/livec-lang/livec/runtime/store"
)

// TestLeftSidesAreComputed expects the left side of an AND or OR to fail even next to something that SQLite would
// evaluate first: a constant that decides the result, or a side without a subquery.
func TestLeftSidesAreComputed(t *testing.T) {
	s := open(t, user, post)
	row := relation.Row{"u", "Ann", false}
	if _, err := store.Write(t.Context(), s, func(tx store.Tx) error { return tx.Insert(user, row) }); err != nil {
		t.Fatal(err)
	}
	name := col(user, 0, 1)
	zero := &relation.Const{Value: int64(0), Kind: relation.Int}
	fails := &relation.Binary{Op: relation.IDiv, L: &relation.Func{Name: "length", Args: []relation.Expr{name}, Kind: relation.Int},
		R: zero, Kind: relation.Int, Of: relation.Int}
	compares := &relation.Binary{Op: relation.Gt, L: fails, R: zero, Kind: relation.Bool, Of: relation.Int}
	list := &relation.Const{Value: relation.JSON("[1]"), Kind: relation.JSONKind}
	hidden := col(user, 0, 2)
	truth := func(v bool) relation.Expr { return &relation.Const{Value: v, Kind: relation.Bool} }
	for _, c := range []struct {
		name string
		op   relation.Op
		l, r relation.Expr
	}{
		{"or true", relation.Or, compares, truth(true)},
		{"and false", relation.And, compares, truth(false)},
		{"subquery and column", relation.And, &relation.InList{X: fails, List: list, Of: relation.Int}, hidden},
	} {
		t.Run(c.name, func(t *testing.T) {
			q := chain.NewQuery("skipped", &relation.Map{
				Input: &relation.Scan{Table: user},
				Exprs: []relation.Named{{
					Column: relation.Column{Kind: relation.Bool},
					Expr:   &relation.Binary{Op: c.op, L: c.l, R: c.r, Kind: relation.Bool, Of: relation.Bool},
				}},
			})
			err := s.Read(t.Context(), func(tx store.Tx) error {
				_, err := tx.Query(q)
				return err
			})
			if err == nil {
				t.Error("the division by zero was not computed")
			}
		})
	}
}
