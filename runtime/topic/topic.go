package topic

import (
	"strconv"
	"sync"
	"sync/atomic"
)

// Topic is one numbered log of events and those who follow it. Its number and epoch never change; its sequence grows by one with each event.
type Topic struct {
	number uint64
	epoch  string
	hub    *Hub
	log    log
	latest *latest // in the place of log, where only the newest event of each key counts
	shard  *shard
	queued atomic.Bool // waits in its shard for its followers to be told
	pace   *pace       // nil: followers are told at once

	mu        sync.RWMutex
	followers []Follower
	place     map[Follower]int // index in followers
}

// Follower is told that a topic has news. Wake must not block and may be called without any.
type Follower interface{ Wake() }

// Number is what events name the topic by; no other topic of the process has it.
func (t *Topic) Number() uint64 { return t.number }

// Epoch names this life of the topic: sequences of different epochs are unrelated.
func (t *Topic) Epoch() string { return t.epoch }

// Head is the sequence of the last event.
func (t *Topic) Head() uint64 {
	if t.latest != nil {
		return t.latest.lastSeq()
	}
	return t.log.last()
}

// Append adds an event of a kind, with its value as JSON, and has the followers told. It gives the event's sequence.
func (t *Topic) Append(kind string, value []byte) uint64 {
	const fixed = len(`{"t":"ev","c":,"s":,"k":"","v":}`) + 2*20
	seq := t.log.append(fixed+len(kind)+len(value), func(dst []byte, seq uint64) []byte {
		dst = append(dst, `{"t":"ev","c":`...)
		dst = strconv.AppendUint(dst, t.number, 10)
		dst = append(dst, `,"s":`...)
		dst = strconv.AppendUint(dst, seq, 10)
		dst = append(dst, `,"k":"`...)
		dst = append(dst, kind...)
		dst = append(dst, `","v":`...)
		dst = append(dst, value...)
		return append(dst, '}')
	})
	t.news()
	return seq
}

// Put is Append for a topic of NewLatest: the event of a key takes the place of the one before, and of what readers have not read yet only the newest remains.
func (t *Topic) Put(key, kind string, value []byte) uint64 {
	seq := t.latest.put(key, kind, value, false)
	t.news()
	return seq
}

// Take is Put for an event that takes the key away.
func (t *Topic) Take(key, kind string, value []byte) uint64 {
	seq := t.latest.put(key, kind, value, true)
	t.news()
	return seq
}

// Reset has all readers of a topic of NewLatest lose their place, as of the sequence that it gives.
func (t *Topic) Reset() {
	t.latest.reset()
	t.news()
}

func (t *Topic) news() {
	t.hub.appended.Add(1)
	if t.pace == nil || t.pace.now(t) {
		t.push()
	}
}

func (t *Topic) push() {
	if !t.queued.Swap(true) {
		t.shard.push(t)
	}
}

// Read gives the events after a sequence as n JSON messages with commas between: as many as fit into limit bytes, at least one if there is any. last is the sequence of the last one. ok is
// false if what is retained does not reach back to it. The bytes must not be changed.
func (t *Topic) Read(after uint64, limit int) (events []byte, n int, last uint64, ok bool) {
	if t.latest != nil {
		return t.latest.read(t.number, after)
	}
	events, last, ok = t.log.read(after, limit)
	return events, int(last - after), last, ok
}

// Reaches tells whether what a follower at this epoch and sequence has missed can be read.
func (t *Topic) Reaches(epoch string, seq uint64) bool {
	if epoch != t.epoch {
		return false
	}
	if t.latest != nil {
		return t.latest.reaches(seq)
	}
	return t.log.reaches(seq)
}

// Follow has f told of news.
func (t *Topic) Follow(f Follower) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, ok := t.place[f]; ok {
		return
	}
	if t.place == nil {
		t.place = map[Follower]int{}
	}
	t.place[f] = len(t.followers)
	t.followers = append(t.followers, f)
}

// Unfollow ends Follow. When it returns, f is not being told.
func (t *Topic) Unfollow(f Follower) {
	t.mu.Lock()
	defer t.mu.Unlock()
	i, ok := t.place[f]
	if !ok {
		return
	}
	delete(t.place, f)
	last := len(t.followers) - 1
	if i != last {
		t.followers[i] = t.followers[last]
		t.place[t.followers[i]] = i
	}
	t.followers[last] = nil
	t.followers = t.followers[:last]
}

// Followers is how many follow the topic.
func (t *Topic) Followers() int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return len(t.followers)
}

func (t *Topic) tell() {
	t.queued.Store(false)
	t.mu.RLock()
	defer t.mu.RUnlock()
	for _, f := range t.followers {
		f.Wake()
	}
}
