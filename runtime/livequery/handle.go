package livequery

import (
	"context"
	"time"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/eval"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/topic"
)

// Open returns the window of a query with these parameters. The caller must release it. Its memory counts for the caller of the turn of
// ctx, if nobody else holds it; see store.Turn.
func (e *Engine) Open(ctx context.Context, q *relation.Query, params []relation.Value) (*Handle, error) {
	caller := store.TurnOf(ctx).Caller
	w, err := e.open(ctx, q, params, 1, caller)
	if err != nil {
		return nil, err
	}
	return &Handle{w, caller}, nil
}

func (e *Engine) open(ctx context.Context, q *relation.Query, params []relation.Value, pages int, caller string) (*Window, error) {
	e.queue.Lock()
	seq := e.queue.queued
	e.queue.Unlock()
	if err := e.fitsWindow(q, params, pages, caller); err != nil {
		return nil, err
	}
	w, err := e.take(q, params, pages, caller)
	if err != nil {
		return nil, err
	}
	if err := w.await(ctx, seq); err != nil {
		e.release(w, caller)
		return nil, err
	}
	return w, nil
}

// fitsWindow reports why the memory does not suffice for a window; nil if it does, or if the window is there.
func (e *Engine) fitsWindow(q *relation.Query, params []relation.Value, pages int, caller string) error {
	e.mu.Lock()
	p := e.plans[q]
	there := p != nil && e.windows[p.keyOf(params, pages)] != nil
	e.mu.Unlock()
	if there {
		return nil
	}
	if reached, ok := e.memory.FitsFor(caller, windowSize); !ok {
		return errorOf(reached)
	}
	return nil
}

// take gets the window of a query, which it makes if there is none, for one more holder.
func (e *Engine) take(q *relation.Query, params []relation.Value, pages int, caller string) (*Window, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, ErrClosed
	}
	p, err := e.plan(q)
	if err != nil {
		return nil, err
	}
	key := p.keyOf(params, pages)
	w := e.windows[key]
	fresh := w == nil
	if fresh {
		w = newWindow(e, p, key, params, pages, caller)
		e.windows[key] = w
		p.add(w)
	} else {
		w.holding.Hold(caller)
	}
	w.hold.Take()
	e.stopLingering(w)
	if fresh {
		e.load(w)
	}
	return w, nil
}

func (e *Engine) release(w *Window, caller string) { e.give(w, caller, e.opt.Linger) }

// give releases a window, which lingers for a while after its last holder.
func (e *Engine) give(w *Window, caller string, linger time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	w.holding.Release(caller)
	if dropped := e.windows[w.key] != w; !w.hold.Give() || dropped || e.closed {
		return
	}
	if linger <= 0 || w.failed() {
		e.drop(w)
		return
	}
	w.hold.Linger(e.opt.Clock, linger, &e.mu, func() { e.drop(w) })
	w.lingering = e.lingering.PushBack(w)
	if e.lingering.Len() > e.opt.MaxLingering {
		e.drop(e.lingering.Front().Value.(*Window))
	}
}

// stopLingering takes a window from the list of those without a holder. It needs the lock.
func (e *Engine) stopLingering(w *Window) {
	if w.lingering != nil {
		e.lingering.Remove(w.lingering)
		w.lingering = nil
	}
}

// drop ends a window. It needs the lock.
func (e *Engine) drop(w *Window) {
	w.hold.Stop()
	e.stopLingering(w)
	delete(e.windows, w.key)
	w.plan.remove(w)
	w.retire()
}

// Windows is the number of windows, including those that linger without a holder.
func (e *Engine) Windows() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.windows)
}

// Handle is one holder's view of a window.
type Handle struct {
	window *Window
	caller string // see Engine.Open
}

// Attach appends the value as JSON. t is the topic of its changes, and offset is that of the last event that the value includes. more
// reports whether there are further pages.
func (h *Handle) Attach(dst []byte) (json []byte, t *topic.Topic, offset uint64, more bool) {
	return h.window.attach(dst)
}

// Reach returns once the window includes the commits up to seq, or with the error of ctx.
func (h *Handle) Reach(ctx context.Context, seq uint64) error { return h.window.await(ctx, seq) }

// Topic is the topic of the window's events.
func (h *Handle) Topic() *topic.Topic { return h.window.topic }

// More loads one more page, if there is one, which Attach then includes. The topic is another one afterwards. If the list would be too
// large, or the memory does not suffice for it, the error is a store.TooLarge or a store.Overloaded, and the handle stays as it was.
func (h *Handle) More(ctx context.Context) error {
	w := h.window
	if !w.further() {
		return nil
	}
	if page := pageOf(w.plan.query.Plan); page > 0 {
		if err := w.engine.fits(page * (w.pages + 1)); err != nil {
			return err
		}
	}
	longer, err := w.engine.open(ctx, w.plan.query, w.params.Values, w.pages+1, h.caller)
	if err != nil {
		return err
	}
	h.window = longer
	w.engine.give(w, h.caller, 0) // whoever comes back begins with the first page
	return nil
}

// Release gives the window back. It lingers for a while, for a holder that comes back.
func (h *Handle) Release() { h.window.engine.release(h.window, h.caller) }

// paramsOf makes the parameters of a window.
func paramsOf(values []relation.Value) *eval.Params { return &eval.Params{Values: values} }
