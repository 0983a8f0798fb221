package livequery

import (
	"context"
	"errors"
	"sync"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/eval"
	"github.com/livec-lang/livec/runtime/store"
)

// gate holds back deliveries to the windows of a plan while the database is asked which windows a change concerns. Such a change may
// bring rows into any of them: a new author, for example, whose messages an inner join had dropped. One query is cheaper than a look
// by each window, and mostly the answer is none. Deliveries leave in the order of commits, so no window shows a state that the
// database never had.
type gate struct {
	mu      sync.Mutex
	changed sync.Cond // a delivery has left
	held    []*delivery
}

// delivery is what a commit brings for the windows of a plan.
type delivery struct {
	seq     uint64
	windows []*Window
	deltas  map[*Window]*delta
	probes  []probe
}

// probe is a change whose windows must be found.
type probe struct {
	route  *route
	change *store.Change
}

// maxBroad is the number of windows up to which each looks for itself.
const maxBroad = 64

// errHeldBack is the error of a window that cannot be brought to a state yet: the gate holds back a commit that leads to it.
var errHeldBack = errors.New("some commits are held back")

// add adds a change to what a window gets.
func (d *delivery) add(w *Window, in input) {
	to := d.deltas[w]
	if to == nil {
		to = &delta{seq: d.seq}
		if d.deltas == nil {
			d.deltas = map[*Window]*delta{}
		}
		d.deltas[w] = to
		d.windows = append(d.windows, w)
	}
	if n := len(to.inputs); n > 0 && to.inputs[n-1] == in {
		return
	}
	to.inputs = append(to.inputs, in)
}

func (d *delivery) deliver() {
	for _, w := range d.windows {
		w.deliver(*d.deltas[w])
	}
}

// pass delivers to the windows, or holds the delivery back if the database must be asked or earlier ones are held back.
func (e *Engine) pass(p *plan, d *delivery) {
	g := &p.gate
	g.mu.Lock()
	if len(g.held) == 0 && len(d.probes) == 0 {
		g.mu.Unlock()
		d.deliver()
		return
	}
	g.held = append(g.held, d)
	first := len(g.held) == 1
	g.mu.Unlock()
	if first {
		e.wg.Go(func() { e.drain(p) })
	}
}

// drain delivers what is held back, one delivery after the other, until nothing is.
func (e *Engine) drain(p *plan) {
	g := &p.gate
	for {
		g.mu.Lock()
		d := g.held[0]
		g.mu.Unlock()
		if len(d.probes) > 0 {
			e.probe(p, d)
		}
		d.deliver()
		g.mu.Lock()
		g.held = g.held[1:]
		left := len(g.held)
		g.changed.Broadcast()
		g.mu.Unlock()
		if left == 0 {
			return
		}
	}
}

// probe finds the windows that the changes of a commit concern. If it fails, it takes all of them.
func (e *Engine) probe(p *plan, d *delivery) {
	found := map[*Window]bool{}
	err := e.store.Read(e.reading(p), func(tx store.Tx) error {
		for _, pr := range d.probes {
			if err := e.probeOne(tx, p, pr, found); err != nil {
				return err
			}
		}
		// A row that was there at the commit, but is not any more, was removed by a later commit, which is held back as well.
		if err := e.awaitDispatched(e.ctx, tx.Seq()); err != nil {
			return err
		}
		p.gate.mu.Lock()
		defer p.gate.mu.Unlock()
		for _, later := range p.gate.held {
			if later.seq > d.seq && later.seq <= tx.Seq() {
				for _, w := range later.windows {
					found[w] = true
				}
			}
		}
		return nil
	})
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, pr := range d.probes {
		for w := range pr.route.all.each() {
			if err != nil || found[w] {
				d.add(w, input{pr.change, pr.route.read})
			}
		}
	}
}

// probeOne adds the windows that one change concerns to found.
func (e *Engine) probeOne(tx store.Tx, p *plan, pr probe, found map[*Window]bool) error {
	d := p.reads[pr.route.read].Dep
	st := p.which(d)
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
		rows, err := tx.Query(st, values...)
		if err != nil {
			return err
		}
		e.mu.Lock()
		for _, r := range rows {
			key = key[:0]
			for _, v := range r {
				key = eval.AppendKey(key, v)
			}
			for w := range own.windows[string(key)].each() {
				found[w] = true
			}
		}
		e.mu.Unlock()
	}
	return nil
}

// holdsBack reports whether a commit up to seq is held back.
func (p *plan) holdsBack(seq uint64) bool {
	g := &p.gate
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.held) > 0 && g.held[0].seq <= seq
}

// awaitGate returns when no commit up to seq is held back, or with the error of ctx.
func (p *plan) awaitGate(ctx context.Context, seq uint64) error {
	g := &p.gate
	g.mu.Lock()
	defer g.mu.Unlock()
	return await(ctx, &g.changed, func() bool { return len(g.held) == 0 || g.held[0].seq > seq })
}
