package topic

import (
	"cmp"
	"slices"
	"strconv"
	"sync"
)

// latest is the retained events of a topic in which only the newest of each key counts: one for each key. A reader that is behind is sent
// no more than there is now, and memory is bounded by the number of keys. Events that remove a key are kept for a while, for readers
// that still have it.
type latest struct {
	mu          sync.Mutex
	list        bool // events carry lists of values
	head        uint64
	floor       uint64 // readers from this offset on can get what they have missed
	changes     map[string]*change
	first, last *change // by offset
	removed     int     // how many of changes remove a key
	cache       [cachedReads]reading
	turn        int
	meter       meter
}

// change is the last event of a key.
type change struct {
	key         string
	offset      uint64
	added       uint64 // the offset at which the key was added, after it was last removed
	removed     uint64 // the offset at which it was last removed; 0 for never
	kind        string
	value       []byte
	gone        bool   // it is removed now
	removal     []byte // the value of the event at removed
	removalKind string
	prev, next  *change
}

// reading is events that were encoded for a reader. Most readers of a topic read the same ones.
type reading struct {
	after, head uint64
	events      []byte
	n           int
}

const (
	cachedReads = 4
	minRemoved  = 64 // removed keys are kept: this many, or as many as there are others
)

// put adds an event of a key. gone says that it removes the key.
func (l *latest) put(key, kind string, value []byte, gone bool) uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.head++
	c := l.changes[key]
	if c == nil {
		c = &change{key: key, gone: true}
		if l.changes == nil {
			l.changes = map[string]*change{}
		}
		l.changes[key] = c
		l.removed++
	} else {
		l.unlink(c)
		l.meter.change(-c.size())
	}
	switch {
	case gone:
		if !c.gone {
			l.removed++
		}
		c.removed, c.removalKind, c.removal = l.head, kind, value
		c.kind, c.value = "", nil
	case c.gone:
		l.removed--
		c.added = l.head
		c.kind, c.value = kind, value
	default:
		c.kind, c.value = kind, value
	}
	c.gone, c.offset = gone, l.head
	l.link(c)
	l.meter.change(c.size())
	l.uncache() // nobody gets these readings any more
	l.forget()
	return l.head
}

func (l *latest) link(c *change) {
	c.prev, c.next = l.last, nil
	if l.last != nil {
		l.last.next = c
	} else {
		l.first = c
	}
	l.last = c
}

func (l *latest) unlink(c *change) {
	if c.prev != nil {
		c.prev.next = c.next
	} else {
		l.first = c.next
	}
	if c.next != nil {
		c.next.prev = c.prev
	} else {
		l.last = c.prev
	}
}

// forget drops keys that were removed long ago. It does so only now and then, so its cost is constant on average.
func (l *latest) forget() {
	living := len(l.changes) - l.removed
	if l.removed <= 2*max(minRemoved, living) {
		return
	}
	for c := l.first; c != nil && l.removed > max(minRemoved, living); {
		next := c.next
		if c.gone {
			l.floor = max(l.floor, c.offset)
			l.unlink(c)
			l.meter.change(-c.size())
			delete(l.changes, c.key)
			l.removed--
		}
		c = next
	}
}

// reset makes the next read of every reader fail.
func (l *latest) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.head++
	l.floor = l.head
	l.uncache()
	for c := l.first; c != nil; c = c.next {
		l.meter.change(-c.size())
	}
	l.changes, l.first, l.last, l.removed = nil, nil, nil, 0
}

// uncache drops the readings.
func (l *latest) uncache() {
	for i := range l.cache {
		l.meter.change(-cap(l.cache[i].events))
		l.cache[i] = reading{}
	}
}

// changeSize is what the last event of a key takes besides its bytes.
const changeSize = 224

// size is the memory of the last event of a key in bytes.
func (c *change) size() int { return changeSize + len(c.key) + cap(c.value) + cap(c.removal) }

func (l *latest) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.meter.close()
}

// read returns what a reader at an offset has missed: at most one message of removed keys and, after it, one of keys with their newest
// values, in the order in which they were added.
func (l *latest) read(number, after uint64) (events []byte, n int, last uint64, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if after >= l.head {
		return nil, 0, after, after == l.head
	}
	if after < l.floor {
		return nil, 0, after, false
	}
	for i := range l.cache {
		if r := &l.cache[i]; r.after == after && r.head == l.head {
			return r.events, r.n, l.head, true
		}
	}
	var puts, removals []*change
	size := 0
	for c := l.last; c != nil && c.offset > after; c = c.prev {
		if c.removed > after {
			removals = append(removals, c)
			size += len(c.removal) + 1
		}
		if !c.gone {
			puts = append(puts, c)
			size += len(c.value) + 1
		}
	}
	slices.SortFunc(puts, func(a, b *change) int { return cmp.Compare(a.added, b.added) })
	slices.SortFunc(removals, func(a, b *change) int { return cmp.Compare(a.removed, b.removed) })
	const fixed = 2 * (len(`{"t":"ev","c":,"f":,"s":,"k":"","v":[]},`) + 3*20 + 20)
	events = make([]byte, 0, size+fixed)
	from := after
	if len(removals) > 0 {
		until := l.head
		if len(puts) > 0 {
			until-- // two messages stand for at least two events
		}
		events = l.encode(events, number, from, until, removals[0].removalKind, removals, func(c *change) []byte { return c.removal })
		from = until
		n++
	}
	if len(puts) > 0 {
		if n > 0 {
			events = append(events, ',')
		}
		events = l.encode(events, number, from, l.head, puts[0].kind, puts, func(c *change) []byte { return c.value })
		n++
	}
	l.meter.change(cap(events) - cap(l.cache[l.turn].events))
	l.cache[l.turn] = reading{after: after, head: l.head, events: events, n: n}
	l.turn = (l.turn + 1) % cachedReads
	return events, n, l.head, true
}

func (l *latest) encode(dst []byte, number, from, until uint64, kind string, changes []*change, value func(*change) []byte) []byte {
	dst = append(dst, `{"t":"ev","c":`...)
	dst = strconv.AppendUint(dst, number, 10)
	if from+1 != until {
		dst = append(dst, `,"f":`...)
		dst = strconv.AppendUint(dst, from, 10)
	}
	dst = append(dst, `,"s":`...)
	dst = strconv.AppendUint(dst, until, 10)
	dst = append(dst, `,"k":"`...)
	dst = append(dst, kind...)
	dst = append(dst, `","v":`...)
	if !l.list {
		dst = append(dst, value(changes[len(changes)-1])...)
		return append(dst, '}')
	}
	for i, c := range changes {
		if i == 0 {
			dst = append(dst, '[')
		} else {
			dst = append(dst, ',')
		}
		dst = append(dst, value(c)...)
	}
	return append(dst, `]}`...)
}

func (l *latest) reaches(after uint64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return after <= l.head && after >= l.floor
}

func (l *latest) lastOffset() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.head
}
