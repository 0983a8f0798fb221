package topic

import (
	"crypto/rand"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/livec-lang/livec/runtime/clock"
)

// Hub makes topics and wakes their followers, on goroutines of its own: an append never waits for a follower. A topic with many new
// events wakes each follower once.
type Hub struct {
	epoch    string
	limit    int
	next     atomic.Uint64
	appended atomic.Uint64
	shards   []*shard
	wg       sync.WaitGroup
	waiting  atomic.Int64 // topics whose followers must be woken
}

// NewHub starts a hub whose topics keep limit bytes of events each.
func NewHub(limit int) *Hub {
	h := &Hub{epoch: rand.Text()[:10], limit: limit}
	for range max(1, runtime.GOMAXPROCS(0)) {
		s := &shard{waiting: &h.waiting}
		s.wake.L = &s.mu
		h.shards = append(h.shards, s)
		h.wg.Go(s.run)
	}
	return h
}

// Close ends the fan-out. Topics can still be read.
func (h *Hub) Close() {
	for _, s := range h.shards {
		s.close()
	}
	h.wg.Wait()
}

// New makes an empty topic.
func (h *Hub) New() *Topic { return h.NewLog(0) }

// NewLog is New for a topic that keeps at least the last events, however large they are.
func (h *Hub) NewLog(events int) *Topic {
	n := h.next.Add(1)
	return &Topic{
		number: n,
		epoch:  h.epoch + "." + strconv.FormatUint(n, 36),
		hub:    h,
		log:    log{limit: h.limit, events: uint64(max(events, 0))},
		shard:  h.shards[n%uint64(len(h.shards))],
	}
}

// NewLatest makes a topic in which only the newest event of each key counts. Its events carry the value of one key or, with list, a list
// of values. Its followers are woken at the first event, and then at most once in an interval, unless that is 0; they are always woken
// after the last event.
func (h *Hub) NewLatest(list bool, interval time.Duration, c clock.Clock) *Topic {
	t := h.New()
	t.latest = &latest{list: list}
	if interval > 0 {
		t.pace = &pace{interval: interval, clock: c}
	}
	return t
}

// Epoch is a prefix of the epoch of each topic. It differs after each start.
func (h *Hub) Epoch() string { return h.epoch }

// Appended is how many events were appended to all topics.
func (h *Hub) Appended() uint64 { return h.appended.Load() }

// Idle reports whether all followers have been woken for the events so far.
func (h *Hub) Idle() bool { return h.waiting.Load() == 0 }

// shard wakes the followers of its topics, one topic after the other.
type shard struct {
	mu      sync.Mutex
	wake    sync.Cond
	queue   []*Topic // whose followers must be woken
	closed  bool
	waiting *atomic.Int64
}

func (s *shard) push(t *Topic) {
	s.waiting.Add(1)
	s.mu.Lock()
	s.queue = append(s.queue, t)
	s.mu.Unlock()
	s.wake.Signal()
}

func (s *shard) close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.wake.Signal()
}

func (s *shard) run() {
	var batch []*Topic
	for {
		s.mu.Lock()
		for len(s.queue) == 0 && !s.closed {
			s.wake.Wait()
		}
		if len(s.queue) == 0 {
			s.mu.Unlock()
			return
		}
		batch, s.queue = s.queue, batch[:0]
		s.mu.Unlock()
		for i, t := range batch {
			batch[i] = nil
			t.notify()
			s.waiting.Add(-1)
		}
	}
}
