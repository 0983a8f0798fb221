package livequery

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
	"github.com/livec-lang/livec/relation/eval"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/topic"
)

// Window is the result of a query with certain parameters, kept right.
type Window struct {
	engine *Engine
	plan   *plan
	key    string
	params *eval.Params
	pages  int
	topic  *topic.Topic
	route  []string // by route of the plan: the values by which commits find the window

	// Guarded by the engine's lock.
	held   int
	gone   bool
	expiry *time.Timer

	// What is to be done. Whoever sets busy is the only one to touch content until it is not busy any more.
	work struct {
		sync.Mutex
		done    sync.Cond // busy has ended, or version has grown
		busy    bool
		loaded  bool
		gone    bool
		pending []hit
		version uint64 // content is what the database held after this commit
		fails   int    // readings that have failed one after the other
		err     error  // it could not be loaded
	}
	content content
	behind  uint64 // the state that it could not be brought to

	// What subscribers are given.
	shown struct {
		sync.Mutex
		rows  []*entry
		value []byte // of a single value
		more  bool
		snap  []byte // rows as JSON; nil if not written yet
	}
}

// hit is what of a commit concerns a window.
type hit struct {
	seq     uint64
	changes []touch
}

// touch is a change with the reading of the plan that it concerns.
type touch struct {
	change *store.Change
	read   int
}

// content is the state of a window, by mode.
type content interface {
	// apply takes in what changed. It tells whether it has noted something that must be read.
	apply(changes []touch) (read bool)
	// refresh reads what was noted, at the point to which all changes have been applied; everything if it is new.
	refresh(tx store.Tx) error
	// reset has the next refresh read everything.
	reset()
	// changed tells whether result may be another one than when this was last asked.
	changed() bool
	// result is what is to be shown: rows in order, or the JSON of a single value. more: there are further rows.
	result() (rows []*entry, value []byte, more bool)
	// drop forgets what the content has told the plan.
	drop()
}

func newWindow(e *Engine, p *plan, key string, params []relation.Value, pages int) *Window {
	w := &Window{engine: e, plan: p, key: key, params: paramsOf(params), pages: pages, topic: e.hub.New()}
	w.work.done.L = &w.work
	w.work.busy = true
	w.work.version = 0
	switch p.chain.Mode {
	case chain.Rows:
		w.content = newRows(w)
	case chain.Groups:
		w.content = newGroups(w)
	case chain.Value:
		w.content = newAggregate(w)
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

// deliver is told by the dispatcher of a commit that concerns the window.
func (w *Window) deliver(h hit) {
	w.work.Lock()
	if h.seq <= w.work.version || w.work.gone {
		w.work.Unlock()
		return
	}
	w.work.pending = append(w.work.pending, h)
	if w.work.busy {
		w.work.Unlock()
		return
	}
	w.claim()
	w.work.Unlock()
	if !w.inline() {
		w.engine.schedule(w)
	}
}

// claim makes the caller the one to touch content. It needs the work lock.
func (w *Window) claim() {
	w.work.busy = true
	w.plan.setBusy(w, true)
}

// unclaim needs the work lock.
func (w *Window) unclaim() {
	if w.work.gone {
		w.content.drop()
	}
	w.work.busy = false
	w.plan.setBusy(w, false)
	w.work.done.Broadcast()
}

// retire has the window forgotten by what it hangs on.
func (w *Window) retire() {
	w.work.Lock()
	defer w.work.Unlock()
	w.work.gone, w.work.pending = true, nil
	if !w.work.busy {
		w.content.drop()
	}
}

// inline applies what is pending in memory, commit by commit. It gives up the claim and returns true, or keeps it and returns false if something must be read.
func (w *Window) inline() bool {
	for {
		w.work.Lock()
		if len(w.work.pending) == 0 {
			w.work.pending = nil
			w.unclaim()
			w.work.Unlock()
			return true
		}
		h := w.work.pending[0]
		w.work.pending = w.work.pending[1:]
		stale := h.seq <= w.work.version
		w.work.Unlock()
		if stale {
			continue
		}
		if !w.applied(h) {
			return false
		}
		w.work.Lock()
		w.work.version = h.seq
		w.work.done.Broadcast()
		w.work.Unlock()
	}
}

// applied applies a commit in memory and shows it, or gives false if something must be read. A defect here has the window read anew, and not the server end.
func (w *Window) applied(h hit) (done bool) {
	var err error
	defer func() {
		if err != nil {
			w.engine.opt.Logger.Error("a change could not be applied to a live query", "query", w.plan.query.Name, "error", err)
			w.content.reset()
			done = false
		}
	}()
	defer store.Recover(&err)
	if w.content.apply(h.changes) {
		return false
	}
	w.emit()
	return true
}

// catchUp reads what was noted from one snapshot of the database, and goes on until nothing is left to do. The caller has the claim, which it gives up.
func (w *Window) catchUp() {
	for {
		err := w.engine.store.Read(w.engine.ctx, w.refresh)
		if errors.Is(err, errBehind) {
			w.plan.passed(w.behind)
			continue
		}
		if err != nil {
			w.trouble(err)
			return
		}
		if w.inline() {
			return
		}
	}
}

// refresh brings the content to the state that tx sees.
func (w *Window) refresh(tx store.Tx) error {
	seq := tx.Seq()
	if err := w.engine.await(seq); err != nil {
		return err
	}
	if w.plan.behind(seq) { // to wait here would keep the connection that is needed to go on
		w.behind = seq
		return errBehind
	}
	w.work.Lock()
	n := 0
	for n < len(w.work.pending) && w.work.pending[n].seq <= seq {
		n++
	}
	hits := w.work.pending[:n:n]
	w.work.pending = w.work.pending[n:]
	version := w.work.version
	w.work.Unlock()
	for _, h := range hits {
		if h.seq > version {
			w.content.apply(h.changes)
		}
	}
	if err := w.content.refresh(tx); err != nil {
		return err
	}
	w.emit() // before anybody who waits for this version looks
	w.work.Lock()
	w.work.version = max(seq, w.work.version)
	w.work.loaded, w.work.fails = true, 0
	w.work.done.Broadcast()
	w.work.Unlock()
	return nil
}

// trouble ends a reading that failed. The window keeps what it has shown, and reads everything when it is touched again; one that has never been read fails.
func (w *Window) trouble(err error) {
	w.content.reset()
	if w.engine.ctx.Err() == nil {
		w.engine.opt.Logger.Error("a live query could not be read", "query", w.plan.query.Name, "error", err)
	}
	w.work.Lock()
	if !w.work.loaded {
		w.work.err = err
	}
	w.work.pending = nil
	again := w.work.loaded && !w.work.gone && w.engine.ctx.Err() == nil
	wait := retryAfter << min(w.work.fails, 5)
	w.work.fails++
	w.unclaim()
	w.work.Unlock()
	if again {
		time.AfterFunc(wait, w.retry)
	}
}

// retryAfter is when a window that could not be read is read again, unless something touches it before. Each time it fails again it is twice as long, five times.
const retryAfter = time.Second

func (w *Window) retry() {
	w.work.Lock()
	if w.work.busy || w.work.gone || w.engine.ctx.Err() != nil {
		w.work.Unlock()
		return
	}
	w.claim()
	w.work.Unlock()
	w.engine.schedule(w)
}

// ready waits until the window has been read and has taken in the commits up to seq.
func (w *Window) ready(ctx context.Context, seq uint64) error {
	if err := w.engine.await(seq); err != nil {
		return err
	}
	w.plan.passed(seq)
	w.work.Lock()
	defer w.work.Unlock()
	if w.work.busy && w.work.version < seq || !w.work.loaded && w.work.err == nil {
		stop := context.AfterFunc(ctx, func() {
			w.work.Lock()
			w.work.done.Broadcast()
			w.work.Unlock()
		})
		defer stop()
	}
	for w.work.busy && w.work.version < seq || !w.work.loaded && w.work.err == nil {
		if err := ctx.Err(); err != nil {
			return err
		}
		w.work.done.Wait()
	}
	return w.work.err
}

func (w *Window) failed() bool {
	w.work.Lock()
	defer w.work.Unlock()
	return w.work.err != nil
}

// attach appends what is shown as JSON.
func (w *Window) attach(dst []byte) (json []byte, t *topic.Topic, seq uint64, more bool) {
	s := &w.shown
	s.Lock()
	defer s.Unlock()
	seq = w.topic.Head()
	if w.plan.single {
		return append(dst, s.value...), w.topic, seq, false
	}
	if s.snap == nil {
		s.snap = appendRows(make([]byte, 0, 64), w.plan.out, s.rows)
	}
	return append(dst, s.snap...), w.topic, seq, s.more
}

// further tells whether there is a further page.
func (w *Window) further() bool {
	w.shown.Lock()
	defer w.shown.Unlock()
	return w.shown.more
}
