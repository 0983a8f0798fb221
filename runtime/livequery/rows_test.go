package livequery

import (
	"testing"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/plantest"
	"github.com/livec-lang/livec/runtime/store"
)

// commitOf is one commit of a test.
type commitOf func(tx store.Tx) error

func insert(t *relation.Table, rows ...relation.Row) commitOf {
	return func(tx store.Tx) error {
		for _, r := range rows {
			if err := tx.Insert(t, r); err != nil {
				return err
			}
		}
		return nil
	}
}

func update(t *relation.Table, key relation.Row, change func(relation.Row)) commitOf {
	return func(tx store.Tx) error {
		old, err := tx.Get(t, key)
		if err != nil {
			return err
		}
		new := append(relation.Row(nil), old...)
		change(new)
		return tx.Update(t, old, new)
	}
}

func remove(t *relation.Table, key relation.Row) commitOf {
	return func(tx store.Tx) error {
		old, err := tx.Get(t, key)
		if err != nil {
			return err
		}
		return tx.Delete(t, old)
	}
}

func postOf(id, author string, score int64) relation.Row {
	return relation.Row{id, "x", author, score, nil, "low", false, nil, relation.JSON("[]")}
}

func userOf(id, name string) relation.Row {
	return relation.Row{id, name, nil, true, "secret"}
}

// byScore is posts of room x with their authors, the first n by score.
func byScore(n int) relation.Node {
	return &relation.Limit{N: n, Input: &relation.Sort{
		By: []relation.SortKey{{Expr: plantest.Col(posts.Columns, 0, 3)}, {Expr: plantest.Col(posts.Columns, 0, 0)}},
		Input: &relation.Join{
			Input:  &relation.Scan{Table: posts},
			Right:  &relation.Filter{Input: &relation.Scan{Table: users}, Cond: plantest.Col(users.Columns, 0, 3)},
			LeftOn: []relation.Expr{plantest.Col(posts.Columns, 0, 2)}, RightOn: []int{0}, Fields: []int{1, 4}, As: "author", Replace: 2,
		},
	}}
}

// TestEvents checks the events of some commits, and that they lead to the result of the query.
func TestEvents(t *testing.T) {
	for _, c := range []struct {
		name    string
		plan    relation.Node
		before  []commitOf
		commits []commitOf
		want    string
	}{
		{
			name:    "the row behind the first is found again after more rows have appeared than are kept",
			plan:    byScore(1),
			before:  []commitOf{insert(posts, postOf("a", "u", 1), postOf("b", "u", 2))},
			commits: []commitOf{insert(users, userOf("u", "ann")), remove(posts, relation.Row{"a"})},
			want: `{"k":"diff","v":[["+",0,{"id":"a","room":"x","author":{"name":"ann"},"score":1,` +
				`"weight":null,"level":"low","pinned":false,"at":null,"tags":[]}]]}` +
				`{"k":"diff","v":[["-",0],["+",0,{"id":"b","room":"x","author":{"name":"ann"},"score":2,` +
				`"weight":null,"level":"low","pinned":false,"at":null,"tags":[]}]]}`,
		},
		{
			name:   "a name changes where it is shown, a password nowhere",
			plan:   byScore(3),
			before: []commitOf{insert(users, userOf("u", "ann")), insert(posts, postOf("a", "u", 1), postOf("b", "v", 2), postOf("c", "u", 3))},
			commits: []commitOf{
				update(users, relation.Row{"u"}, func(r relation.Row) { r[1] = "bob" }),
				update(users, relation.Row{"u"}, func(r relation.Row) { r[4] = "x" }),
			},
			want: `{"k":"diff","v":[["~",0,{"author":{"name":"bob"}}],["~",1,{"author":{"name":"bob"}}]]}`,
		},
		{
			name:    "a row moves",
			plan:    byScore(3),
			before:  []commitOf{insert(users, userOf("u", "ann")), insert(posts, postOf("a", "u", 1), postOf("b", "u", 2), postOf("c", "u", 3))},
			commits: []commitOf{update(posts, relation.Row{"a"}, func(r relation.Row) { r[3] = int64(9) })},
			want:    `{"k":"diff","v":[[">",0,2],["~",2,{"score":9}]]}`,
		},
		{
			name:    "who is hidden takes the rows away",
			plan:    byScore(3),
			before:  []commitOf{insert(users, userOf("u", "ann")), insert(posts, postOf("a", "u", 1), postOf("b", "u", 2))},
			commits: []commitOf{update(users, relation.Row{"u"}, func(r relation.Row) { r[3] = false })},
			want:    `{"k":"diff","v":[["-",0],["-",0]]}`,
		},
		{
			name:    "a count",
			plan:    &relation.Reduce{Input: &relation.Scan{Table: posts}, Agg: relation.Agg{Func: relation.Count}},
			commits: []commitOf{insert(posts, postOf("a", "u", 1), postOf("b", "u", 1)), insert(users, userOf("u", "ann"))},
			want:    `{"k":"set","v":2}`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, Options{Slack: func(int) int { return 0 }})
			defer w.close()
			commit := func(fn commitOf) {
				if _, err := store.Write(t.Context(), w.store, fn); err != nil {
					t.Fatal(err)
				}
			}
			for _, fn := range c.before {
				commit(fn)
			}
			q := compile(t, c.plan)
			h, err := w.engine.Open(t.Context(), q, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer h.Release()
			f := follow(t, h)
			got := ""
			f.event = func(kind string, v []byte) { got += `{"k":"` + kind + `","v":` + string(v) + `}` }
			for _, fn := range c.commits {
				commit(fn)
				w.engine.Settle()
				f.catchUp(t)
				if want := w.fresh(t, q, nil); f.text() != want {
					t.Errorf("holds %s, want %s", f.text(), want)
				}
			}
			if got != c.want {
				t.Errorf("events\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}
