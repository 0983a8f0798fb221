package outbound

import "github.com/livec-lang/livec/runtime/topic"

// reader reads one topic for a queue. The subscriptions of the queue to that topic share it, so each event is sent once.
type reader struct {
	queue   *Queue
	topic   *topic.Topic
	offset  uint64        // of the last event that was sent
	ready   bool          // is in queue.ready
	lost    bool          // its offset is no longer in the log; it waits for Follow
	subs    *Subscription // the subscriptions that share it, the latest first
	holding int           // how many of them are on hold
}

// Wake sends the events after the reader's offset. It is part of topic.Follower.
func (r *reader) Wake() {
	q := r.queue
	q.mu.Lock()
	if q.closed || r.ready || !r.runs() || r.topic.Head() <= r.offset {
		q.mu.Unlock()
		return
	}
	r.ready = true
	q.ready = append(q.ready, r)
	q.kick()
}

// runs reports whether events may be sent from the reader's offset. It needs the lock.
func (r *reader) runs() bool { return r.subs != nil && r.holding == 0 && !r.lost }

// skip moves the offset past the events that the data of every subscription already includes. It needs the lock.
func (r *reader) skip() {
	least := r.subs.offset
	for s := r.subs.next; s != nil; s = s.next {
		least = min(least, s.offset)
	}
	r.offset = max(r.offset, least)
}

// left runs without the lock after a subscription has left the reader. After the last one the reader ends; otherwise it sends the events
// that a hold of that subscription kept back. A nil reader is allowed.
func (r *reader) left(last bool) {
	switch {
	case r == nil:
	case last:
		r.topic.Unfollow(r)
	default:
		r.Wake()
	}
}
