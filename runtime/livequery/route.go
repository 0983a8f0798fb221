package livequery

import (
	"slices"
	"sync"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/eval"
	"github.com/livec-lang/livec/runtime/store"
)

// route leads from the rows of one table to the windows of one plan that look at them. Its maps are guarded by the engine's lock, those of holders by their own.
type route struct {
	plan *plan
	read int
	cols []int // columns of the table that lead to windows

	// The windows of the plan, unless only those matter that show something of the row.
	all     map[*Window]struct{}            // where there are no columns
	windows map[string]map[*Window]struct{} // by the values of the columns

	// Those that show something of the row, by the values of the columns held. nil where that makes no difference.
	holders *holders
	held    []int
}

// holders are the windows that show something of certain rows of a table that is looked up.
type holders struct {
	mu   sync.Mutex
	by   map[string]map[*Window]int // how often
	busy map[*Window]struct{}       // windows that may come to show such a row just now
}

func newRoute(p *plan, i int) *route {
	r := &route{plan: p, read: i, cols: p.reads[i].Cols}
	if d := p.reads[i].Dep; d >= 0 && len(p.deps[d].Cols) > 0 {
		if dep := &p.deps[d]; !dep.Member || dep.Decide != nil {
			r.held = dep.Cols
			r.holders = &holders{by: map[string]map[*Window]int{}, busy: map[*Window]struct{}{}}
		}
		if !p.deps[d].Member {
			return r
		}
	}
	if len(r.cols) == 0 {
		r.all = map[*Window]struct{}{}
	} else {
		r.windows = map[string]map[*Window]struct{}{}
	}
	return r
}

// add registers a window. It needs the engine's lock.
func (p *plan) add(w *Window) {
	w.route = make([]string, len(p.routes))
	for i, r := range p.routes {
		switch {
		case r.all != nil:
			r.all[w] = struct{}{}
		case r.windows != nil:
			var b []byte
			for _, param := range p.reads[r.read].Params {
				b = eval.AppendKey(b, w.params.Values[param])
			}
			w.route[i] = string(b)
			set := r.windows[w.route[i]]
			if set == nil {
				set = map[*Window]struct{}{}
				r.windows[w.route[i]] = set
			}
			set[w] = struct{}{}
		}
	}
	p.setBusy(w, true)
}

// remove needs the engine's lock.
func (p *plan) remove(w *Window) {
	for i, r := range p.routes {
		switch {
		case r.all != nil:
			delete(r.all, w)
		case r.windows != nil:
			set := r.windows[w.route[i]]
			delete(set, w)
			if len(set) == 0 {
				delete(r.windows, w.route[i])
			}
		}
	}
}

// setBusy notes that a window is about to change what it shows, or has done so. While it does, it is told of every change that may come to concern it.
func (p *plan) setBusy(w *Window, busy bool) {
	for _, r := range p.routes {
		if r.holders == nil {
			continue
		}
		r.holders.mu.Lock()
		if busy {
			r.holders.busy[w] = struct{}{}
		} else {
			delete(r.holders.busy, w)
		}
		r.holders.mu.Unlock()
	}
}

// holds notes that a window shows one row more (or less, with −1) that hangs on certain values.
func (h *holders) holds(w *Window, key string, n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	set := h.by[key]
	if set == nil {
		set = map[*Window]int{}
		h.by[key] = set
	}
	if set[w] += n; set[w] <= 0 {
		delete(set, w)
	}
	if len(set) == 0 {
		delete(h.by, key)
	}
}

// router collects what of a commit concerns which window. It belongs to the dispatcher.
type router struct {
	plans []*plan // that the commit concerns
	items map[*plan]*gated
	broad int // windows up to which each looks for itself
	buf   []byte
}

// route hands a commit to the windows it concerns.
func (e *Engine) route(c *store.Commit) {
	r := &e.routing
	e.mu.Lock()
	for i := range c.Changes {
		ch := &c.Changes[i]
		for _, to := range e.tables[ch.Table.Name] {
			r.change(to, ch, c.Seq)
		}
	}
	e.mu.Unlock()
	for i, p := range r.plans {
		e.pass(p, r.items[p])
		delete(r.items, p)
		r.plans[i] = nil
	}
	r.plans = r.plans[:0]
}

// item is what the commit brings for the windows of a plan.
func (r *router) item(p *plan, seq uint64) *gated {
	item := r.items[p]
	if item == nil {
		item = &gated{seq: seq}
		r.items[p] = item
		r.plans = append(r.plans, p)
	}
	return item
}

func (r *router) change(to *route, ch *store.Change, seq uint64) {
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
	case to.holders != nil && !broad:
		cols = to.held
	case to.all != nil && len(to.all) > r.broad && read.Dep >= 0 && p.which[read.Dep] != nil:
		item := r.item(p, seq)
		item.probes = append(item.probes, probe{to, ch})
		return
	case to.all != nil:
		for w := range to.all {
			r.hit(w, ch, to.read, seq)
		}
		return
	}
	for i, row := range [...]relation.Row{ch.Before, ch.After} {
		if row == nil || i == 1 && ch.Before != nil && sameColumns(ch.Before, ch.After, cols) {
			continue
		}
		key := r.key(row, cols)
		if broad || to.holders == nil {
			for w := range to.windows[string(key)] {
				r.hit(w, ch, to.read, seq)
			}
			continue
		}
		to.holders.mu.Lock()
		for w := range to.holders.by[string(key)] {
			r.hit(w, ch, to.read, seq)
		}
		for w := range to.holders.busy {
			r.hit(w, ch, to.read, seq)
		}
		to.holders.mu.Unlock()
	}
}

// decides tells whether a change of a row that is looked up may move rows in, out or to another place.
func (d *dep) decides(ch *store.Change) bool {
	return d.Member && (d.Decide == nil || !sameColumns(ch.Before, ch.After, d.Decide))
}

// sameColumns tells whether an update leaves certain columns as they are.
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

func (r *router) hit(w *Window, ch *store.Change, read int, seq uint64) {
	r.item(w.plan, seq).add(w, touch{ch, read})
}

// concerns tells whether a looked-up row matters to a window, which its conditions say.
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
