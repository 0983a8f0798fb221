package topic

import (
	"sort"
	"sync"
)

// Segments grow from the first to the last size, so that a quiet topic stays small.
const (
	firstSegment = 1 << 10
	lastSegment  = 64 << 10
)

// log is the retained events of a topic. The bytes of an event never change once it is appended: segments are dropped, not reused, so a
// slice of one may be read without the lock.
type log struct {
	mu       sync.Mutex
	segments []*segment
	bytes    int    // in all segments
	limit    int    // of bytes; the newest segment always stays
	events   uint64 // that stay at least
	head     uint64
	meter    meter
}

// segment is consecutive events, each followed by a comma.
type segment struct {
	first uint64 // offset of its first event
	buf   []byte
	ends  []uint32 // index in buf after the comma of each event
}

// append adds an event, which encode appends to a segment, and returns its offset.
func (l *log) append(size int, encode func(dst []byte, offset uint64) []byte) uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.head++
	seg := l.segment(size + 1)
	before := len(seg.buf)
	seg.buf = append(encode(seg.buf, l.head), ',')
	seg.ends = append(seg.ends, uint32(len(seg.buf)))
	l.meter.change(endSize)
	l.bytes += len(seg.buf) - before
	for len(l.segments) > 1 && l.bytes-len(l.segments[0].buf) >= l.limit && l.head+1-l.segments[1].first >= l.events {
		l.bytes -= len(l.segments[0].buf)
		l.meter.change(-l.segments[0].size())
		l.segments[0] = nil
		l.segments = l.segments[1:]
	}
	return l.head
}

// segment returns a segment with space for size bytes.
func (l *log) segment(size int) *segment {
	capacity := firstSegment
	if n := len(l.segments); n > 0 {
		last := l.segments[n-1]
		if cap(last.buf)-len(last.buf) >= size {
			return last
		}
		capacity = min(2*cap(last.buf), lastSegment)
	}
	seg := &segment{first: l.head, buf: make([]byte, 0, max(capacity, size))}
	l.segments = append(l.segments, seg)
	l.meter.change(seg.size())
	return seg
}

// endSize is what an event takes in a segment besides its bytes: its end, and spare capacity for others.
const endSize = 8

// size is the memory of a segment in bytes.
func (s *segment) size() int { return cap(s.buf) + endSize*len(s.ends) }

// room is how many bytes of events can be added before older ones are dropped.
func (l *log) room() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return max(0, l.limit-l.bytes)
}

func (l *log) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.meter.close()
}

// read returns the events after an offset, separated by commas: as many as fit into limit bytes, but at least one if there is any, and
// all from one segment. ok is false if the log no longer reaches back that far.
func (l *log) read(after uint64, limit int) (events []byte, last uint64, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if after >= l.head {
		return nil, after, after == l.head
	}
	want := after + 1
	if want < l.segments[0].first {
		return nil, after, false
	}
	i := sort.Search(len(l.segments), func(i int) bool { return l.segments[i].first > want }) - 1
	seg := l.segments[i]
	at := int(want - seg.first)
	start := uint32(0)
	if at > 0 {
		start = seg.ends[at-1]
	}
	n := sort.Search(len(seg.ends)-at, func(k int) bool { return int(seg.ends[at+k]-start)-1 > limit })
	n = max(n, 1)
	return seg.buf[start : seg.ends[at+n-1]-1], after + uint64(n), true
}

// reaches reports whether all events after an offset are retained.
func (l *log) reaches(after uint64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return after == l.head || after < l.head && after+1 >= l.segments[0].first
}

// lose drops all events, as if there had been one more that nobody can read.
func (l *log) lose() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range l.segments {
		l.meter.change(-s.size())
	}
	l.head++
	l.bytes = 0
	l.segments = append(l.segments[:0], &segment{first: l.head + 1})
	l.meter.change(l.segments[0].size())
}

func (l *log) last() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.head
}
