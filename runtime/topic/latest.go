package topic

import (
	"cmp"
	"slices"
	"strconv"
	"sync"
)

// latest is the retained events of a topic in which only the newest of each key counts: one for each key, so that whoever is behind is sent no more than there is now, and memory is bounded by the number of
// keys. Those that take a key away are kept for a while, for the sake of readers that have it.
type latest struct {
	mu          sync.Mutex
	list        bool // events carry lists of entries
	head        uint64
	floor       uint64 // readers from here on can be told what they missed
	changes     map[string]*change
	first, last *change // by seq
	gone        int     // of changes: those that take a key away
	cache       [cachedReads]reading
	turn        int
}

// change is what has last happened to a key.
type change struct {
	key        string
	seq        uint64
	born       uint64 // when the key came, after it was last gone
	left       uint64 // when it was last gone; 0 for never
	kind       string
	value      []byte
	gone       bool
	takeout    []byte // the value of the event at left
	outKind    string
	prev, next *change
}

// reading is events that were encoded for a reader; most of those that follow a topic read the same.
type reading struct {
	after, head uint64
	events      []byte
	n           int
}

const (
	cachedReads = 4
	minGone     = 64 // keys that are gone are remembered: this many, or as many as there are others
)

// put adds an event of a key. gone tells that it takes the key away.
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
		l.gone++
	} else {
		l.unlink(c)
	}
	switch {
	case gone:
		if !c.gone {
			l.gone++
		}
		c.left, c.outKind, c.takeout = l.head, kind, value
		c.kind, c.value = "", nil
	case c.gone:
		l.gone--
		c.born = l.head
		c.kind, c.value = kind, value
	default:
		c.kind, c.value = kind, value
	}
	c.gone, c.seq = gone, l.head
	l.link(c)
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

// forget drops keys that are long gone, now and then, so that its cost is constant on average.
func (l *latest) forget() {
	living := len(l.changes) - l.gone
	if l.gone <= 2*max(minGone, living) {
		return
	}
	for c := l.first; c != nil && l.gone > max(minGone, living); {
		next := c.next
		if c.gone {
			l.floor = max(l.floor, c.seq)
			l.unlink(c)
			delete(l.changes, c.key)
			l.gone--
		}
		c = next
	}
}

// reset makes the next reading of every reader a lost place.
func (l *latest) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.head++
	l.floor = l.head
	l.changes, l.first, l.last, l.gone = nil, nil, nil, 0
	l.cache = [cachedReads]reading{}
}

// read gives what a reader at a sequence has missed: at most one message of keys that are gone and, behind it, one of keys with their newest values, in the order in which they came.
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
	var puts, outs []*change
	size := 0
	for c := l.last; c != nil && c.seq > after; c = c.prev {
		if c.left > after {
			outs = append(outs, c)
			size += len(c.takeout) + 1
		}
		if !c.gone {
			puts = append(puts, c)
			size += len(c.value) + 1
		}
	}
	slices.SortFunc(puts, func(a, b *change) int { return cmp.Compare(a.born, b.born) })
	slices.SortFunc(outs, func(a, b *change) int { return cmp.Compare(a.left, b.left) })
	const fixed = 2 * (len(`{"t":"ev","c":,"f":,"s":,"k":"","v":[]},`) + 3*20 + 20)
	events = make([]byte, 0, size+fixed)
	from := after
	if len(outs) > 0 {
		until := l.head
		if len(puts) > 0 {
			until-- // two messages stand for at least two events
		}
		events = l.encode(events, number, from, until, outs[0].outKind, outs, func(c *change) []byte { return c.takeout })
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

func (l *latest) lastSeq() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.head
}
