package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
	"github.com/livec-lang/livec/runtime/livequery"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/store/sqlite"
	"github.com/livec-lang/livec/runtime/topic"
)

// The data of the benchmarks of live queries: messages in rooms, as in a chat.

var messages = &relation.Table{
	Name: "message",
	Columns: relation.Schema{
		{Name: "id", Kind: relation.ID}, {Name: "room", Kind: relation.Text}, {Name: "at", Kind: relation.Time},
		{Name: "author", Kind: relation.Text}, {Name: "text", Kind: relation.Text},
	},
	Key:   []int{0},
	Index: [][]int{{1, 2}, {2}},
}

var persons = &relation.Table{
	Name:    "person",
	Columns: relation.Schema{{Name: "id", Kind: relation.ID}, {Name: "name", Kind: relation.Text}},
	Key:     []int{0},
}

// joined is latest with | join Person on .author as author { .name }.
func joined() *relation.Query {
	q := latest()
	plan := &relation.Join{
		Input: q.Plan, Right: &relation.Scan{Table: persons},
		LeftOn: []relation.Expr{&relation.Col{Index: 3, Kind: relation.Text}}, RightOn: []int{0},
		Fields: []int{1}, As: "author", Replace: 3,
	}
	return chain.NewLiveQuery("bench/joined", plan, q.Params...)
}

// latest is Message | filter .room == room | sort .at desc | limit 50.
func latest() *relation.Query {
	col := func(i int) relation.Expr { return &relation.Col{Index: i, Kind: messages.Columns[i].Kind} }
	plan := &relation.Limit{N: 50, Input: &relation.Sort{
		Input: &relation.Filter{
			Input: &relation.Scan{Table: messages},
			Cond:  &relation.Binary{Op: relation.Eq, L: col(1), R: &relation.Param{Kind: relation.Text}, Kind: relation.Bool, Of: relation.Text},
		},
		By: []relation.SortKey{{Expr: col(2), Desc: true}, {Expr: col(0)}},
	}}
	return chain.NewLiveQuery("bench/latest", plan, relation.Column{Name: "room", Kind: relation.Text})
}

func room(i int) string { return fmt.Sprintf("room-%06d", i) }

// liveData is a database and an engine. The benchmark gives the engine its commits, so that the work of the engine is measured without that
// of writing.
type liveData struct {
	store.Store
	engine *livequery.Engine
	hub    *topic.Hub
	commit func(store.Commit)
	seq    uint64
}

// OnCommit is part of store.Store. It keeps the function that the benchmark calls with its commits.
func (d *liveData) OnCommit(fn func(store.Commit)) { d.commit = fn }

// newLiveData makes a database of n messages in some rooms.
func newLiveData(ctx context.Context, n, rooms int) (*liveData, error) {
	options := sqlite.Options{Logger: slog.New(slog.NewTextHandler(io.Discard, nil))}
	db, err := sqlite.Open(ctx, sqlite.Memory, []*relation.Table{messages, persons}, options)
	if err != nil {
		return nil, err
	}
	d := &liveData{Store: db}
	if _, err := store.Write(ctx, db, func(tx store.Tx) error { return tx.Insert(persons, relation.Row{"ann", "Ann"}) }); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	const batch = 10_000
	for from := 0; from < n; from += batch {
		commit, err := store.Write(ctx, db, func(tx store.Tx) error {
			for i := from; i < min(n, from+batch); i++ {
				if err := tx.Insert(messages, message(i, i%rooms, int64(i))); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return nil, errors.Join(err, db.Close())
		}
		d.seq = commit.Seq
	}
	d.hub = topic.NewHub(64 << 10)
	if d.engine, err = livequery.New(d, d.hub, livequery.Options{}); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return d, nil
}

func message(id, in int, at int64) relation.Row {
	text := fmt.Sprintf("message %08d has a common length, such as people write in a chat", id)
	return relation.Row{fmt.Sprintf("m-%08d", id), room(in), at, "ann", text}
}

// change gives the engine a commit of one change of a message.
func (d *liveData) change(before, after relation.Row) { d.changeIn(messages, before, after) }

func (d *liveData) changeIn(t *relation.Table, before, after relation.Row) {
	d.seq++
	d.commit(store.Commit{Seq: d.seq, Changes: []store.Change{{Table: t, Before: before, After: after}}})
}

func (d *liveData) close() error {
	d.engine.Close()
	d.hub.Close()
	return d.Close()
}

// since is Message | filter .at > since | sort .at desc | limit 50.
func since() *relation.Query {
	col := func(i int) relation.Expr { return &relation.Col{Index: i, Kind: messages.Columns[i].Kind} }
	plan := &relation.Limit{N: 50, Input: &relation.Sort{
		Input: &relation.Filter{
			Input: &relation.Scan{Table: messages},
			Cond:  &relation.Binary{Op: relation.Gt, L: col(2), R: &relation.Param{Kind: relation.Time}, Kind: relation.Bool, Of: relation.Time},
		},
		By: []relation.SortKey{{Expr: col(2), Desc: true}, {Expr: col(0)}},
	}}
	return chain.NewLiveQuery("bench/since", plan, relation.Column{Name: "since", Kind: relation.Time})
}
