package sqlite

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/livec-lang/livec/runtime/store"
)

// A group ends when it has this many calls or has run for this long, so that its first call does not wait for too many later ones.
const (
	groupCalls = 512
	groupTime  = 20 * time.Millisecond
	maxQueue   = 1 << 16
)

// writer runs calls on the one connection that writes. Its goroutine ends once close was called and the queue is empty.
type writer struct {
	c        *conn
	seq      uint64            // of the last commit
	touched  map[string]uint64 // by table: the last commit that changed a row, even if it was undone
	hooks    []store.CommitHook
	onCommit func(store.Commit)
	done     chan struct{}

	mu     sync.Mutex
	queue  []*job
	closed bool
	wake   chan struct{} // holds a token while there may be something to do
}

// job is one submitted call.
type job struct {
	ctx  context.Context
	fn   func(store.Tx) error
	done func(store.Commit, error)

	commit  store.Commit
	err     error
	changes store.Changes
}

func newWriter(c *conn, seq uint64) *writer {
	return &writer{c: c, seq: seq, touched: map[string]uint64{}, done: make(chan struct{}), wake: make(chan struct{}, 1)}
}

func (w *writer) submit(j *job) {
	w.mu.Lock()
	switch {
	case w.closed:
		w.mu.Unlock()
		j.done(store.Commit{}, store.ErrClosed)
		return
	case len(w.queue) >= maxQueue:
		w.mu.Unlock()
		j.done(store.Commit{}, errBusyFull)
		return
	}
	w.queue = append(w.queue, j)
	w.mu.Unlock()
	w.poke()
}

func (w *writer) poke() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// close waits until the queue is empty and the goroutine has ended. It reports whether this was the first close.
func (w *writer) close() (first bool) {
	w.mu.Lock()
	first = !w.closed
	w.closed = true
	w.mu.Unlock()
	w.poke()
	<-w.done
	return first
}

// setHooks sets the hooks. It is called before the first submit, whose lock publishes them to the goroutine.
func (w *writer) setHooks(hooks []store.CommitHook) {
	w.mu.Lock()
	w.hooks = hooks
	w.mu.Unlock()
}

// setOnCommit sets the function that gets the commits, as setHooks sets the hooks.
func (w *writer) setOnCommit(fn func(store.Commit)) {
	w.mu.Lock()
	w.onCommit = fn
	w.mu.Unlock()
}

func (w *writer) run() {
	defer close(w.done)
	var group []*job
	for {
		w.mu.Lock()
		group, w.queue = w.queue, group[:0]
		closed := w.closed
		w.mu.Unlock()
		if len(group) == 0 {
			if closed {
				return
			}
			<-w.wake
			continue
		}
		for rest := group; len(rest) > 0; {
			rest = rest[w.commit(rest):]
		}
		clear(group)
	}
}

// commit runs calls from the front of jobs in one physical transaction, answers them, and returns how many there were.
func (w *writer) commit(jobs []*job) int {
	seq, started := w.seq, time.Now()
	var broken error
	if _, err := w.c.exec("BEGIN IMMEDIATE"); err != nil {
		broken = classify(err)
	}
	n, dirty := 0, false
	for n < len(jobs) && n < groupCalls && (n == 0 || time.Since(started) < groupTime) && broken == nil {
		j := jobs[n]
		n++
		if j.err = j.ctx.Err(); j.err != nil {
			continue
		}
		j.changes.Hooks = w.hooks
		t := &tx{ctx: j.ctx, c: w.c, seq: seq, changes: &j.changes, touched: w.touched}
		j.err = j.run(t)
		if !t.end(j.err != nil) {
			broken = fmt.Errorf("%w: a statement ended the transaction", store.ErrUnavailable)
			if t.failed != nil {
				broken = t.failed
			}
			break
		}
		if j.err != nil {
			continue
		}
		dirty = dirty || t.dirty
		if changed := j.changes.Net(); len(changed) > 0 {
			seq++
			j.commit = store.Commit{Seq: seq, Changes: changed}
			for i := range changed {
				w.touched[changed[i].Table.Name] = seq
			}
		}
	}
	if broken == nil {
		broken = w.finish(seq, dirty)
	} else if n == 0 {
		n = 1
	}
	if broken != nil {
		w.abandon()
		w.answerAll(jobs[:n], broken)
		return n
	}
	w.seq = seq
	for _, j := range jobs[:n] {
		if j.commit.Seq != 0 && w.onCommit != nil {
			w.onCommit(j.commit)
		}
	}
	for _, j := range jobs[:n] {
		j.done(j.commit, j.err)
	}
	return n
}

// finish makes the transaction durable, together with the sequence of its last commit.
func (w *writer) finish(seq uint64, dirty bool) error {
	if seq == w.seq && !dirty {
		_, err := w.c.exec("ROLLBACK")
		return classify(err)
	}
	if seq != w.seq {
		if _, err := w.c.exec(setSeqSQL, int64(seq)); err != nil {
			return classify(err)
		}
	}
	_, err := w.c.exec("COMMIT")
	return classify(err)
}

// abandon ends the transaction. The statement fails if SQLite has already ended it, which is as good.
func (w *writer) abandon() { _, _ = w.c.exec("ROLLBACK") }

// answerAll fails every call of a group that could not be committed. That includes calls that had failed with an error of their own: they
// may have read what is now undone.
func (w *writer) answerAll(jobs []*job, err error) {
	for _, j := range jobs {
		j.done(store.Commit{}, err)
	}
}

// run runs the call and then the hooks. If the database has failed, so does the call, even if it ignored the error.
func (j *job) run(t *tx) (err error) {
	defer store.Recover(&err)
	err = j.fn(t)
	if err == nil && t.failed == nil {
		err = j.changes.BeforeCommit(t.ctx, t)
	}
	if err == nil {
		err = t.failed
	}
	return err
}
