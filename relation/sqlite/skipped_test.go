package sqlite_test

import (
	"testing"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
	"github.com/livec-lang/livec/runtime/store"
)

// TestLeftSidesAreComputed expects the left side of AND, OR and IN to fail even next to something that SQLite would
// evaluate first or alone: a constant that decides the result, a side without a subquery, or nothing to compare with.
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
	of := func(op relation.Op, l, r relation.Expr) relation.Expr {
		return &relation.Binary{Op: op, L: l, R: r, Kind: relation.Bool, Of: relation.Bool}
	}
	empty := &relation.Const{Value: relation.JSON("[]"), Kind: relation.JSONKind}
	maybe := &relation.Cond{If: hidden, Then: &relation.Const{Kind: relation.Int}, Else: fails, Kind: relation.Int}
	none := &relation.Map{Input: &relation.Scan{Table: post}, Exprs: []relation.Named{{Column: relation.Column{Kind: relation.Int},
		Expr: &relation.Func{Name: "length", Args: []relation.Expr{col(post, 0, 0)}, Kind: relation.Int}}}}
	for _, c := range []struct {
		name string
		x    relation.Expr
	}{
		{"or true", of(relation.Or, compares, truth(true))},
		{"and false", of(relation.And, compares, truth(false))},
		{"subquery and column", of(relation.And, &relation.InList{X: fails, List: list, Of: relation.Int}, hidden)},
		{"in an empty list", &relation.InList{X: fails, List: empty, Of: relation.Int}},
		{"null in an empty list", &relation.InList{X: maybe, List: empty, Of: relation.Int}},
		{"time in an empty list", &relation.InList{X: fails, List: empty, Of: relation.Time}},
		{"in no rows", &relation.InPlan{X: fails, Plan: none, Of: relation.Int}},
		{"null in no rows", &relation.InPlan{X: maybe, Plan: none, Of: relation.Int}},
	} {
		t.Run(c.name, func(t *testing.T) {
			q := chain.NewQuery("skipped", &relation.Map{
				Input: &relation.Scan{Table: user},
				Exprs: []relation.Named{{
					Column: relation.Column{Kind: relation.Bool},
					Expr:   c.x,
				}},
			})
			for _, few := range []bool{false, true} {
				q := *q
				q.Few = few
				err := s.Read(t.Context(), func(tx store.Tx) error {
					_, err := tx.Query(&q)
					return err
				})
				if err == nil {
					t.Errorf("the division by zero was not computed, with few rows: %v", few)
				}
			}
		})
	}
}
