package outbound

import "github.com/livec-lang/livec/limits"

const (
	// reserve is how many bytes a client may have unsent although the memory for all queues is used.
	reserve = 64 << 10
	// largeFrame is how many bytes a frame in flight has at least if it is counted: few frames are large, and counting takes time.
	largeFrame = 4 << 10
)

// filled reports whether too many bytes of replies wait: for this client, or for all of them and this one has its part in it.
func (q *Queue) filled() bool {
	if q.full.Load() {
		return true
	}
	g := q.config.Govern
	return g != nil && q.much.Load() && !g.Account(limits.MaxQueueMemory).Has(q.caller, 0)
}

// tell counts the bound for which a client waits.
func (q *Queue) tell() {
	switch {
	case q.full.Load():
		q.reached(limits.MaxUnsent)
	case q.filled():
		if q.config.Govern.Account(limits.MaxQueueMemory).Full() {
			q.reached(limits.MaxQueueMemory)
		} else {
			q.reached(limits.MaxQueueMemoryPerCaller)
		}
	default:
		q.reached(limits.MaxPending)
	}
}

func (q *Queue) reached(id limits.ID) {
	if g := q.config.Govern; g != nil {
		g.Reached(id)
	}
}

// charge counts bytes more for this queue. It needs the lock.
func (q *Queue) charge(bytes int) {
	g := q.config.Govern
	if g != nil && bytes != 0 {
		g.Account(limits.MaxQueueMemory).Add(int64(bytes))
	}
	much := q.queued+q.flying > reserve
	if much != q.much.Load() {
		q.much.Store(much)
	}
	held := 0
	if much { // counting little would cost more than it is
		held = q.queued + q.flying
	}
	if g != nil && held != q.held {
		g.Account(limits.MaxQueueMemory).Hold(q.caller, int64(held-q.held))
	}
	q.held = held
}

// fly counts the frame in flight, which has a number of bytes; 0 for none. It needs the lock.
func (q *Queue) fly(bytes int) {
	if bytes >= largeFrame || q.flying != 0 { // most frames are small, as are those before them
		q.flyLarge(bytes)
	}
}

func (q *Queue) flyLarge(bytes int) {
	if bytes < largeFrame {
		bytes = 0
	}
	more := bytes - q.flying
	q.flying = bytes
	q.charge(more)
	if more < 0 {
		q.capacity.Broadcast()
	}
}
