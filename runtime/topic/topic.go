package topic

import (
	"strconv"
	"sync"
	"sync/atomic"
)

// Topic is a numbered log of events, and its followers. Its number and epoch never change; the offset grows by one with each event.
type Topic struct {
	number uint64
	epoch  string
	hub    *Hub
	log    log
	latest *latest // used instead of log where only the newest event of each key counts
	shard  *shard
	queued atomic.Bool // is in the queue of its shard
	pace   *pace       // nil: followers are woken at once

	mu        sync.RWMutex
	followers []Follower
	index     map[Follower]int // in followers
}

// Follower is woken when a topic has new events. Wake must not block, and may be called without new events.
type Follower interface{ Wake() }

// Number names the topic in events; no other topic of the process has it.
func (t *Topic) Number() uint64 { return t.number }

// Epoch names this life of the topic: offsets of different epochs are unrelated.
func (t *Topic) Epoch() string { return t.epoch }

// Head is the offset of the last event.
func (t *Topic) Head() uint64 {
	if t.latest != nil {
		return t.latest.lastOffset()
	}
	return t.log.last()
}

// Room is how many bytes of events can be added before older ones are dropped. It is for topics with a log.
func (t *Topic) Room() int { return t.log.room() }

// Append adds an event of a kind, with its value as JSON, and wakes the followers. It returns the event's offset.
func (t *Topic) Append(kind string, value []byte) uint64 { return t.append(kind, value, "") }

// AppendMore is Append for an event that also changes whether there are further pages.
func (t *Topic) AppendMore(kind string, value []byte, more bool) uint64 {
	return t.append(kind, value, `,"more":`+strconv.FormatBool(more))
}

func (t *Topic) append(kind string, value []byte, tail string) uint64 {
	const fixed = len(`{"t":"ev","c":,"s":,"k":"","v":}`) + 2*20
	offset := t.log.append(fixed+len(kind)+len(value)+len(tail), func(dst []byte, offset uint64) []byte {
		dst = append(dst, `{"t":"ev","c":`...)
		dst = strconv.AppendUint(dst, t.number, 10)
		dst = append(dst, `,"s":`...)
		dst = strconv.AppendUint(dst, offset, 10)
		dst = append(dst, `,"k":"`...)
		dst = append(dst, kind...)
		dst = append(dst, `","v":`...)
		dst = append(dst, value...)
		dst = append(dst, tail...)
		return append(dst, '}')
	})
	t.wake()
	return offset
}

// Put is Append for a topic of NewLatest: the event replaces the one before it of the same key. Of events that a reader has not read yet
// only the newest remains.
func (t *Topic) Put(key, kind string, value []byte) uint64 {
	offset := t.latest.put(key, kind, value, false)
	t.wake()
	return offset
}

// Remove is Put for an event that removes the key.
func (t *Topic) Remove(key, kind string, value []byte) uint64 {
	offset := t.latest.put(key, kind, value, true)
	t.wake()
	return offset
}

// Reset makes all readers of a topic of NewLatest get the data anew.
func (t *Topic) Reset() {
	t.latest.reset()
	t.wake()
}

// Lose drops all events of a topic with a log, so that all who follow it get the data anew. It may be called after Close.
func (t *Topic) Lose() {
	t.log.lose()
	t.wake()
}

// wake wakes the followers, now or when their pace allows it.
func (t *Topic) wake() {
	t.hub.appended.Add(1)
	if t.pace == nil || t.pace.allow(t) {
		t.push()
	}
}

func (t *Topic) push() {
	if !t.queued.Swap(true) {
		t.shard.push(t)
	}
}

// Read returns the events after an offset as n JSON messages with commas between: as many as fit into limit bytes, but at least one if
// there is any. last is the offset of the last one. ok is false if the log does not reach back that far. The bytes must not be changed.
func (t *Topic) Read(after uint64, limit int) (events []byte, n int, last uint64, ok bool) {
	if t.latest != nil {
		return t.latest.read(t.number, after)
	}
	events, last, ok = t.log.read(after, limit)
	return events, int(last - after), last, ok
}

// Reaches reports whether a follower at this epoch and offset can read what it has missed.
func (t *Topic) Reaches(epoch string, offset uint64) bool {
	if epoch != t.epoch {
		return false
	}
	if t.latest != nil {
		return t.latest.reaches(offset)
	}
	return t.log.reaches(offset)
}

// Follow wakes f when there are new events, until Unfollow.
func (t *Topic) Follow(f Follower) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, ok := t.index[f]; ok {
		return
	}
	if t.index == nil {
		t.index = map[Follower]int{}
	}
	t.index[f] = len(t.followers)
	t.followers = append(t.followers, f)
}

// Unfollow ends Follow. When it returns, f is not being woken.
func (t *Topic) Unfollow(f Follower) {
	t.mu.Lock()
	defer t.mu.Unlock()
	i, ok := t.index[f]
	if !ok {
		return
	}
	delete(t.index, f)
	last := len(t.followers) - 1
	if i != last {
		t.followers[i] = t.followers[last]
		t.index[t.followers[i]] = i
	}
	t.followers[last] = nil
	t.followers = t.followers[:last]
}

// Followers is the number of followers.
func (t *Topic) Followers() int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return len(t.followers)
}

func (t *Topic) notify() {
	t.queued.Store(false)
	t.mu.RLock()
	defer t.mu.RUnlock()
	for _, f := range t.followers {
		f.Wake()
	}
}
