package livequery

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/topic"
)

// Options say how an engine runs. Zero values mean the default.
type Options struct {
	Linger       time.Duration       // a window outlives its last subscriber by this; 30 s
	MaxLingering int                 // windows without a subscriber that are kept at most; 10,000
	Workers      int                 // windows that read from the database at a time; 2
	Slack        func(limit int) int // rows kept behind those that a window shows, so that one that leaves is replaced without reading; a quarter, at least 8
	Logger       *slog.Logger
}

// maxQueue bounds how many commits wait to be routed before the store has to wait.
const maxQueue = 1 << 14

// ErrClosed is the error of an engine that was closed.
var ErrClosed = errors.New("the engine of live queries is closed")

// Engine keeps windows.
type Engine struct {
	store store.Store
	hub   *topic.Hub
	opt   Options
	wg    sync.WaitGroup

	ctx    context.Context
	cancel context.CancelFunc

	watches watches // has locks of its own

	// Commits on their way from the store to the windows.
	queue struct {
		sync.Mutex
		news       sync.Cond // commits to route, or the end
		moved      sync.Cond // dispatched has grown, or the end
		commits    []store.Commit
		queued     uint64 // sequence of the last commit that came
		dispatched uint64 // sequence of the last commit that all windows know of
		closed     bool
	}

	// Windows that have something to read.
	jobs struct {
		sync.Mutex
		news   sync.Cond
		list   []*Window
		active int // windows that are queued or worked on
		idle   sync.Cond
		closed bool
	}

	mu      sync.Mutex // guards what follows, and the routes of all plans
	plans   map[*relation.Query]*plan
	tables  map[string][]*route // by the name of the table
	windows map[string]*Window
	lingers int
	oldest  []*Window // that nobody holds, by when they were given back
	closed  bool
	routing router
}

// New starts an engine. It takes the commits of the store, which nobody has written to yet.
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
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	e := &Engine{store: s, hub: hub, opt: o, plans: map[*relation.Query]*plan{}, tables: map[string][]*route{}, windows: map[string]*Window{}}
	e.routing = router{items: map[*plan]*gated{}, broad: maxBroad}
	e.ctx, e.cancel = context.WithCancel(context.Background())
	e.queue.news.L, e.queue.moved.L = &e.queue, &e.queue
	e.jobs.news.L, e.jobs.idle.L = &e.jobs, &e.jobs
	e.watches.noted.init(0)
	s.OnCommit(e.commit)
	err := s.Read(e.ctx, func(tx store.Tx) error {
		e.queue.queued, e.queue.dispatched = tx.Seq(), tx.Seq()
		e.watches.noted.reach(tx.Seq())
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

// Close ends the engine: no window gets further events, and no watcher hears of anything.
func (e *Engine) Close() {
	e.watches.close()
	e.mu.Lock()
	if e.closed {
		e.mu.Unlock()
		return
	}
	e.closed = true
	for _, w := range e.windows {
		if w.expiry != nil {
			w.expiry.Stop()
		}
	}
	e.mu.Unlock()
	e.cancel()
	e.queue.Lock()
	e.queue.closed = true
	e.queue.news.Broadcast()
	e.queue.moved.Broadcast()
	e.queue.Unlock()
	e.jobs.Lock()
	e.jobs.closed = true
	e.jobs.news.Broadcast()
	e.jobs.idle.Broadcast()
	e.jobs.Unlock()
	e.wg.Wait()
}

// commit takes each commit from the store, in order, before its call is answered. Watchers hear of it at once, before any window
// can show what has changed.
func (e *Engine) commit(c store.Commit) {
	e.watches.note(&c)
	q := &e.queue
	q.Lock()
	for len(q.commits) >= maxQueue && !q.closed {
		q.moved.Wait()
	}
	if q.closed {
		q.Unlock()
		return
	}
	q.commits = append(q.commits, c)
	q.queued = c.Seq
	q.Unlock()
	q.news.Signal()
}

// dispatch hands commits to the windows they concern, in order. It never waits for a window.
func (e *Engine) dispatch() {
	q := &e.queue
	var batch []store.Commit
	for {
		q.Lock()
		for len(q.commits) == 0 && !q.closed {
			q.news.Wait()
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
			q.moved.Broadcast()
			batch[i] = store.Commit{}
		}
	}
}

// await returns when the windows know of all commits up to seq.
func (e *Engine) await(seq uint64) error {
	q := &e.queue
	q.Lock()
	defer q.Unlock()
	for q.dispatched < seq && !q.closed {
		q.moved.Wait()
	}
	if q.closed {
		return ErrClosed
	}
	return nil
}

// Settle returns when all that was committed so far has become events.
func (e *Engine) Settle() {
	e.queue.Lock()
	seq := e.queue.queued
	e.queue.Unlock()
	if e.await(seq) != nil {
		return
	}
	e.mu.Lock()
	plans := slices.Collect(maps.Values(e.plans))
	e.mu.Unlock()
	for _, p := range plans {
		p.passed(seq)
	}
	e.jobs.Lock()
	for e.jobs.active > 0 && !e.jobs.closed {
		e.jobs.idle.Wait()
	}
	e.jobs.Unlock()
}

// schedule has a worker do what a window has noted.
func (e *Engine) schedule(w *Window) {
	e.jobs.Lock()
	e.jobs.list = append(e.jobs.list, w)
	e.jobs.active++
	e.jobs.Unlock()
	e.jobs.news.Signal()
}

func (e *Engine) work() {
	j := &e.jobs
	for {
		j.Lock()
		for len(j.list) == 0 && !j.closed {
			j.news.Wait()
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
		j.Lock()
		if j.active--; j.active == 0 {
			j.idle.Broadcast()
		}
		j.Unlock()
	}
}
