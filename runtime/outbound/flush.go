package outbound

import (
	"github.com/livec-lang/livec/runtime/topic"
	"github.com/livec-lang/livec/runtime/wire"
)

// kick starts a frame if there is something to send and none is in flight. It needs the lock and releases it.
func (q *Queue) kick() {
	if q.busy || q.closed {
		q.mu.Unlock()
		return
	}
	f, lost := q.next()
	if f == nil {
		q.mu.Unlock()
		return
	}
	q.start(f, lost)
}

// start sends a frame while none is in flight. It needs the lock and releases it.
func (q *Queue) start(f *frame, lost []*topic.Topic) {
	q.busy, q.inflight = true, f
	q.fly(len(f.buf))
	q.mu.Unlock()
	q.report(lost)
	q.config.Stats.frame(f)
	if err := q.transport.Start(f.bytes()); err != nil {
		q.Gone()
	}
}

// next takes the next frame: replies first, then events of the ready readers, up to the size of a frame. It needs the lock. lost are
// the topics whose log no longer has the next event of their reader.
func (q *Queue) next() (f *frame, lost []*topic.Topic) {
	if len(q.frames) > 0 {
		f = q.frames[0]
		q.frames[0] = nil
		if len(q.frames) == 1 {
			q.frames = q.frames[:0] // keeps the array
		} else {
			q.frames = q.frames[1:]
		}
		q.resize(f.n - len(f.buf))
		q.capacity.Broadcast()
		if q.single || len(q.frames) > 0 {
			return f, nil // events never overtake the data that they apply to
		}
	}
	for len(q.ready) > 0 && !q.hold.on {
		if f == nil {
			f = newFrame()
		}
		limit := q.config.MaxFrame - len(f.buf)
		if f.n > 0 && (limit <= 0 || q.single) {
			return f, lost
		}
		if q.single {
			limit = 0
		}
		r := q.ready[0]
		if !r.runs() {
			q.unready()
			continue
		}
		events, n, last, ok := r.topic.Read(r.offset, limit)
		switch {
		case !ok:
			f.add(wire.AppendResync(nil, r.topic.Number()), 1)
			r.lost = true
			q.lost++
			lost = append(lost, r.topic)
		case last > r.offset:
			if f.n > 0 && len(events) > limit {
				return f, lost // a large event has a frame of its own
			}
			f.add(events, n)
			f.events += n
			r.offset = last
			continue
		}
		q.unready()
	}
	if len(q.ready) == 0 {
		q.ready = nil
	}
	if f != nil && f.n == 0 {
		f.free()
		f = nil
	}
	return f, lost
}

// unready takes the first of the ready readers from the list. It needs the lock.
func (q *Queue) unready() {
	q.ready[0].ready = false
	q.ready[0] = nil
	q.ready = q.ready[1:]
}

// report calls onLost for lost readers, or closes a client that was lost too often. It must be called without the lock.
func (q *Queue) report(lost []*topic.Topic) {
	if len(lost) == 0 {
		return
	}
	q.config.Stats.Resyncs.Add(uint64(len(lost)))
	q.mu.Lock()
	q.losses++
	behind := q.losses > q.config.MaxLosses
	q.mu.Unlock()
	if behind {
		q.config.Stats.Behind.Add(1)
		q.Close(wire.CloseBehind, "This client was too slow to read its data")
		return
	}
	for _, t := range lost {
		q.onLost(t)
	}
}

// Sent is called by the transport when a frame has been sent. It sends what has been queued meanwhile: up to limit frames by Write, then
// the next one by Start. A limit of 0 means none.
func (q *Queue) Sent(limit int) {
	q.mu.Lock()
	if q.inflight != nil {
		q.inflight.free()
		q.inflight = nil
	}
	q.fly(0)
	for n := 0; ; n++ {
		if q.closed {
			q.mu.Unlock()
			return
		}
		if limit > 0 && n == limit {
			q.busy = false
			q.settle()
			return
		}
		f, lost := q.next()
		if f == nil {
			q.busy = false
			if q.lost == 0 {
				q.losses = 0
			}
			if q.finish != nil && q.pending.Load() <= 0 {
				q.end(q.finish.code, q.finish.reason)
				return
			}
			q.mu.Unlock()
			q.report(lost)
			return
		}
		q.fly(len(f.buf))
		q.mu.Unlock()
		q.report(lost)
		q.config.Stats.frame(f)
		err := q.transport.Write(f.bytes())
		f.free()
		if err != nil {
			q.Gone()
			return
		}
		q.mu.Lock()
		q.fly(0)
	}
}
