package livequery

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/plantest"
	"github.com/livec-lang/livec/runtime/store"
)

var errUndo = errors.New("undo")

// write makes a random transaction.
func write(t *rapid.T, w *world) {
	fails := rapid.IntRange(0, 9).Draw(t, "rollback") == 0
	var stop any
	_, err := store.Write(t.Context(), w.store, func(tx store.Tx) error {
		defer func() {
			if stop = recover(); stop != nil {
				panic(stop)
			}
		}()
		for range rapid.IntRange(1, 4).Draw(t, "changes") {
			if err := change(t, tx); err != nil {
				return err
			}
		}
		if fails {
			return errUndo
		}
		return nil
	})
	if stop != nil {
		panic(stop)
	}
	if err != nil && !errors.Is(err, errUndo) {
		t.Fatal(err)
	}
}

// change makes a random change: it inserts a row, replaces the row with its key, or deletes that.
func change(t *rapid.T, tx store.Tx) error {
	table := rapid.SampledFrom([]*relation.Table{posts, posts, posts, users, users, likes, likes}).Draw(t, "table")
	new := plantest.Row(t, table)
	old, err := tx.Get(table, table.KeyOf(new))
	if err != nil {
		return err
	}
	switch {
	case old == nil:
		return tx.Insert(table, new)
	case rapid.IntRange(0, 2).Draw(t, "delete") == 0:
		return tx.Delete(table, old)
	}
	// Some columns keep their values.
	for i := range new {
		if rapid.Bool().Draw(t, "keep") {
			new[i] = old[i]
		}
	}
	return tx.Update(table, old, new)
}

// fill inserts rows for most of the possible keys.
func fill(t *rapid.T, w *world) {
	rows, of := plantest.Fill(t)
	_, err := store.Write(t.Context(), w.store, func(tx store.Tx) error {
		for i, r := range rows {
			if err := tx.Insert(of[i], r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestWindowsStayRight makes random changes under random queries: after each commit a subscriber has what the query returns.
func TestWindowsStayRight(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) { stayRight(t, rt, nil) })
}

// stayRight is one case. With a browser, a tab of it subscribes as well.
func stayRight(t *testing.T, rt *rapid.T, b *browser) {
	slack := rapid.IntRange(0, 2).Draw(rt, "slack")
	w := newWorld(t, Options{Slack: func(int) int { return slack }})
	defer w.close()
	if rapid.Bool().Draw(rt, "ask") {
		w.engine.routing.broad = 0
	}
	fill(rt, w)
	type watched struct {
		*client
		tab   *tab
		query *relation.Query // that the client should hold the result of
		args  []relation.Value
		live  *relation.Query
		next  *relation.Query // the rows that the pages take, and one more if there is a further page; nil without pages
		rows  int             // of the pages that are loaded
	}
	var all []*watched
	for range rapid.IntRange(1, 3).Draw(rt, "queries") {
		g := plantest.New(rt)
		plan, page := g.Plan()
		q := compile(t, plan, g.Params...)
		open := func(args []relation.Value) {
			h, err := w.engine.Open(t.Context(), q, args)
			if err != nil {
				rt.Fatalf("%v\n%v", err, sqlOf(t, q))
			}
			c := &watched{client: follow(t, h), query: q, args: args, live: q}
			if pages := 1; page > 0 {
				for g.Chance(40, "more") {
					pages++
					if err := h.More(t.Context()); err != nil {
						rt.Fatal(err)
					}
				}
				c.snap(t)
				pages = h.window.pages
				c.rows = page * pages
				longer, further := plantest.Pages(plan, c.rows)
				c.query, c.next = compile(t, longer, g.Params...), compile(t, further, g.Params...)
			}
			if b != nil {
				c.tab = b.tab()
				value, _, _, _ := h.Attach(nil)
				c.tab.take(rt, "load", value)
				c.event = func(kind string, v []byte) { c.tab.take(rt, kind, v) }
			}
			all = append(all, c)
		}
		open(g.Values)
		for range rapid.IntRange(0, 2).Draw(rt, "others") {
			open(g.Again())
		}
	}
	check := func(when string) {
		for _, c := range all {
			c.catchUp(t)
			got, want := c.text(), w.fresh(t, c.query, c.args)
			if c.tab != nil {
				got = c.tab.held
			}
			if got != want {
				rt.Fatalf("%s, mode %v\n%s\nparams %v\nholds %s\nfresh %s", when, c.handle.window.plan.chain.Mode, sqlOf(t, c.query), c.args, got, want)
			}
			further := false
			if c.next != nil {
				further = len(decode(t, []byte(w.fresh(t, c.next, c.args))).([]any)) > c.rows
			}
			if c.more != further {
				rt.Fatalf("%s, mode %v\n%s\nparams %v\nmore: %t", when, c.handle.window.plan.chain.Mode, sqlOf(t, c.query), c.args, c.more)
			}
		}
	}
	check("at first")
	for range rapid.IntRange(1, 16).Draw(rt, "writes") {
		for range rapid.SampledFrom([]int{1, 1, 1, 3}).Draw(rt, "burst") {
			write(rt, w)
		}
		w.engine.Settle()
		check("after a write")
		w.counts(t)
	}
	w.engine.Close()
	w.unused(t)
}
