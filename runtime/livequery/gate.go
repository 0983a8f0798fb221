package livequery

import (
	"errors"
	"sync"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/eval"
	"github.com/livec-lang/livec/runtime/store"
)

// gate holds back what concerns the windows of a plan while the database is asked which of them a change concerns: one that may bring rows into any of them, such as a new author whose messages an inner join had dropped. To
// ask once is cheaper than to have each window look; mostly it is none. The windows are told of the commits in order, so that none sees a state that the database never had.
type gate struct {
	mu    sync.Mutex
	moved sync.Cond
	items []*gated
}

// gated is what a commit brings for the windows of a plan.
type gated struct {
	seq    uint64
	found  []*Window
	hits   map[*Window]*hit
	probes []probe
}

// probe is a change whose windows are to be found.
type probe struct {
	route  *route
	change *store.Change
}

// maxBroad is the number of windows up to which each looks for itself.
const maxBroad = 64

// errBehind tells that a window cannot be brought to a state yet, since some of what leads there is held back.
var errBehind = errors.New("some commits are held back")

// add notes a hit.
func (g *gated) add(w *Window, t touch) {
	h := g.hits[w]
	if h == nil {
		h = &hit{seq: g.seq}
		if g.hits == nil {
			g.hits = map[*Window]*hit{}
		}
		g.hits[w] = h
		g.found = append(g.found, w)
	}
	if n := len(h.changes); n > 0 && h.changes[n-1] == t {
		return
	}
	h.changes = append(h.changes, t)
}

// pass tells the windows, or holds the commit back if there is something to ask or others are held back already.
func (e *Engine) pass(p *plan, item *gated) {
	g := &p.gate
	g.mu.Lock()
	if len(g.items) == 0 && len(item.probes) == 0 {
		g.mu.Unlock()
		item.deliver()
		return
	}
	g.items = append(g.items, item)
	first := len(g.items) == 1
	g.mu.Unlock()
	if first {
		e.wg.Go(func() { e.ask(p) })
	}
}

func (g *gated) deliver() {
	for _, w := range g.found {
		w.deliver(*g.hits[w])
	}
}

// ask goes through what is held back until nothing is.
func (e *Engine) ask(p *plan) {
	g := &p.gate
	for {
		g.mu.Lock()
		item := g.items[0]
		g.mu.Unlock()
		if len(item.probes) > 0 {
			e.probe(p, item)
		}
		item.deliver()
		g.mu.Lock()
		g.items = g.items[1:]
		left := len(g.items)
		g.moved.Broadcast()
		g.mu.Unlock()
		if left == 0 {
			return
		}
	}
}

// probe finds the windows that the changes of a commit concern. If that fails, these are all.
func (e *Engine) probe(p *plan, item *gated) {
	found := map[*Window]bool{}
	err := e.store.Read(e.ctx, func(tx store.Tx) error {
		for _, pr := range item.probes {
			if err := e.probeOne(tx, p, pr, found); err != nil {
				return err
			}
		}
		// A row that was there at the commit but is no longer has left by a commit that is held back as well.
		if err := e.await(tx.Seq()); err != nil {
			return err
		}
		p.gate.mu.Lock()
		defer p.gate.mu.Unlock()
		for _, later := range p.gate.items {
			if later.seq > item.seq && later.seq <= tx.Seq() {
				for _, w := range later.found {
					found[w] = true
				}
			}
		}
		return nil
	})
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, pr := range item.probes {
		for w := range pr.route.all {
			if err != nil || found[w] {
				item.add(w, touch{pr.change, pr.route.read})
			}
		}
	}
}

func (e *Engine) probeOne(tx store.Tx, p *plan, pr probe, found map[*Window]bool) error {
	d := p.reads[pr.route.read].Dep
	st := p.which[d]
	own := p.routes[0]
	var key []byte
	for i, row := range [...]relation.Row{pr.change.Before, pr.change.After} {
		if row == nil || i == 1 && sameColumns(pr.change.Before, pr.change.After, p.deps[d].Cols) {
			continue
		}
		var values []relation.Value
		for _, c := range p.deps[d].Cols {
			values = append(values, row[c])
		}
		rows, err := tx.Run(st, values...)
		if err != nil {
			return err
		}
		e.mu.Lock()
		for _, r := range rows {
			key = key[:0]
			for _, v := range r {
				key = eval.AppendKey(key, v)
			}
			for w := range own.windows[string(key)] {
				found[w] = true
			}
		}
		e.mu.Unlock()
	}
	return nil
}

// behind tells whether some of what leads to a state of the database is held back.
func (p *plan) behind(seq uint64) bool {
	g := &p.gate
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.items) > 0 && g.items[0].seq <= seq
}

// passed returns when nothing of what leads to a state of the database is held back.
func (p *plan) passed(seq uint64) {
	g := &p.gate
	g.mu.Lock()
	defer g.mu.Unlock()
	for len(g.items) > 0 && g.items[0].seq <= seq {
		g.moved.Wait()
	}
}
