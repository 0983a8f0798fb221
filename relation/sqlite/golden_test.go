package sqlite_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/livec-lang/livec/internal/golden"
	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
	"github.com/livec-lang/livec/relation/sql"
	flavour "github.com/livec-lang/livec/relation/sqlite"
)

var (
	user = &relation.Table{Name: "User", Columns: relation.Schema{{Name: "id", Kind: relation.ID}, {Name: "name", Kind: relation.Text},
		{Name: "hidden", Kind: relation.Bool}}, Key: []int{0}}
	post = &relation.Table{
		Name: "Post",
		Columns: relation.Schema{
			{Name: "id", Kind: relation.ID}, {Name: "room", Kind: relation.Text}, {Name: "author", Kind: relation.ID},
			{Name: "at", Kind: relation.Time},
			{Name: "score", Kind: relation.Float, Nullable: true}, {Name: "level", Kind: relation.Enum, Enum: []string{"low", "high"}},
		},
		Key: []int{0}, Unique: [][]int{{1, 3}}, Index: [][]int{{2}}, Defaults: map[int]any{1: "it's, (all)", 4: 0.5, 5: "low"},
	}
	like = &relation.Table{Name: "Like", Columns: relation.Schema{{Name: "post", Kind: relation.ID}, {Name: "user", Kind: relation.ID}},
		Key: []int{0, 1}, Index: [][]int{{1}}}
)

func col(t *relation.Table, depth, i int) *relation.Col {
	return &relation.Col{Depth: depth, Index: i, Kind: t.Columns[i].Kind, Enum: t.Columns[i].Enum}
}

func eq(l, r relation.Expr) relation.Expr {
	return &relation.Binary{Op: relation.Eq, L: l, R: r, Kind: relation.Bool, Of: relation.KindOf(l)}
}

// goldenPlans are the plans in the golden files. Parameter 0 is a room, 1 is a user.
var goldenPlans = []struct {
	name string
	plan relation.Node
}{
	{"window", &relation.Limit{N: 50, Input: inRoom(desc(3))}},
	{"page_of_nullable_and_enum", &relation.Page{N: 20, Input: &relation.Sort{Input: &relation.Scan{Table: post}, By: []relation.SortKey{
		{Expr: col(post, 0, 5)}, {Expr: col(post, 0, 4), Desc: true}, {Expr: col(post, 0, 0)},
	}}}},
	{"feed", &relation.Map{
		Input: &relation.Join{
			Input: &relation.Limit{N: 20, Input: &relation.Sort{
				Input: &relation.Filter{Input: &relation.Scan{Table: post},
					Cond: &relation.InPlan{X: col(post, 0, 0), Of: relation.ID, Plan: &relation.Map{
						Input: &relation.Filter{Input: &relation.Scan{Table: like}, Cond: eq(col(like, 0, 1), &relation.Param{Index: 1, Kind: relation.ID})},
						Exprs: []relation.Named{{Column: relation.Column{Kind: relation.ID}, Expr: col(like, 0, 0)}},
					}}},
				By: desc(3),
			}},
			Right: &relation.Filter{Input: &relation.Scan{Table: user},
				Cond: &relation.Unary{Op: relation.Not, X: col(user, 0, 2), Kind: relation.Bool}},
			LeftOn: []relation.Expr{col(post, 0, 2)}, RightOn: []int{0}, Fields: []int{1}, As: "author", Replace: 2,
		},
		Exprs: []relation.Named{
			{Column: post.Columns[0], Expr: col(post, 0, 0)},
			{Column: relation.Column{Name: "author", Kind: relation.Record, Fields: user.Columns[1:2]},
				Expr: &relation.Col{Index: 2, Kind: relation.Record}},
			{Column: relation.Column{Name: "likes", Kind: relation.Int}, Expr: &relation.Sub{Kind: relation.Int, Plan: &relation.Reduce{
				Input: &relation.Filter{Input: &relation.Scan{Table: like},
					Cond: eq(col(like, 0, 0), col(post, 1, 0))}, Agg: relation.Agg{Func: relation.Count},
			}}},
		},
	}},
	{"groups", &relation.Sort{
		Input: &relation.Group{
			Input: &relation.Scan{Table: post},
			Keys:  []relation.Named{{Column: post.Columns[1], Expr: col(post, 0, 1)}},
			Aggs: []relation.NamedAgg{
				{Column: relation.Column{Name: "n", Kind: relation.Int}, Agg: relation.Agg{Func: relation.Count}},
				{Column: relation.Column{Name: "sum", Kind: relation.Float}, Agg: relation.Agg{Func: relation.Sum, Expr: col(post, 0, 4)}},
				{Column: relation.Column{Name: "last", Kind: relation.Time, Nullable: true},
					Agg: relation.Agg{Func: relation.Max, Expr: col(post, 0, 3)}},
			},
		},
		By: []relation.SortKey{{Expr: &relation.Col{Index: 1, Kind: relation.Int}, Desc: true},
			{Expr: &relation.Col{Index: 0, Kind: relation.Text}}},
	}},
	{"count", &relation.Reduce{Input: inRoom(nil).Input, Agg: relation.Agg{Func: relation.Count}}},
	{"first", &relation.Reduce{Input: inRoom(desc(3)), Agg: relation.Agg{Func: relation.First}}},
	{"requery", &relation.Filter{Input: &relation.Limit{N: 3, Input: &relation.Limit{N: 9, Input: inRoom(desc(3))}},
		Cond: eq(col(post, 0, 2), &relation.Param{Index: 1, Kind: relation.ID})}},
}

func inRoom(by []relation.SortKey) *relation.Sort {
	return &relation.Sort{Input: &relation.Filter{Input: &relation.Scan{Table: post},
		Cond: eq(col(post, 0, 1), &relation.Param{Index: 0, Kind: relation.Text})}, By: by}
}

func desc(i int) []relation.SortKey {
	return []relation.SortKey{{Expr: col(post, 0, i), Desc: true}, {Expr: col(post, 0, 0), Desc: true}}
}

// TestGoldens compares the statements of some plans, and how SQLite runs them, with golden files.
func TestGoldens(t *testing.T) {
	var create []string
	for _, table := range []*relation.Table{user, post, like} {
		create = append(create, sql.TableOf(flavour.Flavour, table).Create...)
	}
	p := newPlanner(t, create...)
	for _, g := range goldenPlans {
		t.Run(g.name, func(t *testing.T) {
			q := chain.NewLiveQuery(g.name, g.plan, relation.Column{Name: "room", Kind: relation.Text},
				relation.Column{Name: "user", Kind: relation.ID})
			c := chain.Of(g.plan)
			var b strings.Builder
			fmt.Fprintf(&b, "mode %v %s\n", c.Mode, c.Reason)
			for _, r := range q.Reads {
				fmt.Fprintf(&b, "reads %s by %v of %v\n", r.Table.Name, r.Cols, r.Params)
			}
			write := func(role string, q *relation.Query) {
				prepared, err := sql.Prepare(flavour.Flavour, q)
				if err != nil {
					t.Fatal(err)
				}
				st := prepared.Statements[0]
				fmt.Fprintf(&b, "\n%s %v\n  %s\n%s", role, st.Binds, st.SQL, p.explain(st.SQL))
			}
			write("query", q)
			for _, st := range q.Statements {
				write(st.Role.String(), st.Query)
			}
			golden.File(t, filepath.Join("testdata", g.name+".golden"), []byte(b.String()))
		})
	}
	t.Run("table", func(t *testing.T) {
		st := sql.TableOf(flavour.Flavour, post)
		text := strings.Join(append(st.Create, st.Insert, st.Update, st.Delete, st.Get), "\n") + "\n"
		golden.File(t, "testdata/table.golden", []byte(text))
	})
}
