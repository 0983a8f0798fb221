package livequery

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
	"github.com/livec-lang/livec/relation/eval"
	"github.com/livec-lang/livec/runtime/govern"
	"github.com/livec-lang/livec/runtime/linger"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/topic"
)

// Window is the result of a query with certain parameters, kept up to date.
type Window struct {
	engine *Engine
	plan   *plan
	key    string
	params *eval.Params
	pages  int
	topic  *topic.Topic
	route  []string // by route of the plan: the values by which commits find the window
	number uint64   // among the windows of the plan, in the order in which they were added

	holding *govern.Holding // counts its memory, for those who hold it

	// Guarded by the engine's lock.
	hold      linger.Hold
	lingering *list.Element // in the engine's list; nil while it has a holder

	// What remains to be done. Only the goroutine that has set busy touches content, until it clears busy.
	work struct {
		sync.Mutex
		done    sync.Cond // busy was cleared, or version has grown
		busy    bool
		loaded  bool
		dropped bool
		pending []delta
		version uint64 // content is what the database held after this commit
		fails   int    // reads that have failed in a row
		retry   linger.Timer
		failure error // of the last of them
		err     error // why it could not be loaded
	}
	content content
	blocked uint64 // the commit that the gate held it back from

	// What subscribers get.
	shown struct {
		sync.Mutex
		rows  []*item
		value []byte // of a single value
		more  bool
		snap  []byte // rows as JSON; nil if not written yet

		memory memory
	}
}

// delta is the changes of a commit that concern a window.
type delta struct {
	seq    uint64
	inputs []input
}

// input is a change, and the read of the plan by which it concerns the window.
type input struct {
	change *store.Change
	read   int
}

// content is the state of a window, by mode.
type content interface {
	// apply applies changes in memory. It reports whether something must be read from the database.
	apply(inputs []input) (read bool)
	// refresh reads what must be read, once all changes up to the snapshot of tx have been applied. New content reads everything.
	refresh(tx store.Tx) error
	// reset makes the next refresh read everything.
	reset()
	// changed reports whether result may differ from when changed was last called.
	changed() bool
	// result is what is shown: rows in order, or the JSON of a single value. more reports whether there are further rows.
	result() (rows []*item, value []byte, more bool)
	// rowCount is how many rows are kept to be shown, and size about how much memory the content takes, in bytes.
	rowCount() int
	size() int
	// drop removes what the content has registered with the plan.
	drop()
}

// newWindow makes a window for its first holder.
func newWindow(e *Engine, p *plan, key string, params []relation.Value, pages int, caller string) *Window {
	w := &Window{engine: e, plan: p, key: key, params: paramsOf(params), pages: pages, topic: e.hub.New(), holding: e.memory.Holding(true)}
	w.work.done.L = &w.work
	w.work.busy = true
	w.holding.Hold(caller)
	w.topic.Charge(w.holding)
	w.count()
	switch p.chain.Mode {
	case chain.Rows:
		w.content = newRows(w)
	case chain.Groups:
		w.content = newGroups(w)
	case chain.Value:
		w.content = newReduction(w)
	default:
		w.content = newRequery(w)
	}
	return w
}

// load reads the window for the first time.
func (w *Window) load() {
	w.content.reset()
	w.catchUp()
}

// deliver hands the window a delta. The dispatcher calls it in the order of commits.
func (w *Window) deliver(d delta) {
	w.work.Lock()
	if d.seq <= w.work.version || w.work.dropped {
		w.work.Unlock()
		return
	}
	w.work.pending = append(w.work.pending, d)
	if w.work.busy {
		w.work.Unlock()
		return
	}
	w.claim()
	w.work.Unlock()
	if !w.applyPending() {
		w.engine.schedule(w)
	}
}

// claim lets the caller touch content. It needs the work lock.
func (w *Window) claim() {
	w.work.busy = true
	w.plan.setBusy(w, true)
}

// unclaim ends claim. It needs the work lock.
func (w *Window) unclaim() {
	if w.work.dropped {
		w.content.drop()
	}
	w.work.busy = false
	w.plan.setBusy(w, false)
	w.work.done.Broadcast()
}

// retire removes the window from what it has registered with.
func (w *Window) retire() {
	w.work.Lock()
	defer w.work.Unlock()
	w.work.dropped, w.work.pending = true, nil
	w.work.retry.Stop()
	if !w.work.busy {
		w.content.drop()
	}
	w.uncount()
}

// applyPending applies pending deltas in memory, commit by commit. When none is left it gives up the claim and returns true. If
// something must be read it keeps the claim and returns false.
func (w *Window) applyPending() bool {
	for {
		w.work.Lock()
		if len(w.work.pending) == 0 {
			w.work.pending = nil
			w.unclaim()
			w.work.Unlock()
			return true
		}
		d := w.work.pending[0]
		w.work.pending = w.work.pending[1:]
		stale := d.seq <= w.work.version
		w.work.Unlock()
		if stale {
			continue
		}
		if !w.apply(d) {
			return false
		}
		if err := w.bounded(false); err != nil {
			w.end(err)
			return true
		}
		w.work.Lock()
		w.work.version = d.seq
		w.work.done.Broadcast()
		w.work.Unlock()
	}
}

// apply applies a delta in memory and emits the result. It returns false if something must be read. After a panic the window is read
// anew, so that a defect here does not end the server.
func (w *Window) apply(d delta) (done bool) {
	var err error
	defer func() {
		if err != nil {
			w.engine.opt.Logger.Error("a change could not be applied to a live query", "query", w.plan.query.Name, "error", err)
			w.content.reset()
			done = false
		}
	}()
	defer store.Recover(&err)
	if w.content.apply(d.inputs) {
		return false
	}
	w.emit()
	return true
}

// catchUp reads what must be read from one snapshot of the database, and goes on until nothing is left to do. The caller has the
// claim, which catchUp gives up.
func (w *Window) catchUp() {
	for {
		err := w.engine.store.Read(w.engine.reading(w.plan), w.refresh)
		if errors.Is(err, errHeldBack) {
			if err = w.plan.awaitGate(w.engine.ctx, w.blocked); err == nil {
				continue
			}
		}
		if isBound(err) {
			w.end(err)
			return
		}
		if err != nil {
			w.fail(err)
			return
		}
		if w.applyPending() {
			return
		}
	}
}

// refresh brings the content to the state that tx sees.
func (w *Window) refresh(tx store.Tx) error {
	seq := tx.Seq()
	if err := w.engine.awaitDispatched(w.engine.ctx, seq); err != nil {
		return err
	}
	if w.plan.holdsBack(seq) { // waiting here would keep the connection that the gate needs to go on
		w.blocked = seq
		return errHeldBack
	}
	w.work.Lock()
	n := 0
	for n < len(w.work.pending) && w.work.pending[n].seq <= seq {
		n++
	}
	deltas := w.work.pending[:n:n]
	w.work.pending = w.work.pending[n:]
	version := w.work.version
	w.work.Unlock()
	for _, d := range deltas {
		if d.seq > version {
			w.content.apply(d.inputs)
		}
	}
	if err := w.content.refresh(tx); err != nil {
		return err
	}
	if err := w.engine.fits(w.content.rowCount()); err != nil {
		return err
	}
	w.emit() // before anybody who waits for this version looks
	w.work.Lock()
	fresh := !w.work.loaded
	w.work.Unlock()
	if err := w.bounded(fresh); err != nil {
		return err
	}
	w.work.Lock()
	w.work.version = max(seq, w.work.version)
	w.work.loaded, w.work.fails = true, 0
	w.work.done.Broadcast()
	w.work.Unlock()
	return nil
}

// fail ends a read that failed. A loaded window keeps what it has shown, and reads everything with its next delta or after a while. A
// window that was never loaded keeps the error.
func (w *Window) fail(err error) {
	w.content.reset()
	if w.engine.ctx.Err() == nil {
		w.engine.opt.Logger.Error("a live query could not be read", "query", w.plan.query.Name, "error", err)
	}
	w.work.Lock()
	if !w.work.loaded {
		w.work.err = err
	}
	w.work.pending = nil
	if w.work.loaded && !w.work.dropped && w.engine.ctx.Err() == nil {
		w.work.retry.Set(w.engine.opt.Clock, retryAfter<<min(w.work.fails, maxBackoff), &w.work, w.retry)
	}
	w.work.failure = err
	w.work.fails++
	w.unclaim()
	w.work.Unlock()
}

// A window that could not be read is read again after retryAfter, unless a delta comes first. The wait doubles with each failure in a
// row, up to maxBackoff times.
const (
	retryAfter = time.Second
	maxBackoff = 3
)

// retry needs the work lock.
func (w *Window) retry() {
	if w.work.busy || w.work.dropped || w.engine.ctx.Err() != nil {
		return
	}
	w.claim()
	w.engine.schedule(w)
}

// await waits until the window is loaded and includes the commits up to seq. It fails if the window cannot be read.
func (w *Window) await(ctx context.Context, seq uint64) error {
	if err := w.engine.awaitDispatched(ctx, seq); err != nil {
		return err
	}
	if err := w.plan.awaitGate(ctx, seq); err != nil {
		return err
	}
	w.work.Lock()
	defer w.work.Unlock()
	err := await(ctx, &w.work.done, func() bool {
		return !(w.work.busy && w.work.version < seq) && (w.work.loaded || w.work.err != nil)
	})
	switch {
	case err != nil:
		return err
	case w.work.err == nil && w.work.fails > 0 && w.work.version < seq:
		return fmt.Errorf("%w at present: %w", store.ErrUnavailable, w.work.failure)
	}
	return w.work.err
}

func (w *Window) failed() bool {
	w.work.Lock()
	defer w.work.Unlock()
	return w.work.err != nil
}

// attach appends what is shown as JSON.
func (w *Window) attach(dst []byte) (json []byte, t *topic.Topic, offset uint64, more bool) {
	s := &w.shown
	s.Lock()
	defer s.Unlock()
	offset = w.topic.Head()
	if w.plan.single {
		return append(dst, s.value...), w.topic, offset, false
	}
	if s.snap == nil {
		s.snap = appendRows(make([]byte, 0, 64), w.plan.out, s.rows)
		w.count()
	}
	return append(dst, s.snap...), w.topic, offset, s.more
}

// further reports whether there is a further page.
func (w *Window) further() bool {
	w.shown.Lock()
	defer w.shown.Unlock()
	return w.shown.more
}
