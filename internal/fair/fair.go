// Package fair has the queue in which callers take turns for something that they share, such as the writer of a database.
package fair

import (
	"container/heap"
	"time"
)

// Queue holds what waits, by caller. The next item is one of the caller that has had the least time so far, so a caller with many items, or
// with items that take long, delays its own and not those of others. This is start-time fair queueing (Goyal, Vin, Cheng, 1996): each line
// has a tag in virtual time, which grows by what its items have cost, and the line with the least tag is next. Time that a caller has had
// counts until the queue is empty.
//
// A line may have as many items as there are free places for each of 8 lines, so the callers that come first leave places for others
// (Choudhury and Hahne, Dynamic queue length thresholds, 1998).
//
// A Queue has no lock: its owner guards it. Make it with New.
type Queue[T any] struct {
	total, each int
	lines       map[string]*Line[T]
	ready       ready[T]
	n           int
	resting     int           // lines
	now, latest time.Duration // virtual time: the tag of the last turn, and the greatest tag
	made        uint64
	pruneAt     int
}

// Line is what waits of one caller.
type Line[T any] struct {
	caller string
	items  []T
	head   int // of items: those before it have been taken
	tag    time.Duration
	order  uint64 // among lines with the same tag
	taken  int    // turns that have not been charged
	last   time.Duration
	at     int // its index in ready; -1 if nothing of it waits, or if it rests
	rests  bool
}

const (
	share    = 8 // a line may take this part of the free places
	minPrune = 64
)

// New makes a queue for total items, of which one caller may have each.
func New[T any](total, each int) *Queue[T] {
	return &Queue[T]{total: total, each: each, lines: map[string]*Line[T]{}, pruneAt: minPrune}
}

// Len is the number of items that wait.
func (q *Queue[T]) Len() int { return q.n }

// Admits reports whether there is a place for another item of a caller.
func (q *Queue[T]) Admits(caller string) bool {
	if q.Full() {
		return false
	}
	l := q.lines[caller]
	return l == nil || l.len() < min(q.each, max(1, (q.total-q.n)/share))
}

// Full reports whether all places are taken. If they are not and Admits says no, the caller has its share.
func (q *Queue[T]) Full() bool { return q.n >= q.total }

// Push adds an item of a caller, whether or not there is a place. Items of one caller keep their order.
func (q *Queue[T]) Push(caller string, item T) {
	l := q.lines[caller]
	if l == nil {
		q.prune()
		l = &Line[T]{caller: caller, at: -1}
		q.lines[caller] = l
	}
	l.items = append(l.items, item)
	q.n++
	if l.at < 0 && !l.rests {
		q.enter(l)
	}
}

// enter has a line take turns, in which something waits.
func (q *Queue[T]) enter(l *Line[T]) {
	l.tag = max(l.tag, q.now)
	q.made++
	l.order = q.made
	heap.Push(&q.ready, l)
}

// Rest takes the line that is next out of the turns until Wake. Its items keep their places.
func (q *Queue[T]) Rest() {
	l := q.ready[0]
	heap.Pop(&q.ready)
	l.rests = true
	q.resting++
}

// Wake has the line of a caller take turns again, if it rests.
func (q *Queue[T]) Wake(caller string) {
	if q.resting == 0 {
		return
	}
	if l := q.lines[caller]; l != nil {
		q.wake(l)
	}
}

// WakeAll has all lines take turns again.
func (q *Queue[T]) WakeAll() {
	if q.resting == 0 {
		return
	}
	for _, l := range q.lines {
		q.wake(l)
	}
}

func (q *Queue[T]) wake(l *Line[T]) {
	if !l.rests {
		return
	}
	l.rests = false
	q.resting--
	if l.len() > 0 {
		q.enter(l)
	}
}

// Resting is the number of lines that rest.
func (q *Queue[T]) Resting() int { return q.resting }

// Peek is the item that is next; nil if none waits in a line that does not rest.
func (q *Queue[T]) Peek() *T {
	if len(q.ready) == 0 {
		return nil
	}
	l := q.ready[0]
	return &l.items[l.head]
}

// Pop takes the next item. The caller of Pop charges its line when the turn is over.
func (q *Queue[T]) Pop() (item T, line *Line[T], ok bool) {
	if len(q.ready) == 0 {
		return item, nil, false
	}
	l := q.ready[0]
	var none T
	item, l.items[l.head] = l.items[l.head], none
	l.head++
	q.n--
	l.taken++
	q.now = max(q.now, l.tag)
	l.tag += l.last // what the turn will cost, if it costs as much as the last one
	q.latest = max(q.latest, l.tag)
	if l.head < len(l.items) {
		q.made++
		l.order = q.made
		heap.Fix(&q.ready, 0)
	} else {
		l.items, l.head = l.items[:0], 0
		heap.Pop(&q.ready)
	}
	return item, l, true
}

// Charge ends a turn of a line, which has cost this much.
func (q *Queue[T]) Charge(l *Line[T], cost time.Duration) {
	cost = max(cost, 1)
	l.taken--
	l.tag += cost - l.last
	l.last = cost
	q.latest = max(q.latest, l.tag)
	if l.at >= 0 {
		heap.Fix(&q.ready, l.at)
	}
	if q.n == 0 {
		q.now = q.latest // nobody has waited, so nobody owes anything
	}
}

// Remove takes an item of a caller out of the queue, and reports whether it was there.
func (q *Queue[T]) Remove(caller string, is func(T) bool) bool {
	l := q.lines[caller]
	if l == nil {
		return false
	}
	for i := l.head; i < len(l.items); i++ {
		if !is(l.items[i]) {
			continue
		}
		l.items = append(l.items[:i], l.items[i+1:]...)
		q.n--
		if l.len() == 0 {
			l.items, l.head = l.items[:0], 0
			if l.at >= 0 {
				heap.Remove(&q.ready, l.at)
			}
		}
		return true
	}
	return false
}

// prune forgets callers of which nothing waits and who owe nothing. It runs each time the number of lines has doubled.
func (q *Queue[T]) prune() {
	if len(q.lines) < q.pruneAt {
		return
	}
	for caller, l := range q.lines {
		if l.at < 0 && !l.rests && l.taken == 0 && l.tag <= q.now {
			delete(q.lines, caller)
		}
	}
	q.pruneAt = max(minPrune, 2*len(q.lines))
}

func (l *Line[T]) len() int { return len(l.items) - l.head }

// ready is the heap of the lines in which something waits.
type ready[T any] []*Line[T]

func (r ready[T]) Len() int { return len(r) }

func (r ready[T]) Less(i, j int) bool {
	if r[i].tag != r[j].tag {
		return r[i].tag < r[j].tag
	}
	return r[i].order < r[j].order
}

func (r ready[T]) Swap(i, j int) {
	r[i], r[j] = r[j], r[i]
	r[i].at, r[j].at = i, j
}

func (r *ready[T]) Push(x any) {
	l := x.(*Line[T])
	l.at = len(*r)
	*r = append(*r, l)
}

func (r *ready[T]) Pop() any {
	old := *r
	l := old[len(old)-1]
	old[len(old)-1] = nil
	*r = old[:len(old)-1]
	l.at = -1
	return l
}
