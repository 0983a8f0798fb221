package outbound

import (
	"bytes"
	"sync"
	"sync/atomic"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/govern"
	"github.com/livec-lang/livec/runtime/topic"
	"github.com/livec-lang/livec/runtime/wire"
)

// Transport carries frames to one client.
type Transport interface {
	// Start sends a frame while none is in flight and returns at once. The transport calls Queue.Sent when the frame has been sent.
	Start(frame []byte) error

	// Write sends a frame and returns when it has been sent. It is called from Sent only.
	Write(frame []byte) error

	// Close ends the connection with a close code, after the frame in flight.
	Close(code int, reason string)

	// Cut ends the connection at once.
	Cut()
}

// Config is shared by the queues of a server.
type Config struct {
	MaxFrame   int // bytes; a larger message has a frame of its own
	MaxQueue   int // bytes of waiting replies from which AwaitCapacity blocks
	MaxPending int // unanswered calls from which AwaitCapacity blocks
	MaxHeld    int // bytes of waiting replies beyond which a client is closed; 0: unlimited
	MaxLosses  int // how often a client may need a resync before it has once caught up; then it is closed
	Stats      *Stats
	Govern     *govern.Governor // counts the memory of all queues; nil for none
}

// Queue is what one client is sent. Its methods may be called from any goroutine.
type Queue struct {
	config    *Config
	transport Transport
	single    bool                 // every message is a frame of its own
	caller    string               // for whom it counts; "" for nobody
	onLost    func(t *topic.Topic) // must not block

	pending atomic.Int64 // calls that are not answered
	full    atomic.Bool  // queued is above its bound; changed under the lock
	much    atomic.Bool  // queued and flying are above reserve; changed under the lock

	mu       sync.Mutex
	capacity sync.Cond // there is less to send or to answer, or the queue closed
	frames   []*frame  // replies, oldest first
	queued   int       // bytes in frames and offers
	flying   int       // bytes of the frame in flight, if it is large
	held     int       // bytes of both that count for the caller: all of them while there are many
	readers  map[*topic.Topic]*reader
	ready    []*reader // with events to send
	lost     int       // readers whose offset is no longer in the log
	losses   int       // since the client had last caught up: everything was sent, and no reader was lost
	hold     hold      // of all events and offers
	offers   [][]byte  // kept back, oldest first
	inflight *frame
	busy     bool // a frame is in flight
	finish   *closing
	closed   bool
}

type closing struct {
	code   int
	reason string
}

// New makes a queue over a transport. onLost is called after the log of a topic has dropped events that the client has not been
// sent. The client gets a resync message for that topic, and Follow must send it the topic's data anew. onLost must not block.
func New(config *Config, transport Transport, onLost func(*topic.Topic)) *Queue {
	q := &Queue{config: config, transport: transport, onLost: onLost}
	q.capacity.L = &q.mu
	return q
}

// Single sends each message in a frame of its own, for transports that cannot carry arrays.
func (q *Queue) Single() { q.single = true }

// For has what waits to be sent count for a caller; see store.Turn. It is called before anything is sent.
func (q *Queue) For(caller string) { q.caller = caller }

// Send queues a copy of a message, which is JSON.
func (q *Queue) Send(message []byte) { q.send(message, 0) }

// Answer is Send for the answer to a call that Begin announced.
func (q *Queue) Answer(message []byte) { q.send(message, 1) }

func (q *Queue) send(message []byte, answers int) {
	q.mu.Lock()
	if answers > 0 {
		q.pending.Add(-1)
		q.capacity.Broadcast()
	}
	if q.closed || q.finish != nil && answers == 0 {
		q.mu.Unlock()
		return
	}
	if most := q.config.MaxHeld; most > 0 && q.queued > 0 && q.queued+len(message) > most {
		q.config.Stats.Behind.Add(1)
		q.reached(limits.MaxUnsent)
		q.end(wire.CloseBehind, "This client was too slow to read its data")
		return
	}
	if q.busy || len(q.frames) > 0 || len(q.ready) > 0 {
		q.enqueue(message)
		q.kick()
		return
	}
	f := newFrame() // nothing else is to be sent
	f.add(message, 1)
	q.start(f, nil)
}

// Offer is Send for messages that the client did not ask for. They wait while the queue is on hold. A client that reads too
// slowly for them is closed.
func (q *Queue) Offer(message []byte) {
	q.mu.Lock()
	behind := !q.closed && q.queued > maxOffered*q.config.MaxQueue
	q.mu.Unlock()
	if behind {
		q.config.Stats.Behind.Add(1)
		q.reached(limits.MaxUnsent)
		q.Close(wire.CloseBehind, "This client was too slow to read its data")
		return
	}
	if !q.keep(message) {
		q.Send(message)
	}
}

// keep keeps an offer back while the queue is on hold, and reports whether it is.
func (q *Queue) keep(message []byte) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.hold.on {
		return false
	}
	if !q.closed && q.finish == nil {
		q.offers = append(q.offers, bytes.Clone(message))
		q.resize(len(message))
	}
	return true
}

// maxOffered times Config.MaxQueue is how many bytes may wait before an offer closes the client.
const maxOffered = 4

// Begin announces a call that will be answered by Answer.
func (q *Queue) Begin() { q.pending.Add(1) }

// AwaitCapacity blocks while too many replies wait or too many calls run. The goroutine that reads from the client waits here: that
// slows the client down, and nothing is dropped.
func (q *Queue) AwaitCapacity() { q.await(q.crowded) }

// await blocks as long as something is the case.
func (q *Queue) await(crowded func() bool) {
	if !crowded() {
		return
	}
	q.tell()
	q.mu.Lock()
	for !q.closed && crowded() {
		q.capacity.Wait()
	}
	q.mu.Unlock()
}

func (q *Queue) crowded() bool {
	return q.pending.Load() >= int64(q.config.MaxPending) || q.filled()
}

// AwaitRoom is AwaitCapacity for calls that Begin has announced: it blocks only while too many replies wait.
func (q *Queue) AwaitRoom() { q.await(q.filled) }

// resize changes the number of queued bytes. It needs the lock.
func (q *Queue) resize(bytes int) {
	q.queued += bytes
	q.charge(bytes)
	if full := q.queued > q.config.MaxQueue; full != q.full.Load() {
		q.full.Store(full)
	}
}

// enqueue adds a message to the last frame that waits, or to a new one. It needs the lock.
func (q *Queue) enqueue(message []byte) {
	q.resize(len(message))
	if n := len(q.frames); n > 0 && !q.single {
		last := q.frames[n-1]
		if len(last.buf)+len(message) < q.config.MaxFrame {
			last.add(message, 1)
			return
		}
	}
	f := newFrame()
	f.add(message, 1)
	q.frames = append(q.frames, f)
}

// Finish sends what waits and the answers to the calls that run, and then closes with a close code.
func (q *Queue) Finish(code int, reason string) {
	q.mu.Lock()
	if q.closed || q.finish != nil {
		q.mu.Unlock()
		return
	}
	q.finish = &closing{code, reason}
	q.settle()
}

// settle closes a queue that is to finish and has nothing left to send. It needs the lock and releases it.
func (q *Queue) settle() {
	if q.finish != nil && !q.busy && !q.closed && len(q.frames) == 0 && (len(q.ready) == 0 || q.hold.on) && q.pending.Load() <= 0 {
		q.end(q.finish.code, q.finish.reason)
		return
	}
	q.kick()
}

// Close drops what waits and closes with a close code.
func (q *Queue) Close(code int, reason string) {
	q.mu.Lock()
	if q.closed {
		q.mu.Unlock()
		return
	}
	q.end(code, reason)
}

// end drops what waits and closes. It needs the lock and releases it.
func (q *Queue) end(code int, reason string) {
	q.drop()
	q.mu.Unlock()
	q.transport.Close(code, reason)
}

// Cut drops what waits and ends the connection at once. The client may get no close code.
func (q *Queue) Cut() {
	q.Gone()
	q.transport.Cut()
}

// Gone reports that the connection is down. Nothing more is sent.
func (q *Queue) Gone() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.closed {
		q.drop()
	}
}

// drop drops what waits. It needs the lock.
func (q *Queue) drop() {
	q.closed = true
	q.frames, q.ready, q.offers = nil, nil, nil
	q.resize(-q.queued)
	q.fly(0)
	q.capacity.Broadcast()
}

// Closed reports whether nothing more is sent.
func (q *Queue) Closed() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.closed
}
