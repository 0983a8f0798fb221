package livequery

import (
	"context"
	"time"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/eval"
	"github.com/livec-lang/livec/runtime/topic"
)

// Open gives the window of a query with these parameters. Release it in the end.
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
	e.mu.Lock()
	if e.closed {
		e.mu.Unlock()
		return nil, ErrClosed
	}
	p, err := e.plan(q)
	if err != nil {
		e.mu.Unlock()
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
	e.hold(w)
	e.mu.Unlock()
	if fresh {
		w.load()
	}
	if err := w.ready(ctx, seq); err != nil {
		e.release(w)
		return nil, err
	}
	return w, nil
}

// hold needs the lock.
func (e *Engine) hold(w *Window) {
	if w.held == 0 && w.expiry != nil {
		w.expiry.Stop()
		w.expiry = nil
		e.lingers--
	}
	w.held++
}

func (e *Engine) release(w *Window) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if w.held--; w.held > 0 || w.gone || e.closed {
		return
	}
	if w.failed() {
		e.drop(w)
		return
	}
	e.lingers++
	w.expiry = time.AfterFunc(e.opt.Linger, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		if w.held == 0 && !w.gone {
			e.drop(w)
		}
	})
	e.oldest = append(e.oldest, w)
	for e.lingers > e.opt.MaxLingering {
		e.dropOldest()
	}
	if len(e.oldest) > 2*e.lingers+64 {
		e.compact()
	}
}

// dropOldest drops the window that nobody has held for the longest time. It needs the lock.
func (e *Engine) dropOldest() {
	for len(e.oldest) > 0 {
		w := e.oldest[0]
		e.oldest = e.oldest[1:]
		if w.held == 0 && !w.gone && w.expiry != nil {
			e.drop(w)
			return
		}
	}
}

// compact forgets windows that are held again or gone. It needs the lock.
func (e *Engine) compact() {
	kept := e.oldest[:0:0]
	seen := map[*Window]bool{}
	for _, w := range e.oldest {
		if w.held == 0 && !w.gone && !seen[w] {
			seen[w] = true
			kept = append(kept, w)
		}
	}
	e.oldest = kept
}

// drop needs the lock.
func (e *Engine) drop(w *Window) {
	if w.expiry != nil {
		w.expiry.Stop()
		w.expiry = nil
		e.lingers--
	}
	w.gone = true
	delete(e.windows, w.key)
	w.plan.remove(w)
	w.retire()
}

// Windows is how many windows there are, with those that nobody follows any more.
func (e *Engine) Windows() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.windows)
}

// Handle is one holder's view of a window.
type Handle struct{ window *Window }

// Attach appends the value as JSON and tells between which events of which topic it stands: those up to seq are in it. more: there are further pages.
func (h *Handle) Attach(dst []byte) (json []byte, t *topic.Topic, seq uint64, more bool) {
	return h.window.attach(dst)
}

// Reach returns once the window has taken in the commits up to seq, or with the error of ctx.
func (h *Handle) Reach(ctx context.Context, seq uint64) error { return h.window.ready(ctx, seq) }

// Topic is the topic of the window's events.
func (h *Handle) Topic() *topic.Topic { return h.window.topic }

// More loads one more page, if there is one, which Attach then gives as well; the topic is another one then.
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

// Release gives the window back. It lives on for a while, for those who come again.
func (h *Handle) Release() { h.window.engine.release(h.window) }

// paramsOf makes the parameters of a window.
func paramsOf(values []relation.Value) *eval.Params { return &eval.Params{Values: values} }
