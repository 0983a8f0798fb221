package livequery

import (
	"container/list"
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/clock"
	"github.com/livec-lang/livec/runtime/govern"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/topic"
)

// Options say how an engine runs. Zero values mean the default.
type Options struct {
	Linger       time.Duration // how long a window outlives its last holder; 30 s
	MaxLingering int           // windows without a holder that are kept at most; 10,000
	Workers      int           // windows that read from the database at a time; 2
	Clock        clock.Clock   // the system's
	Govern       *govern.Governor
	Logger       *slog.Logger

	// Slack is how many rows a window keeps beyond those that it shows, so that a row that leaves is replaced without a read. The
	// default is a quarter of the limit, and at least 8.
	Slack func(limit int) int
}

// maxQueue is how many commits may wait to be routed before the store has to wait.
const maxQueue = 1 << 14

// ErrClosed is the error of an engine that was closed.
var ErrClosed = errors.New("the engine of live queries is closed")

// Engine keeps windows up to date.
type Engine struct {
	store store.Store
	hub   *topic.Hub
	opt   Options
	wg    sync.WaitGroup

	ctx    context.Context
	cancel context.CancelFunc

	watches watches         // has locks of its own
	memory  *govern.Account // of windows

	// Commits on their way from the store to the windows.
	queue struct {
		sync.Mutex
		arrived    sync.Cond // there are commits to route, or it was closed
		advanced   sync.Cond // dispatched has grown, or it was closed
		commits    []store.Commit
		queued     uint64 // sequence of the last commit that has arrived
		dispatched uint64 // sequence of the last commit that was delivered to all windows
		closed     bool
	}

	// Windows that have something to read.
	jobs struct {
		sync.Mutex
		arrived sync.Cond
		list    []*Window
		active  int // windows that wait or are worked on
		idle    sync.Cond
		closed  bool
	}

	mu        sync.Mutex // guards what follows, and the routes of all plans
	plans     map[*relation.Query]*plan
	tables    map[string][]*route // by the name of the table
	windows   map[string]*Window
	lingering list.List // of *Window without a holder; the first has lingered longest
	closed    bool
	routing   router
}

// New starts an engine, which takes the commits of a store. Nothing may have been written to the store yet.
func New(s store.Store, hub *topic.Hub, o Options) (*Engine, error) {
	if o.Linger <= 0 {
		o.Linger = 30 * time.Second
	}
	if o.MaxLingering <= 0 {
		o.MaxLingering = 10_000
	}
	if o.Workers <= 0 {
		o.Workers = 2
	}
	if o.Slack == nil {
		o.Slack = func(limit int) int { return max(8, limit/4) }
	}
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Govern == nil {
		o.Govern = govern.New(nil, govern.Memory(), o.Logger)
	}
	e := &Engine{store: s, hub: hub, opt: o, memory: o.Govern.Account(limits.MaxWindowMemory)}
	e.memory.OnFull(e.dropOldest)
	e.plans, e.tables, e.windows = map[*relation.Query]*plan{}, map[string][]*route{}, map[string]*Window{}
	e.routing = router{deliveries: map[*plan]*delivery{}, broad: maxBroad}
	e.ctx, e.cancel = context.WithCancel(context.Background())
	e.queue.arrived.L, e.queue.advanced.L = &e.queue, &e.queue
	e.jobs.arrived.L, e.jobs.idle.L = &e.jobs, &e.jobs
	e.watches.notified.init(0)
	s.OnCommit(e.commit)
	err := s.Read(e.ctx, func(tx store.Tx) error {
		e.queue.queued, e.queue.dispatched = tx.Seq(), tx.Seq()
		e.watches.notified.advance(tx.Seq())
		return nil
	})
	if err != nil {
		e.cancel()
		return nil, err
	}
	e.wg.Go(e.dispatch)
	for range o.Workers {
		e.wg.Go(e.work)
	}
	return e, nil
}

// Close ends the engine: windows append no further events, and watchers are not called any more.
func (e *Engine) Close() {
	e.watches.close()
	e.mu.Lock()
	if e.closed {
		e.mu.Unlock()
		return
	}
	e.closed = true
	for _, w := range e.windows {
		w.hold.Stop()
		w.work.Lock()
		w.work.retry.Stop()
		w.work.Unlock()
		w.uncount()
	}
	e.mu.Unlock()
	e.cancel()
	e.queue.Lock()
	e.queue.closed = true
	e.queue.arrived.Broadcast()
	e.queue.advanced.Broadcast()
	e.queue.Unlock()
	e.jobs.Lock()
	e.jobs.closed = true
	e.jobs.arrived.Broadcast()
	e.jobs.idle.Broadcast()
	e.jobs.Unlock()
	e.wg.Wait()
}

// commit takes each commit from the store, in order, before its call is answered. It notifies watchers first, before any window can
// show what has changed.
func (e *Engine) commit(c store.Commit) {
	e.watches.notify(&c)
	q := &e.queue
	q.Lock()
	for len(q.commits) >= maxQueue && !q.closed {
		q.advanced.Wait()
	}
	if q.closed {
		q.Unlock()
		return
	}
	q.commits = append(q.commits, c)
	q.queued = c.Seq
	q.Unlock()
	q.arrived.Signal()
}

// dispatch routes commits to the windows that they concern, in order. It never waits for a window.
func (e *Engine) dispatch() {
	q := &e.queue
	var batch []store.Commit
	for {
		q.Lock()
		for len(q.commits) == 0 && !q.closed {
			q.arrived.Wait()
		}
		if q.closed {
			q.Unlock()
			return
		}
		batch, q.commits = q.commits, batch[:0]
		q.Unlock()
		for i := range batch {
			e.route(&batch[i])
			q.Lock()
			q.dispatched = batch[i].Seq
			q.Unlock()
			q.advanced.Broadcast()
			batch[i] = store.Commit{}
		}
	}
}

// awaitDispatched returns when the commits up to seq have been delivered to all windows that they concern, or with the error of ctx.
func (e *Engine) awaitDispatched(ctx context.Context, seq uint64) error {
	q := &e.queue
	q.Lock()
	defer q.Unlock()
	if err := await(ctx, &q.advanced, func() bool { return q.dispatched >= seq || q.closed }); err != nil {
		return err
	}
	if q.closed {
		return ErrClosed
	}
	return nil
}

// Settle returns when everything that was committed so far has become events.
func (e *Engine) Settle() {
	e.queue.Lock()
	seq := e.queue.queued
	e.queue.Unlock()
	if e.awaitDispatched(e.ctx, seq) != nil {
		return
	}
	e.mu.Lock()
	plans := slices.Collect(maps.Values(e.plans))
	e.mu.Unlock()
	for _, p := range plans {
		if p.awaitGate(e.ctx, seq) != nil {
			return
		}
	}
	e.jobs.Lock()
	for e.jobs.active > 0 && !e.jobs.closed {
		e.jobs.idle.Wait()
	}
	e.jobs.Unlock()
}

// schedule has a worker read what a window must read.
func (e *Engine) schedule(w *Window) {
	e.jobs.Lock()
	e.jobs.list = append(e.jobs.list, w)
	e.jobs.active++
	e.jobs.Unlock()
	e.jobs.arrived.Signal()
}

func (e *Engine) work() {
	j := &e.jobs
	for {
		j.Lock()
		for len(j.list) == 0 && !j.closed {
			j.arrived.Wait()
		}
		if j.closed {
			j.Unlock()
			return
		}
		w := j.list[0]
		j.list[0] = nil
		j.list = j.list[1:]
		j.Unlock()
		w.catchUp()
		e.worked()
	}
}

// load reads a new window on a goroutine of its own. The deadline of the caller does not end that, since others wait for the window too.
func (e *Engine) load(w *Window) {
	e.jobs.Lock()
	e.jobs.active++
	e.jobs.Unlock()
	e.wg.Go(func() {
		w.load()
		e.worked()
	})
}

// worked records that a window has nothing to read any more.
func (e *Engine) worked() {
	e.jobs.Lock()
	defer e.jobs.Unlock()
	if e.jobs.active--; e.jobs.active == 0 {
		e.jobs.idle.Broadcast()
	}
}
