package livequery

import (
	"context"
	"errors"
	"time"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/relation/chain"
	"github.com/livec-lang/livec/runtime/store"
)

// errFull is the error of a server that has no memory left for live queries.
var errFull = &store.Overloaded{
	Limit: limits.MaxWindowMemory, Why: "The server has no memory left for live queries (limit maxWindowMemory)", RetryAfter: time.Second,
}

// errShare is the error of a caller that has had its share of the memory.
var errShare = &store.Overloaded{
	Limit: limits.MaxWindowMemoryPerCaller, RetryAfter: time.Second,
	Why: "This caller has its share of the memory for live queries (limit maxWindowMemoryPerCaller)",
}

// errorOf is the error of a limit that a window does not fit in.
func errorOf(reached limits.ID) error {
	if reached == limits.MaxWindowMemoryPerCaller {
		return errShare
	}
	return errFull
}

// What is counted besides keys and data, in bytes.
const (
	windowSize = 2 << 10 // a window with its places in routes and lists
	itemSize   = 200     // a row: itself, and its places by key, in order and in what is shown
	groupSize  = 200     // the state of a group
)

// size is about how much memory an item takes, in bytes.
func (e *item) size() int {
	n := itemSize + 2*len(e.key) + e.row.Size()
	for _, v := range e.position {
		if s, ok := v.(string); ok {
			n += len(s)
		}
		n += 24
	}
	for _, d := range e.deps {
		n += 16 + len(d)
	}
	return n
}

// bytesOfRows times the limit of a result is how many bytes a statement may read: values that are the same share their memory later.
const bytesOfRows = 4

// reading is the context of what the engine reads for a plan. A window reads somewhat more rows than it shows, and all groups.
func (e *Engine) reading(p *plan) context.Context {
	most := store.Most{Bytes: bytesOfRows * e.opt.Govern.Int(limits.MaxResult)}
	if rows := e.opt.Govern.Int(limits.MaxRows); p.chain.Mode != chain.Groups {
		most.Rows = rows + e.opt.Slack(rows) + 1
	}
	return store.WithTurn(e.ctx, store.Turn{Most: most})
}

// fits reports why a list with this many rows cannot be shown; nil if it can.
func (e *Engine) fits(rows int) error {
	if most := e.opt.Govern.Int(limits.MaxRows); rows > most {
		return &store.TooLarge{Most: store.Most{Rows: most}}
	}
	return nil
}

// dropOldest drops the window that has had no holder for longest, and reports whether there was one.
func (e *Engine) dropOldest() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	oldest := e.lingering.Front()
	if oldest == nil || e.closed {
		return false
	}
	e.drop(oldest.Value.(*Window))
	return true
}

// memory is what is counted of a window. The lock of what is shown guards it.
type memory struct {
	content int // bytes of the content
	counted int
	closed  bool
}

// count counts the memory of the window anew. It needs the lock of what is shown.
func (w *Window) count() {
	m := &w.shown.memory
	bytes := 0
	if !m.closed {
		bytes = windowSize + 2*len(w.key) + m.content + cap(w.shown.snap) + cap(w.shown.value)
	}
	if bytes != m.counted {
		w.holding.Add(int64(bytes - m.counted))
		m.counted = bytes
	}
}

// uncount ends the counting of a window that was dropped.
func (w *Window) uncount() {
	w.topic.Close()
	w.shown.Lock()
	defer w.shown.Unlock()
	w.shown.memory.closed = true
	w.count()
}

// bounded reports why a window cannot go on, after its content has changed; nil if it can. Windows that nobody uses make room for it.
func (w *Window) bounded(fresh bool) error {
	if err := w.engine.fits(w.content.rowCount()); err != nil {
		return err
	}
	a := w.engine.memory
	a.Trim()
	if fresh {
		if a.Used() > a.Limit() {
			return errFull
		}
		if reached, ok := w.holding.Allowed(); !ok {
			return errorOf(reached)
		}
		return nil
	}
	if reached, crowds := w.holding.Crowds(); crowds {
		return errorOf(reached)
	}
	if a.Used() > a.Limit()+a.Limit()/graceful {
		return errFull
	}
	return nil
}

// graceful is the part of the limit by which windows that are open may exceed it together before they end. New ones do not open meanwhile.
const graceful = 4

// isBound reports whether an error comes from a limit. Reading again does not help.
func isBound(err error) bool {
	var large *store.TooLarge
	return errors.Is(err, errFull) || errors.Is(err, errShare) || errors.As(err, &large)
}

// end ends a window that exceeds a limit. Its holders get the error when they read it, and its followers learn that they have to. The
// caller has the claim, which end gives up.
func (w *Window) end(err error) {
	w.content.reset()
	w.work.Lock()
	w.work.err, w.work.dropped, w.work.pending = err, true, nil
	w.unclaim()
	w.work.Unlock()
	w.shown.Lock()
	w.shown.rows, w.shown.value, w.shown.snap, w.shown.memory.content = nil, nil, nil, 0
	w.count()
	w.shown.Unlock()
	w.topic.Lose()
}
