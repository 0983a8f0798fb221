package relation

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSchemaOf(t *testing.T) {
	users := &Table{Columns: Schema{{Name: "id", Kind: ID}, {Name: "name", Kind: Text}}}
	posts := &Table{Columns: Schema{{Name: "id", Kind: ID}, {Name: "author", Kind: ID}, {Name: "score", Kind: Int}}}
	author := Column{Name: "author", Kind: Record, Nullable: true, Fields: Schema{{Name: "name", Kind: Text}}}
	join := func(replace int, as string) Node {
		return &Join{Input: &Limit{Input: &Scan{Table: posts}, N: 3}, Right: &Scan{Table: users}, Optional: true, Fields: []int{1}, As: as,
			Replace: replace}
	}
	score := &Col{Index: 2, Kind: Int}
	for name, c := range map[string]struct {
		plan Node
		want Schema
	}{
		"replace": {join(1, "author"), Schema{posts.Columns[0], author, posts.Columns[2]}},
		"append":  {join(-1, "author"), append(append(Schema(nil), posts.Columns...), author)},
		"max":     {&Reduce{Input: &Scan{Table: posts}, Agg: Agg{Func: Max, Expr: score}}, Schema{{Kind: Int, Nullable: true}}},
		"sum":     {&Reduce{Input: &Scan{Table: posts}, Agg: Agg{Func: Sum, Expr: score}}, Schema{{Kind: Int}}},
		"first":   {&Reduce{Input: &Scan{Table: users}, Agg: Agg{Func: First}}, Schema{{Kind: Record, Nullable: true, Fields: users.Columns}}},
	} {
		if diff := cmp.Diff(c.want, SchemaOf(c.plan)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
