package sqlite

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/livec-lang/livec/internal/fair"
	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/store"
)

// A group ends when it has this many calls or has run for this long, so that its first call does not wait for too many later ones. An entry
// point that takes longer than that begins a group of its own: the calls before it are answered first.
const (
	groupCalls = 512
	groupTime  = 20 * time.Millisecond
)

// newShares bounds the time of callers and of entry points whose writes take long: a tenth of the time of the writer while others write.
func newShares() fair.Shares {
	return fair.Shares{Long: 100 * time.Millisecond, Part: 10, Burst: 200 * time.Millisecond, Within: time.Second}
}

// retryAfter is when a caller that was refused should try again.
const retryAfter = time.Second

// writer runs calls on the one connection that writes. Its goroutine ends once close was called and the queue is empty.
type writer struct {
	c        *conn
	seq      uint64            // of the last commit
	touched  map[string]uint64 // by table: the last commit that changed a row, even if it was undone
	hooks    []store.CommitHook
	onCommit func(store.Commit)
	done     chan struct{}
	group    []*job // of the present commit
	maxTime  time.Duration
	health   health

	mu     sync.Mutex
	queue  *fair.Queue[*job]
	slow   slow
	shares fair.Shares
	last   *fair.Line[*job] // of the last call, and when it began to be the last
	since  time.Time
	until  time.Time // when those that rest are to be asked again; zero: nobody rests
	closed bool
	wake   chan struct{} // holds a token while there may be something to do
}

// job is one submitted call.
type job struct {
	ctx  context.Context
	turn *store.Turn
	line *fair.Line[*job]
	fn   func(store.Tx) error
	done func(store.Commit, error)

	commit  store.Commit
	err     error
	changes store.Changes
}

func newWriter(c *conn, seq uint64, b bounds, log *slog.Logger) *writer {
	return &writer{
		c: c, seq: seq, touched: map[string]uint64{}, done: make(chan struct{}), wake: make(chan struct{}, 1),
		queue: fair.New[*job](b.writes, b.writesEach), slow: newSlow(groupTime), shares: newShares(), maxTime: b.writeTime,
		health: health{log: log},
	}
}

func (w *writer) submit(j *job) {
	j.turn = store.TurnOf(j.ctx)
	w.mu.Lock()
	switch {
	case w.closed:
		w.mu.Unlock()
		j.done(store.Commit{}, store.ErrClosed)
		return
	case !j.turn.Must && j.turn.Kind != store.Own && !w.queue.Admits(j.turn.Caller):
		over := overloaded(w.queue, limits.MaxWrites, limits.MaxWritesPerCaller)
		w.mu.Unlock()
		j.done(store.Commit{}, over)
		return
	}
	w.queue.Push(j.turn.Caller, j)
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
	for {
		w.mu.Lock()
		w.settle(time.Now)
		ready, ended, until := w.queue.Peek() != nil, w.closed && w.queue.Len() == 0, w.until
		w.mu.Unlock()
		switch {
		case ready:
			w.commit()
		case ended:
			return
		default:
			w.rest(until)
		}
	}
}

// rest waits for something to do, or until those that rest are to be asked again, if that is not zero. While the database cannot be
// written, it tries from time to time whether it can be.
func (w *writer) rest(until time.Time) {
	sick := w.health.get() != nil
	if !sick && until.IsZero() {
		<-w.wake
		return
	}
	wait := probeEach
	if !until.IsZero() {
		wait = min(wait, time.Until(until))
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-w.wake:
	case <-timer.C:
		if sick {
			w.probe()
		}
	}
}

// next ends the turn of a call, if there is one, and takes the next call; nil if the group ends.
func (w *writer) next(last *job, took time.Duration, now time.Time) *job {
	w.mu.Lock()
	defer w.mu.Unlock()
	if last != nil {
		w.charge(last, took, now)
	}
	if !w.shares.Quiet() {
		w.settle(func() time.Time { return now })
	}
	if j := w.queue.Peek(); j == nil || last != nil && w.slow.is((*j).turn.Name) {
		return nil
	}
	j, line, _ := w.queue.Pop()
	j.line = line
	return j
}

// charge ends the turn of a call. It needs the lock.
func (w *writer) charge(last *job, took time.Duration, now time.Time) {
	w.queue.Charge(last.line, took)
	w.slow.took(last.turn.Name, took, now)
	if last.turn.Kind == store.Own {
		return
	}
	if w.last != last.line {
		w.last, w.since = last.line, now.Add(-took)
	}
	w.shares.Used(last.turn.Caller, last.turn.Name, took, now, w.since)
}

// settle has callers rest whose next call must rest, and wakes those for whom that is over. It needs the lock.
func (w *writer) settle(clock func() time.Time) {
	if w.shares.Quiet() && w.until.IsZero() {
		return
	}
	now := clock()
	if !w.until.IsZero() && (w.closed || w.shares.Quiet() || !now.Before(w.until)) {
		w.queue.WakeAll()
		w.until = time.Time{}
	}
	for next := w.queue.Peek(); next != nil && !w.closed; next = w.queue.Peek() {
		j := *next
		until, rests := w.shares.Rests(j.turn.Caller, j.turn.Name, now)
		if !rests || j.turn.Must || j.turn.Kind == store.Own || j.ctx.Err() != nil {
			return
		}
		if at, ok := j.ctx.Deadline(); ok && at.Before(until) {
			until = at // then it is answered
		}
		w.queue.Rest()
		if w.until.IsZero() || until.Before(w.until) {
			w.until = until
		}
	}
}

// commit runs calls in one physical transaction and answers them. The queue is not empty.
func (w *writer) commit() {
	seq, started := w.seq, time.Now()
	var broken error
	if _, err := w.c.exec("BEGIN IMMEDIATE"); err != nil {
		broken = classify(err)
	}
	group, dirty := w.group[:0], false
	now := time.Now()
	for j := w.next(nil, 0, now); j != nil; {
		group = append(group, j)
		if broken == nil {
			dirty, broken = w.runJob(j, &seq, now, dirty)
		}
		before := now
		now = time.Now()
		if len(group) == groupCalls || now.Sub(started) >= groupTime || broken != nil && len(group) >= 1 {
			w.mu.Lock()
			w.charge(j, now.Sub(before), now)
			w.mu.Unlock()
			break
		}
		j = w.next(j, now.Sub(before), now)
	}
	w.end(group, seq, dirty, broken)
	clear(group)
	w.group = group[:0]
}

// runJob runs one call within its savepoint. broken says why the transaction cannot go on.
func (w *writer) runJob(j *job, seq *uint64, now time.Time, dirty bool) (_ bool, broken error) {
	if j.err = j.ctx.Err(); j.err != nil {
		return dirty, nil
	}
	j.changes.Hooks = w.hooks
	t := &tx{ctx: j.ctx, c: w.c, seq: *seq, changes: &j.changes, touched: w.touched, deadline: deadline(j.turn, now, w.maxTime)}
	j.turn.Write()
	j.err = j.run(t)
	j.turn.Rest()
	if !t.end(j.err != nil) {
		if t.failed != nil {
			return dirty, t.failed
		}
		return dirty, fmt.Errorf("%w: a statement ended the transaction", store.ErrUnavailable)
	}
	if j.err != nil {
		return dirty, nil
	}
	if changed := j.changes.Net(); len(changed) > 0 {
		*seq++
		j.commit = store.Commit{Seq: *seq, Changes: changed}
		for i := range changed {
			w.touched[changed[i].Table.Name] = *seq
		}
	}
	return dirty || t.dirty, nil
}

// end commits the group and answers its calls.
func (w *writer) end(group []*job, seq uint64, dirty bool, broken error) {
	if broken == nil {
		broken = w.finish(seq, dirty)
	}
	if broken != nil {
		w.abandon()
		w.health.failed(broken)
		w.answerAll(group, broken)
		return
	}
	if seq != w.seq || dirty {
		w.health.ok()
	}
	w.seq = seq
	for _, j := range group {
		if j.commit.Seq != 0 && w.onCommit != nil {
			w.onCommit(j.commit)
		}
	}
	for _, j := range group {
		j.done(j.commit, j.err)
	}
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
