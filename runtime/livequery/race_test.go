package livequery

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/plantest"
	"github.com/livec-lang/livec/runtime/store"
)

// inX are the parameters of all queries of this test.
var inX = []relation.Value{"x"}

// history is the results of a query after each commit, by sequence.
type history struct {
	mu     sync.Mutex
	states map[uint64]string
	last   uint64
}

func (h *history) note(seq uint64, state string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.states[seq] = state
	h.last = max(h.last, seq)
}

// follows reports whether states occur in the history in this order.
func (h *history) follows(states []string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	seq := uint64(0)
	for i, s := range states {
		for h.states[seq] != s {
			if seq++; seq > h.last {
				return fmt.Errorf("state %d of %d is none that the database had after the ones before it: %s", i, len(states), s)
			}
		}
	}
	return nil
}

// TestNoGapAndNoDuplicate has subscribers come and go while writers write at full speed. Each of them sees states that the database had, in
// order, up to the last one.
func TestNoGapAndNoDuplicate(t *testing.T) {
	const writers, subscribers = 8, 50
	writes := 40
	if testing.Short() {
		writes = 10
	}
	w := newWorld(t, Options{Slack: func(int) int { return 2 }, Workers: 3})
	defer w.close()
	w.engine.routing.broad = 0
	score := plantest.Col(posts.Columns, 0, 3)
	byScore := []relation.SortKey{{Expr: plantest.Col(posts.Columns, 0, 3), Desc: true}, {Expr: plantest.Col(posts.Columns, 0, 0)}}
	inRoom := &relation.Filter{
		Input: &relation.Scan{Table: posts},
		Cond:  plantest.Compare(relation.Eq, posts.Columns[1], plantest.Col(posts.Columns, 0, 1), &relation.Param{Kind: relation.Text}),
	}
	ofPost := &relation.Filter{
		Input: &relation.Scan{Table: likes},
		Cond:  plantest.Compare(relation.Eq, likes.Columns[0], plantest.Col(likes.Columns, 0, 0), plantest.Col(posts.Columns, 1, 0)),
	}
	room := relation.Column{Name: "room", Kind: relation.Text}
	queries := []*relation.Query{
		compile(t, &relation.Limit{Input: &relation.Sort{Input: inRoom, By: byScore}, N: 3}, room),
		compile(t, &relation.Limit{N: 4, Input: &relation.Sort{By: byScore, Input: &relation.Join{
			Input: inRoom, Right: &relation.Filter{Input: &relation.Scan{Table: users}, Cond: plantest.Col(users.Columns, 0, 3)},
			LeftOn: []relation.Expr{plantest.Col(posts.Columns, 0, 2)}, RightOn: []int{0}, Fields: []int{1}, As: "author", Replace: 2,
		}}}, room),
		compile(t, &relation.Map{
			Input: &relation.Limit{Input: &relation.Sort{Input: inRoom, By: byScore}, N: 3},
			Exprs: []relation.Named{
				{Column: posts.Columns[0], Expr: plantest.Col(posts.Columns, 0, 0)},
				{
					Column: relation.Column{Name: "likes", Kind: relation.Int},
					Expr:   &relation.Sub{Plan: &relation.Reduce{Input: ofPost, Agg: relation.Agg{Func: relation.Count}}, Kind: relation.Int},
				},
			},
		}, room),
		compile(t, &relation.Group{
			Input: &relation.Scan{Table: posts}, Keys: []relation.Named{{Column: posts.Columns[1], Expr: plantest.Col(posts.Columns, 0, 1)}},
			Aggs: []relation.NamedAgg{
				{Column: relation.Column{Name: "sum", Kind: relation.Int}, Agg: relation.Agg{Func: relation.Sum, Expr: score}},
				{Column: relation.Column{Name: "max", Kind: relation.Int}, Agg: relation.Agg{Func: relation.Max, Expr: score}},
			},
		}, room),
		compile(t, &relation.Reduce{Input: inRoom, Agg: relation.Agg{Func: relation.Count}}, room),
		compile(
			t,
			&relation.Reduce{
				Input: &relation.Limit{Input: &relation.Sort{Input: inRoom, By: byScore}, N: 5},
				Agg:   relation.Agg{Func: relation.Sum, Expr: plantest.Col(posts.Columns, 0, 3)},
			},
			room,
		),
	}
	histories := make([]*history, len(queries))
	for i, q := range queries {
		histories[i] = &history{states: map[uint64]string{0: w.fresh(t, q, inX)}}
	}

	var writing, subscribing sync.WaitGroup
	var events atomic.Int64 // that subscribers have got; writers go on until there are some for each
	for n := range writers {
		writing.Go(func() {
			random := rand.New(rand.NewPCG(7, uint64(n)))
			for done := 0; done < writes || events.Load() < subscribers; done++ {
				states := make([]string, len(queries))
				commit, err := store.Write(t.Context(), w.store, func(tx store.Tx) error {
					for range 1 + random.IntN(3) {
						if err := randomChange(random, tx); err != nil {
							return err
						}
					}
					for i, q := range queries {
						rows, err := tx.Query(q, inX...)
						if err != nil {
							return err
						}
						states[i] = canonical(t, appendResult(q, rows))
					}
					return nil
				})
				if err != nil {
					t.Error(err)
					return
				}
				if commit.Seq > 0 {
					for i := range queries {
						histories[i].note(commit.Seq, states[i])
					}
				}
			}
		})
	}
	over := make(chan struct{})
	var mu sync.Mutex
	seen := make([][][]string, len(queries))
	for n := range subscribers {
		subscribing.Go(func() {
			random := rand.New(rand.NewPCG(8, uint64(n)))
			for last := false; !last; {
				select {
				case <-over:
					last = true
				default:
				}
				i := random.IntN(len(queries))
				states, err := visit(t, w, queries[i], random, last)
				if err != nil {
					t.Errorf("query %d: %v", i, err)
					return
				}
				events.Add(int64(len(states) - 1))
				mu.Lock()
				seen[i] = append(seen[i], states)
				mu.Unlock()
			}
		})
	}
	writing.Wait()
	close(over)
	subscribing.Wait()
	for i := range queries {
		for _, states := range seen[i] {
			if err := histories[i].follows(states); err != nil {
				t.Fatalf("query %d: %v", i, err)
			}
		}
	}
}

func appendResult(q *relation.Query, rows []relation.Row) []byte {
	if q.IsValue() {
		return appendValue(nil, &q.Out[0], rows[0][0])
	}
	items := make([]*item, len(rows))
	for i, r := range rows {
		items[i] = &item{row: r}
	}
	return appendRows(nil, q.Out, items)
}

// visit subscribes to a query for a while and returns the states it has seen. At the last visit nobody writes any more.
func visit(t *testing.T, w *world, q *relation.Query, random *rand.Rand, last bool) ([]string, error) {
	handle, err := w.engine.Open(t.Context(), q, inX)
	if err != nil {
		return nil, err
	}
	defer handle.Release()
	c := follow(t, handle)
	states := []string{c.text()}
	c.each = func() { states = append(states, c.text()) }
	for range random.IntN(300) {
		runtime.Gosched()
		c.catchUp(t)
	}
	if last {
		w.engine.Settle()
		c.catchUp(t)
		if got, want := c.text(), w.fresh(t, q, inX); got != want {
			return nil, fmt.Errorf("holds %s in the end, which is %s", got, want)
		}
	}
	return states, nil
}

func randomChange(random *rand.Rand, tx store.Tx) error {
	id := string(rune('a' + random.IntN(8)))
	author := string(rune('a' + random.IntN(4)))
	var table *relation.Table
	var new relation.Row
	switch random.IntN(4) {
	case 0:
		table, new = users, relation.Row{author, fmt.Sprint(random.IntN(3)), nil, random.IntN(3) > 0, ""}
	case 1:
		table, new = likes, relation.Row{id, author, int64(random.IntN(3))}
	default:
		room, score, level := string(rune('x'+random.IntN(2))), int64(random.IntN(6)), posts.Columns[5].Enum[random.IntN(3)]
		table, new = posts, relation.Row{id, room, author, score, nil, level, false, nil, relation.JSON("[]")}
	}
	old, err := tx.Get(table, table.KeyOf(new))
	if err != nil {
		return err
	}
	switch {
	case old == nil:
		return tx.Insert(table, new)
	case random.IntN(3) == 0:
		return tx.Delete(table, old)
	}
	return tx.Update(table, old, new)
}
