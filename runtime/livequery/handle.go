package livequery

import (
	"context"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/eval"
	"github.com/livec-lang/livec/runtime/topic"
)

// Open returns the window of a query with these parameters. The caller must release it.
func (e *Engine) Open(ctx context.Context, q *relation.Query, params []relation.Value) (*Handle, error) {
	w, err := e.open(ctx, q, params, 1)
	if err != nil {
		return nil, err
	}
	return &Handle{window: w}, nil
}

func (e *Engine) open(ctx context.Context, q *relation.Query, params []relation.Value, pages int) (*Window, error) {
	e.queue.Lock()
	seq := e.queue.queued
	e.queue.Unlock()
	w, err := e.take(q, params, pages)
	if err != nil {
		return nil, err
	}
	if err := w.await(ctx, seq); err != nil {
		e.release(w)
		return nil, err
	}
	return w, nil
}

// take gets the window of a query, which it makes if there is none, for one more holder.
func (e *Engine) take(q *relation.Query, params []relation.Value, pages int) (*Window, error) {
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
		w = newWindow(e, p, key, params, pages)
		e.windows[key] = w
		p.add(w)
	}
	w.hold.Take()
	e.stopLingering(w)
	if fresh {
		e.load(w)
	}
	return w, nil
}

func (e *Engine) release(w *Window) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if dropped := e.windows[w.key] != w; !w.hold.Give() || dropped || e.closed {
		return
	}
	if w.failed() {
		e.drop(w)
		return
	}
	w.hold.Linger(e.opt.Clock, e.opt.Linger, &e.mu, func() { e.drop(w) })
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
type Handle struct{ window *Window }

// Attach appends the value as JSON. t is the topic of its changes, and offset is that of the last event that the value includes. more
// reports whether there are further pages.
func (h *Handle) Attach(dst []byte) (json []byte, t *topic.Topic, offset uint64, more bool) {
	return h.window.attach(dst)
}

// Reach returns once the window includes the commits up to seq, or with the error of ctx.
func (h *Handle) Reach(ctx context.Context, seq uint64) error { return h.window.await(ctx, seq) }

// Topic is the topic of the window's events.
func (h *Handle) Topic() *topic.Topic { return h.window.topic }

// More loads one more page, if there is one, which Attach then includes. The topic is another one afterwards.
func (h *Handle) More(ctx context.Context) error {
	w := h.window
	if !w.further() {
		return nil
	}
	longer, err := w.engine.open(ctx, w.plan.query, w.params.Values, w.pages+1)
	if err != nil {
		return err
	}
	h.window = longer
	w.engine.release(w)
	return nil
}

// Release gives the window back. It lingers for a while, for a holder that comes back.
func (h *Handle) Release() { h.window.engine.release(h.window) }

// paramsOf makes the parameters of a window.
func paramsOf(values []relation.Value) *eval.Params { return &eval.Params{Values: values} }
