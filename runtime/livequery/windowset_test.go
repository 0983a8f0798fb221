package livequery

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
	"github.com/livec-lang/livec/relation/eval"
	"github.com/livec-lang/livec/relation/plantest"
	"github.com/livec-lang/livec/runtime/store"
)

// TestWindowSetAdmits draws windows with a range, and removes some: a row finds those for which the condition is true, each once.
func TestWindowSetAdmits(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		at := rapid.SampledFrom([]int{1, 3, 4, 5, 7}).Draw(rt, "column")
		c := posts.Columns[at]
		x, conds := plantest.Col(posts.Columns, 0, at), []relation.Expr(nil)
		ends := rapid.SampledFrom([][]relation.Op{
			{relation.Lt}, {relation.Le}, {relation.Gt}, {relation.Ge}, {relation.Gt, relation.Lt}, {relation.Le, relation.Ge},
		}).Draw(rt, "ends")
		for i, op := range ends {
			p := &relation.Param{Index: i, Kind: c.Kind, Enum: c.Enum}
			conds = append(conds, plantest.Compare(op, c, x, p))
		}
		cond := conds[0]
		if len(conds) == 2 {
			cond = &relation.Binary{Op: relation.And, L: conds[0], R: conds[1], Kind: relation.Bool, Of: relation.Bool}
		}
		passes, err := eval.Compile(cond)
		if err != nil {
			rt.Fatal(err)
		}
		in := chain.Of(&relation.Filter{Input: &relation.Scan{Table: posts}, Cond: cond}).Reads[0].Range
		if in == nil {
			rt.Fatal("no range")
		}
		set, there := newWindowSet(in), map[*Window]bool{}
		for i := range rapid.IntRange(0, 80).Draw(rt, "windows") {
			var values []relation.Value
			for range ends {
				values = append(values, plantest.Value(rt, c))
			}
			w := &Window{params: paramsOf(values), number: uint64(i)}
			set.add(w)
			there[w] = true
			if rapid.IntRange(0, 3).Draw(rt, "remove") == 0 {
				set.remove(w)
				delete(there, w)
			}
		}
		if set.len() != len(there) {
			rt.Fatalf("%d windows in place of %d", set.len(), len(there))
		}
		row := plantest.Row(rt, posts)
		found := map[*Window]bool{}
		for w := range set.admitting(row) {
			if found[w] {
				rt.Fatal("a window is found twice")
			}
			found[w] = true
		}
		for w := range there {
			want, err := passes(w.params, row)
			if err != nil {
				rt.Fatal(err)
			}
			if found[w] != want {
				rt.Fatalf("%v with %v: found %t, want %t", row[at], w.params.Values, found[w], want)
			}
		}
	})
}

// TestRangesLeadToWindows writes rows under windows that differ by the bounds of a range: only those that have the row before or after
// the write look at it.
func TestRangesLeadToWindows(t *testing.T) {
	score, room := posts.Columns[3], posts.Columns[1]
	col := func(op relation.Op, at, param int) relation.Expr {
		c := posts.Columns[at]
		return plantest.Compare(op, c, plantest.Col(posts.Columns, 0, at), &relation.Param{Index: param, Kind: c.Kind})
	}
	scan := func(conds ...relation.Expr) (n relation.Node) {
		n = &relation.Scan{Table: posts}
		for _, c := range conds {
			n = &relation.Filter{Input: n, Cond: c}
		}
		return n
	}
	// Windows 0 to 9 have the bound 10 × their index, and a range with two ends is 15 wide.
	one := func(n int64) []relation.Value { return []relation.Value{n} }
	for name, q := range map[string]struct {
		query *relation.Query
		args  func(n int64) []relation.Value
		at25  int // windows that have the score 25
		at55  int // windows that have 25 or 55
	}{
		"lower":  {compile(t, scan(col(relation.Gt, 3, 0)), score), one, 3, 6},
		"upper":  {compile(t, scan(col(relation.Le, 3, 0)), score), one, 7, 7},
		"value":  {compile(t, &relation.Reduce{Input: scan(col(relation.Ge, 3, 0)), Agg: relation.Agg{Func: relation.Count}}, score), one, 3, 6},
		"rerun":  {compile(t, rerun(scan(col(relation.Ge, 3, 0))), score), one, 3, 6},
		"two":    {compile(t, scan(col(relation.Gt, 3, 0), col(relation.Lt, 3, 1)), score, score), twoEnds, 1, 2},
		"a room": {compile(t, scan(col(relation.Eq, 1, 0), col(relation.Gt, 3, 1)), room, score), inRoomX, 3, 6},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, Options{})
			defer w.close()
			var all []*Handle
			for i := range int64(10) {
				h, err := w.engine.Open(t.Context(), q.query, q.args(10*i))
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, h)
			}
			looked := func(seq uint64) (n int) {
				w.engine.Settle()
				for _, h := range all {
					h.window.work.Lock()
					if h.window.work.version >= seq {
						n++
					}
					h.window.work.Unlock()
				}
				return n
			}
			before := postOf("a", "u", 25)
			after := postOf("a", "u", 55)
			for _, step := range []struct {
				write func(tx store.Tx) error
				want  int
			}{
				{func(tx store.Tx) error { return tx.Insert(posts, before) }, q.at25},
				{func(tx store.Tx) error { return tx.Update(posts, before, after) }, q.at55},
			} {
				commit, err := store.Write(t.Context(), w.store, step.write)
				if err != nil {
					t.Fatal(err)
				}
				if got := looked(commit.Seq); got != step.want {
					t.Errorf("%d windows look at commit %d, want %d", got, commit.Seq, step.want)
				}
			}
		})
	}
}

func twoEnds(n int64) []relation.Value { return []relation.Value{n, n + 15} }
func inRoomX(n int64) []relation.Value { return []relation.Value{"x", n} }

// rerun is a plan that runs again when rows that it reads have changed.
func rerun(n relation.Node) relation.Node {
	return &relation.Reduce{Input: &relation.Limit{Input: n, N: 3}, Agg: relation.Agg{Func: relation.Count}}
}
