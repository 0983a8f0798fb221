package livequery

import (
	"slices"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/store"
)

// groups is the content of mode Groups: the state of every group, and the rows that the later steps make of the groups.
type groups struct {
	w        *Window
	p        *plan
	reducers []reducer
	by       map[string]*group
	itemList
	reload bool
	dirty  map[string]relation.Row // keys of the groups that must be read, by key
}

type group struct {
	keys   relation.Row
	rows   int64
	states []state
}

func newGroups(w *Window) *groups {
	g := &groups{w: w, p: w.plan, by: map[string]*group{}, itemList: itemList{plan: w.plan, by: map[string]*item{}}}
	for _, a := range w.plan.chain.Group.Aggs {
		g.reducers = append(g.reducers, reducerOf(a.Agg))
	}
	return g
}

// size is part of content.
func (g *groups) size() int { return g.bytes + groupSize*len(g.by) }

// rowCount is part of content. The groups beyond the limit are not shown.
func (g *groups) rowCount() int {
	if limit := g.limit(); limit > 0 {
		return min(limit, len(g.rows))
	}
	return len(g.rows)
}

// limit is how many groups are shown; 0 for all.
func (g *groups) limit() int {
	if g.p.chain.Page {
		return g.p.chain.Limit * g.w.pages
	}
	return g.p.chain.Limit
}

func (g *groups) reset() { g.reload = true }
func (g *groups) drop() {
	g.clear()
	g.by = nil
}

func (g *groups) apply(inputs []input) bool {
	changed := map[string]bool{}
	for _, in := range inputs {
		for i, row := range [...]relation.Row{in.change.After, in.change.Before} {
			if row == nil || g.reload {
				continue
			}
			if err := g.add(row, int64(1-2*i), changed); err != nil {
				g.reload = true
			}
		}
	}
	for key := range changed {
		if g.reload || g.dirty[key] != nil {
			continue
		}
		if err := g.show(key); err != nil {
			g.reload = true
		}
	}
	return g.reload || len(g.dirty) > 0
}

// add adds a row to its group (sign 1), or removes it (sign −1).
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
		at = &group{keys: keys, states: make([]state, len(g.reducers))}
		g.by[key] = at
	}
	at.rows += sign
	for i, a := range g.reducers {
		var v relation.Value
		if x := g.p.aggs[i]; x != nil {
			if v, err = x(g.w.params, res.row); err != nil {
				return err
			}
		}
		if !a.add(&at.states[i], v, sign) {
			if g.dirty == nil {
				g.dirty = map[string]relation.Row{}
			}
			g.dirty[key] = at.keys
		}
	}
	return nil
}

// show inserts the row of a group at its position, in position of the former one.
func (g *groups) show(key string) error {
	at := g.by[key]
	if at == nil || at.rows == 0 {
		delete(g.by, key)
		g.remove(key)
		return nil
	}
	row := make(relation.Row, 0, len(at.keys)+len(at.states))
	row = append(row, at.keys...)
	for i, a := range g.reducers {
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
	old := g.itemList.by[key]
	if !res.in {
		g.remove(key)
		return nil
	}
	position := append(slices.Clip(res.order), at.keys...)
	if old != nil && old.shown == res.shown && relation.SameRow(old.row, res.row) && relation.SameRow(old.position, position) {
		return nil
	}
	g.remove(key)
	g.insert(&item{key: key, position: position, row: res.row, shown: res.shown})
	return nil
}

func (g *groups) refresh(tx store.Tx) error {
	if !g.reload && len(g.dirty) > max(8, len(g.by)/4) {
		g.reload = true
	}
	if g.reload {
		return g.load(tx)
	}
	for key, keys := range g.dirty {
		rows, err := g.p.fetch(tx, relation.Role{Kind: relation.GroupRole}, g.w.params.Values, keys...)
		if err != nil {
			return err
		}
		delete(g.by, key)
		for _, row := range rows {
			g.decode(row)
		}
		if err := g.show(key); err != nil {
			return err
		}
	}
	g.dirty = nil
	return nil
}

func (g *groups) load(tx store.Tx) error {
	rows, err := g.p.fetch(tx, relation.Role{Kind: relation.GroupsRole}, g.w.params.Values)
	if err != nil {
		return err
	}
	gone := g.by
	g.by = make(map[string]*group, len(rows))
	for _, row := range rows {
		key := g.decode(row)
		delete(gone, key)
		if err := g.show(key); err != nil {
			return err
		}
	}
	for key := range gone {
		g.remove(key)
	}
	g.reload, g.dirty = false, nil
	return nil
}

// decode makes a group of a row that a statement returns: its keys, how many rows it has, the states.
func (g *groups) decode(row relation.Row) (key string) {
	n := len(g.p.group)
	at := &group{keys: row[:n:n], states: make([]state, len(g.reducers))}
	at.rows, _ = row[n].(int64)
	rest := row[n+1:]
	for i, a := range g.reducers {
		at.states[i], rest = a.stateOf(rest)
	}
	key = g.p.rowKey(at.keys)
	g.by[key] = at
	return key
}

func (g *groups) result() ([]*item, []byte, bool) {
	limit := g.limit()
	shown := g.first(limit)
	if g.p.single {
		if len(shown) == 0 {
			return nil, []byte("null"), false
		}
		return nil, appendRow(nil, g.p.out, shown[0].row), false
	}
	return shown, nil, g.p.chain.Page && len(g.rows) > limit
}
