package sqlite_test

import (
	"strings"
	"testing"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
	"github.com/livec-lang/livec/relation/sql"
	flavour "github.com/livec-lang/livec/relation/sqlite"
)

// TestTiesUseTheIndex checks that SQLite reads rows in the order of an index, in both directions, without sorting them: what breaks ties
// has the direction of the last sort key, also where the plan leaves it to the SQL.
func TestTiesUseTheIndex(t *testing.T) {
	table := *post
	table.Unique, table.Index = nil, [][]int{{1, 3}}
	p := newPlanner(t, sql.TableOf(flavour.Flavour, &table).Create...)
	for _, desc := range []bool{false, true} {
		byTime := relation.SortKey{Expr: col(post, 0, 3), Desc: desc}
		total := []relation.SortKey{byTime, {Expr: col(post, 0, 0), Desc: desc}}
		for _, by := range [][]relation.SortKey{{byTime}, total} {
			q := chain.NewLiveQuery("ties", &relation.Limit{N: 50, Input: &relation.Sort{By: by,
				Input: &relation.Filter{Input: &relation.Scan{Table: &table},
					Cond: eq(col(post, 0, 1), &relation.Param{Index: 0, Kind: relation.Text})}}},
				relation.Column{Name: "room", Kind: relation.Text}, relation.Column{Name: "user", Kind: relation.ID})
			queries := []*relation.Query{q}
			for _, st := range q.Statements {
				queries = append(queries, st.Query)
			}
			for _, q := range queries {
				prepared, err := sql.Prepare(flavour.Flavour, q)
				if err != nil {
					t.Fatal(err)
				}
				text := prepared.Statements[0].SQL
				if steps := p.explain(text); strings.Contains(steps, "TEMP B-TREE") {
					t.Errorf("descending %v, %d keys: SQLite sorts the rows\n%s\n%s", desc, len(by), text, steps)
				}
			}
		}
	}
}
