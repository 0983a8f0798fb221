package livequery

import (
	"slices"
	"sync"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/eval"
	"github.com/livec-lang/livec/runtime/store"
)

// route leads from the rows of one table to the windows of one plan that read them. The engine's lock guards its maps.
type route struct {
	plan *plan
	read int
	cols []int // columns of the table that lead to windows

	// The windows of the plan; nil where only dependents matter.
	all     *windowSet            // if there are no columns
	windows map[string]*windowSet // by the values of the columns

	// The windows that show something of the row; nil if that makes no difference.
	dependents *dependents
	depCols    []int // the columns by whose values dependents are found
}

// dependents are the windows that show something of rows that they look up in a table, by the values that find those rows.
type dependents struct {
	mu   sync.Mutex
	by   map[string]map[*Window]int // by the values: how many of its rows depend on them
	busy map[*Window]struct{}       // windows that are changing what they show, and may depend on any row
}

func newRoute(p *plan, i int) *route {
	r := &route{plan: p, read: i, cols: p.reads[i].Cols}
	if d := p.reads[i].Dep; d >= 0 && len(p.deps[d].Cols) > 0 {
		if dep := &p.deps[d]; !dep.Member || dep.Decide != nil {
			r.depCols = dep.Cols
			r.dependents = &dependents{by: map[string]map[*Window]int{}, busy: map[*Window]struct{}{}}
		}
		if !p.deps[d].Member {
			return r
		}
	}
	if len(r.cols) == 0 {
		r.all = newWindowSet(p.reads[i].Range)
	} else {
		r.windows = map[string]*windowSet{}
	}
	return r
}

// add registers a window. It needs the engine's lock.
func (p *plan) add(w *Window) {
	w.route = make([]string, len(p.routes))
	p.added++
	w.number = p.added
	for i, r := range p.routes {
		switch {
		case r.all != nil:
			r.all.add(w)
		case r.windows != nil:
			var b []byte
			for _, param := range p.reads[r.read].Params {
				b = eval.AppendKey(b, w.params.Values[param])
			}
			w.route[i] = string(b)
			set := r.windows[w.route[i]]
			if set == nil {
				set = newWindowSet(p.reads[r.read].Range)
				r.windows[w.route[i]] = set
			}
			set.add(w)
		}
	}
	p.setBusy(w, true)
}

// remove needs the engine's lock.
func (p *plan) remove(w *Window) {
	for i, r := range p.routes {
		switch {
		case r.all != nil:
			r.all.remove(w)
		case r.windows != nil:
			set := r.windows[w.route[i]]
			if set == nil {
				continue
			}
			set.remove(w)
			if set.len() == 0 {
				delete(r.windows, w.route[i])
			}
		}
	}
}

// setBusy says that a window begins, or has ended, to change what it shows. Meanwhile it gets every change that may come to concern it.
func (p *plan) setBusy(w *Window, busy bool) {
	for _, r := range p.routes {
		if r.dependents == nil {
			continue
		}
		r.dependents.mu.Lock()
		if busy {
			r.dependents.busy[w] = struct{}{}
		} else {
			delete(r.dependents.busy, w)
		}
		r.dependents.mu.Unlock()
	}
}

// add counts that a window shows n more rows that depend on certain values.
func (d *dependents) add(w *Window, key string, n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	set := d.by[key]
	if set == nil {
		set = map[*Window]int{}
		d.by[key] = set
	}
	if set[w] += n; set[w] <= 0 {
		delete(set, w)
	}
	if len(set) == 0 {
		delete(d.by, key)
	}
}

// router collects the deltas of a commit. Only the dispatcher uses it.
type router struct {
	plans      []*plan // that the commit concerns
	deliveries map[*plan]*delivery
	broad      int // windows up to which each looks for itself
	buf        []byte
}

// route delivers a commit to the windows that it concerns.
func (e *Engine) route(c *store.Commit) {
	r := &e.routing
	e.mu.Lock()
	for i := range c.Changes {
		ch := &c.Changes[i]
		for _, to := range e.tables[ch.Table.Name] {
			r.route(to, ch, c.Seq)
		}
	}
	e.mu.Unlock()
	for i, p := range r.plans {
		e.pass(p, r.deliveries[p])
		delete(r.deliveries, p)
		r.plans[i] = nil
	}
	r.plans = r.plans[:0]
}

// delivery is what the commit brings for the windows of a plan.
func (r *router) delivery(p *plan, seq uint64) *delivery {
	d := r.deliveries[p]
	if d == nil {
		d = &delivery{seq: seq}
		r.deliveries[p] = d
		r.plans = append(r.plans, p)
	}
	return d
}

func (r *router) route(to *route, ch *store.Change, seq uint64) {
	p := to.plan
	read := &p.reads[to.read]
	broad := true
	if read.Dep >= 0 {
		dep := &p.deps[read.Dep]
		if dep.Used != nil && sameColumns(ch.Before, ch.After, dep.Used) {
			return
		}
		broad = dep.decides(ch)
	}
	cols := to.cols
	switch {
	case to.dependents != nil && !broad:
		cols = to.depCols
	case to.all != nil && to.all.len() > r.broad && read.Dep >= 0 && p.which(read.Dep) != nil:
		d := r.delivery(p, seq)
		d.probes = append(d.probes, probe{to, ch})
		return
	}
	direct := broad || to.dependents == nil
	for i, row := range [...]relation.Row{ch.Before, ch.After} {
		if row == nil || i == 1 && ch.Before != nil && sameColumns(ch.Before, ch.After, cols) && !(direct && to.moves(ch)) {
			continue
		}
		if direct {
			for w := range r.leads(to, row).admitting(row) {
				r.add(w, ch, to.read, seq)
			}
			continue
		}
		key := r.key(row, cols)
		to.dependents.mu.Lock()
		for w := range to.dependents.by[string(key)] {
			r.add(w, ch, to.read, seq)
		}
		for w := range to.dependents.busy {
			r.add(w, ch, to.read, seq)
		}
		to.dependents.mu.Unlock()
	}
}

// decides reports whether a change of a looked-up row may move rows in, out or to another position.
func (d *dep) decides(ch *store.Change) bool {
	return d.Member && (d.Decide == nil || !sameColumns(ch.Before, ch.After, d.Decide))
}

// sameColumns reports whether an update leaves certain columns as they are.
func sameColumns(before, after relation.Row, cols []int) bool {
	return before != nil && after != nil && !slices.ContainsFunc(cols, func(c int) bool { return !eval.Equal(before[c], after[c]) })
}

func (r *router) key(row relation.Row, cols []int) []byte {
	r.buf = r.buf[:0]
	for _, c := range cols {
		r.buf = eval.AppendKey(r.buf, row[c])
	}
	return r.buf
}

func (r *router) add(w *Window, ch *store.Change, read int, seq uint64) {
	r.delivery(w.plan, seq).add(w, input{ch, read})
}

// concerns reports whether a looked-up row meets the conditions of a window.
func (w *Window) concerns(read int, row relation.Row) bool {
	if row == nil {
		return false
	}
	r := &w.plan.reads[read]
	for i, c := range r.Cols {
		if !eval.Equal(row[c], w.params.Values[r.Params[i]]) {
			return false
		}
	}
	for _, cond := range r.local {
		if v, err := cond(w.params, row); err == nil && v != true {
			return false
		}
	}
	return true
}
