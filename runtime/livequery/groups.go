package livequery

import (
	"slices"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/store"
)

// groups is the content of mode Groups: the state of every group, and the rows that the groups give after the steps behind them.
type groups struct {
	w    *Window
	p    *plan
	aggs []aggregator
	by   map[string]*group
	list
	all   bool
	stale map[string]relation.Row // groups to be read, by key
}

type group struct {
	keys   relation.Row
	rows   int64
	states []state
}

func newGroups(w *Window) *groups {
	g := &groups{w: w, p: w.plan, by: map[string]*group{}, list: list{plan: w.plan, by: map[string]*entry{}}}
	for _, a := range w.plan.chain.Group.Aggs {
		g.aggs = append(g.aggs, aggregatorOf(a.Agg))
	}
	return g
}

func (g *groups) reset() { g.all = true }
func (g *groups) drop()  {}

func (g *groups) apply(changes []touch) bool {
	changed := map[string]bool{}
	for _, t := range changes {
		for i, row := range [...]relation.Row{t.change.After, t.change.Before} {
			if row == nil || g.all {
				continue
			}
			if err := g.add(row, int64(1-2*i), changed); err != nil {
				g.all = true
			}
		}
	}
	for key := range changed {
		if g.all || g.stale[key] != nil {
			continue
		}
		if err := g.show(key); err != nil {
			g.all = true
		}
	}
	return g.all || len(g.stale) > 0
}

// add takes a row into its group, or out of it.
func (g *groups) add(row relation.Row, sign int64, changed map[string]bool) error {
	res, err := g.p.run(g.p.steps, -1, g.w.params, row)
	if err != nil || !res.in {
		return err
	}
	keys := make(relation.Row, len(g.p.group))
	for i, x := range g.p.group {
		if keys[i], err = x(g.w.params, res.row); err != nil {
			return err
		}
	}
	key := g.p.rowKey(keys)
	changed[key] = true
	at := g.by[key]
	if at == nil {
		at = &group{keys: keys, states: make([]state, len(g.aggs))}
		g.by[key] = at
	}
	at.rows += sign
	for i, a := range g.aggs {
		var v relation.Value
		if x := g.p.aggs[i]; x != nil {
			if v, err = x(g.w.params, res.row); err != nil {
				return err
			}
		}
		if !a.add(&at.states[i], v, sign) {
			if g.stale == nil {
				g.stale = map[string]relation.Row{}
			}
			g.stale[key] = at.keys
		}
	}
	return nil
}

// show puts the row of a group into its place.
func (g *groups) show(key string) error {
	at := g.by[key]
	if at == nil || at.rows == 0 {
		delete(g.by, key)
		g.remove(key)
		return nil
	}
	row := make(relation.Row, 0, len(at.keys)+len(at.states))
	row = append(row, at.keys...)
	for i, a := range g.aggs {
		v, err := a.value(&at.states[i])
		if err != nil {
			return err
		}
		row = append(row, v)
	}
	res, err := g.p.run(g.p.after, g.p.chain.SortAt, g.w.params, row)
	if err != nil {
		return err
	}
	old := g.list.by[key]
	if !res.in {
		g.remove(key)
		return nil
	}
	place := append(slices.Clip(res.order), at.keys...)
	if old != nil && old.shown == res.shown && relation.SameRow(old.row, res.row) && relation.SameRow(old.place, place) {
		return nil
	}
	g.remove(key)
	g.insert(&entry{key: key, place: place, row: res.row, shown: res.shown})
	return nil
}

func (g *groups) refresh(tx store.Tx) error {
	if !g.all && len(g.stale) > max(8, len(g.by)/4) {
		g.all = true
	}
	if g.all {
		return g.load(tx)
	}
	st := g.p.stmts["group"]
	for key, keys := range g.stale {
		rows, err := tx.Run(st, binds(st, g.w.params.Values, keys...)...)
		if err != nil {
			return err
		}
		delete(g.by, key)
		for _, row := range rows {
			g.take(row)
		}
		if err := g.show(key); err != nil {
			return err
		}
	}
	g.stale = nil
	return nil
}

func (g *groups) load(tx store.Tx) error {
	st := g.p.stmts["groups"]
	rows, err := tx.Run(st, binds(st, g.w.params.Values)...)
	if err != nil {
		return err
	}
	gone := g.by
	g.by = make(map[string]*group, len(rows))
	for _, row := range rows {
		key := g.take(row)
		delete(gone, key)
		if err := g.show(key); err != nil {
			return err
		}
	}
	for key := range gone {
		g.remove(key)
	}
	g.all, g.stale = false, nil
	return nil
}

// take reads a group from a row of a statement: its keys, how many rows it has, the states.
func (g *groups) take(row relation.Row) (key string) {
	n := len(g.p.group)
	at := &group{keys: row[:n:n], states: make([]state, len(g.aggs))}
	at.rows, _ = row[n].(int64)
	for i, a := range g.aggs {
		at.states[i] = a.stateOf(row[n+1+2*i], row[n+2+2*i])
	}
	key = g.p.rowKey(at.keys)
	g.by[key] = at
	return key
}

func (g *groups) result() ([]*entry, []byte, bool) {
	limit := g.p.chain.Limit
	if g.p.chain.Page {
		limit *= g.w.pages
	}
	shown := g.first(limit)
	if g.p.single {
		if len(shown) == 0 {
			return nil, []byte("null"), false
		}
		return nil, appendRow(nil, g.p.out, shown[0].row), false
	}
	return shown, nil, limit > 0 && len(g.rows) > limit
}
