package sqlite

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/livec-lang/livec/internal/fair"
	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/store"
)

// readers are the connections that read: some for each kind of read, so that no kind waits for another one.
type readers struct {
	kinds  [store.Calls + 1]*pool
	closed chan struct{}
}

// pool is a fixed number of connections. Callers take turns, and none has all connections. Entry points that take long have
// at most half of the connections, so that the others do not wait for them. Of an entry point it is not known at first whether it takes
// long; so a read that has waited for as long as a long read takes gets a spare connection, unless it turns out to be long by then itself,
// as those that run do.
type pool struct {
	maxTime, maxWait time.Duration

	mu       sync.Mutex
	freed    sync.Cond
	n        int // number of connections, without the spare ones
	spares   int // number of spare ones
	lent     int // spare connections that are in use or idle
	idle     []*conn
	spare    []*conn // half as many, for reads that have waited for long ones
	running  []*turn
	long     int // connections that long reads have
	slow     slow
	waiting  *fair.Queue[*turn]
	waitLong *fair.Queue[*turn]
}

// turn is one read that waits or runs.
type turn struct {
	of   *store.Turn
	long bool
	line *fair.Line[*turn]
	got  chan *conn

	started time.Time
	counted bool // it has turned out to be long
}

func newPool(b bounds) *pool {
	p := &pool{
		maxTime: b.readTime, maxWait: b.readWaitTime, slow: newSlow(slowRead),
		waiting: fair.New[*turn](b.reads, b.readsEach), waitLong: fair.New[*turn](b.reads, b.readsEach),
	}
	p.freed.L = &p.mu
	return p
}

// add adds a connection.
func (p *pool) add(c *conn, spare bool) {
	if spare {
		p.spare = append(p.spare, c)
		p.spares++
		return
	}
	p.idle = append(p.idle, c)
	p.n++
}

// each is how many connections one caller may have: less than all, if there are several.
func (p *pool) each() int { return max(1, min(p.n-1, p.n-p.n/4)) }

// full reports whether a read must wait since its caller has as many connections as it may have. It needs the lock.
func (p *pool) full(t *turn) bool {
	if t.of.Kind == store.Own || len(p.running) < p.each() {
		return false
	}
	has := 0
	for _, r := range p.running {
		if r.of.Caller == t.of.Caller {
			has++
		}
	}
	return has >= p.each()
}

// next is the queue whose turn it is; nil if nothing may run. It needs the lock.
func (p *pool) next() *fair.Queue[*turn] {
	for {
		queue := p.waiting
		if p.waitLong.Peek() != nil && p.long < max(1, p.n/2) {
			queue = p.waitLong
		}
		t := queue.Peek()
		switch {
		case t == nil:
			return nil
		case queue == p.waiting && p.slow.is((*t).of.Name):
			p.makeWay(*t)
		case p.full(*t):
			queue.Rest() // until a connection of the caller is free
		default:
			return queue
		}
	}
}

// makeWay has a read wait among the long ones, since its entry point has turned out to be long meanwhile. It needs the lock.
func (p *pool) makeWay(t *turn) {
	p.waiting.Remove(t.of.Caller, func(o *turn) bool { return o == t })
	t.long = true
	p.waitLong.Push(t.of.Caller, t)
}

// lend makes a spare connection available if reads run that have turned out to be long. If t has turned out to be long, it makes way.
func (p *pool) lend(t *turn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now, held := time.Now(), false
	for _, r := range p.running {
		if took := now.Sub(r.started); took > p.slow.over {
			held = true
			p.slow.goesOn(r.of.Name, took, now)
			if !r.long && !r.counted {
				r.counted = true
				p.long++
			}
		}
	}
	if t.line != nil || t.long {
		return
	}
	if p.slow.is(t.of.Name) {
		p.makeWay(t)
		p.dispatch()
		return
	}
	if last := len(p.spare) - 1; held && last >= 0 && !p.full(t) {
		p.idle, p.spare = append(p.idle, p.spare[last]), p.spare[:last]
		p.lent++
		p.dispatch()
	}
}

func (t *turn) queue(p *pool) *fair.Queue[*turn] {
	if t.long {
		return p.waitLong
	}
	return p.waiting
}

// take waits for a connection.
func (p *pool) take(ctx context.Context, closed <-chan struct{}) (*conn, *turn, error) {
	t := &turn{of: store.TurnOf(ctx), got: make(chan *conn, 1)}
	p.mu.Lock()
	t.long = p.slow.is(t.of.Name)
	if t.of.Kind != store.Own && !t.of.Must && !t.queue(p).Admits(t.of.Caller) {
		over := overloaded(t.queue(p), limits.MaxReads, limits.MaxReadsPerCaller)
		p.mu.Unlock()
		return nil, nil, over
	}
	t.queue(p).Push(t.of.Caller, t)
	p.dispatch()
	p.mu.Unlock()
	select {
	case c := <-t.got:
		return c, t, nil
	default:
	}
	var late <-chan time.Time
	if t.of.Kind != store.Own && !t.of.Must && p.maxWait > 0 {
		timer := time.NewTimer(p.maxWait)
		defer timer.Stop()
		late = timer.C
	}
	patience := time.NewTimer(slowRead)
	defer patience.Stop()
	select {
	case c := <-t.got:
		return c, t, nil
	case <-patience.C:
		p.lend(t)
	case <-late:
		return nil, nil, p.abandon(t, &store.Overloaded{Limit: limits.MaxReadWait, RetryAfter: retryAfter})
	case <-ctx.Done():
	case <-closed:
	}
	var err error
	select {
	case c := <-t.got:
		return c, t, nil
	case <-ctx.Done():
		err = ctx.Err()
	case <-closed:
		err = store.ErrClosed
	case <-late:
		err = &store.Overloaded{Limit: limits.MaxReadWait, RetryAfter: retryAfter}
	}
	return nil, nil, p.abandon(t, err)
}

// abandon gives up a turn that waits.
func (p *pool) abandon(t *turn, why error) error {
	p.mu.Lock()
	waited := t.queue(p).Remove(t.of.Caller, func(o *turn) bool { return o == t })
	p.mu.Unlock()
	if !waited { // it has got one meanwhile
		p.give(<-t.got, t, 0)
	}
	return why
}

// dispatch gives idle connections to those that wait. It needs the lock.
func (p *pool) dispatch() {
	for len(p.idle) > 0 {
		queue := p.next()
		if queue == nil {
			return
		}
		t, line, _ := queue.Pop()
		t.line, t.started = line, time.Now()
		p.running = append(p.running, t)
		if t.long {
			p.long++
		}
		last := len(p.idle) - 1
		c := p.idle[last]
		p.idle = p.idle[:last]
		t.got <- c
	}
}

// give takes a connection back after a turn.
func (p *pool) give(c *conn, t *turn, took time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	t.queue(p).Charge(t.line, took)
	if t.long || t.counted {
		p.long--
	}
	p.running = slices.DeleteFunc(p.running, func(o *turn) bool { return o == t })
	if took > 0 {
		p.slow.took(t.of.Name, took, time.Now())
	}
	p.waiting.Wake(t.of.Caller)
	p.waitLong.Wake(t.of.Caller)
	if p.lent > 0 && (p.long < p.n || p.waiting.Peek() == nil) {
		p.lent--
		p.spare = append(p.spare, c)
	} else {
		p.idle = append(p.idle, c)
	}
	p.dispatch()
	p.freed.Broadcast()
}

// close waits until nobody reads.
func (p *pool) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.idle)+len(p.spare) < p.n+p.spares {
		p.freed.Wait()
	}
	var errs []error
	for _, c := range append(p.idle, p.spare...) {
		errs = append(errs, c.close())
	}
	p.idle, p.spare, p.n, p.spares = nil, nil, 0, 0
	return errors.Join(errs...)
}

func (r *readers) read(ctx context.Context, fn func(store.Tx) error) (err error) {
	defer store.Recover(&err)
	select {
	case <-r.closed:
		return store.ErrClosed
	default:
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	of := store.TurnOf(ctx)
	p := r.kinds[of.Kind]
	c, turn, err := p.take(ctx, r.closed)
	if err != nil {
		return err
	}
	started := time.Now()
	defer func() { p.give(c, turn, time.Since(started)) }()
	defer of.Rest()
	at := deadline(of, started, p.maxTime)
	if turn.long { // before it has a snapshot
		if err := of.Enter(ctx, at); err != nil {
			if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
				err = &store.Overtime{Limit: limits.MaxReadTime}
			}
			return err
		}
	}
	if _, err := c.exec("BEGIN"); err != nil {
		return classify(err)
	}
	defer c.exec("ROLLBACK") // nothing was written; it fails only if there is no transaction
	// The first statement takes the snapshot that all others see.
	row, err := c.one(getSeqSQL)
	if err != nil {
		return classify(err)
	}
	if row == nil {
		return fmt.Errorf("%w: it has lost its row in _live_meta", store.ErrUnavailable)
	}
	t := &tx{ctx: ctx, c: c, seq: uint64(row[0].(int64)), deadline: at}
	defer t.close()
	return fn(t)
}

// close waits until nobody reads.
func (r *readers) close() error {
	close(r.closed)
	var errs []error
	for _, p := range r.kinds {
		if p != nil {
			errs = append(errs, p.close())
		}
	}
	return errors.Join(errs...)
}
