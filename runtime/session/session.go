package session

import (
	"bytes"
	"sync"
	"sync/atomic"

	"github.com/livec-lang/livec/runtime/topic"
	"github.com/livec-lang/livec/runtime/wire"
)

// Transport carries frames to one client.
type Transport interface {
	// Start sends a frame while none is on its way and returns at once. When the frame is out the transport calls Sent of the session.
	Start(frame []byte) error

	// Write sends a frame and returns when it is out. It is called from Sent only.
	Write(frame []byte) error

	// Close ends the connection with a close code, behind a frame that is on its way.
	Close(code int, reason string)

	// Cut ends the connection at once.
	Cut()
}

// Config is what sessions of a server have in common.
type Config struct {
	MaxFrame   int // bytes; a message that is larger has a frame of its own
	MaxQueue   int // bytes of replies that wait before Room blocks
	MaxPending int // unanswered calls before Room blocks
	MaxLosses  int // times a session may lose its place in topics without once catching up before it is closed
	Stats      *Stats
}

// Session is what one client is sent. Its methods may be called from any goroutine.
type Session struct {
	config    *Config
	transport Transport
	single    bool                 // every message is a frame of its own
	lost      func(t *topic.Topic) // told that the session lost its place in a topic; must not block

	pending atomic.Int64 // calls that are not answered
	full    atomic.Bool  // queued is above its bound; changed under the lock

	mu       sync.Mutex
	room     sync.Cond // the queue or the pending calls have become fewer, or the session closed
	queue    []*frame  // replies, oldest first
	queued   int       // bytes in queue
	cursors  map[*topic.Topic]*Cursor
	news     []*Cursor // with events to send
	away     int       // cursors that have lost their place
	losses   int       // since the session last had caught up: all was out, and no place lost
	hold     hold      // of all events and offers
	offers   [][]byte  // kept back, oldest first; part of queued
	inflight *frame
	busy     bool // a frame is on its way
	finish   *closing
	closed   bool
}

type closing struct {
	code   int
	reason string
}

// New makes a session over a transport. lost is told when events of a topic were skipped for this client, which was sent resync for it: it must be given the topic's data anew and its place by
// Follow.
func New(config *Config, transport Transport, lost func(*topic.Topic)) *Session {
	s := &Session{config: config, transport: transport, lost: lost}
	s.room.L = &s.mu
	return s
}

// Single has each message sent as a frame of its own, for transports that cannot carry arrays.
func (s *Session) Single() { s.single = true }

// Send queues a message, as JSON. It copies it.
func (s *Session) Send(message []byte) { s.send(message, 0) }

// Answer is Send for the answer to a call that Begin announced.
func (s *Session) Answer(message []byte) { s.send(message, 1) }

func (s *Session) send(message []byte, answers int) {
	s.mu.Lock()
	if answers > 0 {
		s.pending.Add(-1)
		s.room.Broadcast()
	}
	if s.closed || s.finish != nil && answers == 0 {
		s.mu.Unlock()
		return
	}
	if s.busy || len(s.queue) > 0 || len(s.news) > 0 {
		s.enqueue(message)
		s.kick()
		return
	}
	f := newFrame() // nothing else is to be sent
	f.add(message, 1)
	s.start(f, nil)
}

// Offer is Send for messages that nobody asked for; they wait while the session is on hold. A client that takes nothing for so
// long that too many wait is closed.
func (s *Session) Offer(message []byte) {
	s.mu.Lock()
	behind := !s.closed && s.queued > maxOffered*s.config.MaxQueue
	s.mu.Unlock()
	if behind {
		s.config.Stats.Behind.Add(1)
		s.Close(wire.CloseBehind, "This client stayed behind")
		return
	}
	if !s.keep(message) {
		s.Send(message)
	}
}

// keep keeps an offer back while the session is on hold, and tells whether it is.
func (s *Session) keep(message []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.hold.on {
		return false
	}
	if !s.closed && s.finish == nil {
		s.offers = append(s.offers, bytes.Clone(message))
		s.weigh(len(message))
	}
	return true
}

// maxOffered times Config.MaxQueue is what may wait in all.
const maxOffered = 4

// Begin announces a call that will be answered by Answer.
func (s *Session) Begin() { s.pending.Add(1) }

// Room blocks while the client has too much to take in: replies that wait or calls that run. Whoever reads from the client waits here, so that it is slowed down and nothing is dropped.
func (s *Session) Room() {
	if !s.crowded() {
		return
	}
	s.mu.Lock()
	for !s.closed && s.crowded() {
		s.room.Wait()
	}
	s.mu.Unlock()
}

func (s *Session) crowded() bool {
	return s.full.Load() || s.pending.Load() >= int64(s.config.MaxPending)
}

// weigh changes the number of bytes in the queue. It needs the lock.
func (s *Session) weigh(bytes int) {
	s.queued += bytes
	if full := s.queued > s.config.MaxQueue; full != s.full.Load() {
		s.full.Store(full)
	}
}

// enqueue needs the lock.
func (s *Session) enqueue(message []byte) {
	s.weigh(len(message))
	if n := len(s.queue); n > 0 && !s.single {
		last := s.queue[n-1]
		if len(last.buf)+len(message) < s.config.MaxFrame {
			last.add(message, 1)
			return
		}
	}
	f := newFrame()
	f.add(message, 1)
	s.queue = append(s.queue, f)
}

// kick starts a frame if there is something to send and none is on its way. It needs the lock and gives it up.
func (s *Session) kick() {
	if s.busy || s.closed {
		s.mu.Unlock()
		return
	}
	f, lost := s.next()
	if f == nil {
		s.mu.Unlock()
		return
	}
	s.start(f, lost)
}

// start sends a frame while none is on its way. It needs the lock and gives it up.
func (s *Session) start(f *frame, lost []*topic.Topic) {
	s.busy, s.inflight = true, f
	s.mu.Unlock()
	s.report(lost)
	s.config.Stats.frame(f)
	if err := s.transport.Start(f.bytes()); err != nil {
		s.Gone()
	}
}

// next takes the next frame: queued replies, then events of the topics that have news, up to the size of a frame. It needs the lock. lost are the topics in which the session has lost its place.
func (s *Session) next() (f *frame, lost []*topic.Topic) {
	if len(s.queue) > 0 {
		f = s.queue[0]
		s.queue[0] = nil
		if len(s.queue) == 1 {
			s.queue = s.queue[:0] // the place for the next one
		} else {
			s.queue = s.queue[1:]
		}
		s.weigh(f.n - len(f.buf))
		s.room.Broadcast()
		if s.single || len(s.queue) > 0 {
			return f, nil // events never overtake the data that they follow on
		}
	}
	for len(s.news) > 0 && !s.hold.on {
		if f == nil {
			f = newFrame()
		}
		limit := s.config.MaxFrame - len(f.buf)
		if f.n > 0 && (limit <= 0 || s.single) {
			return f, lost
		}
		if s.single {
			limit = 0
		}
		c := s.news[0]
		if !c.runs() {
			s.forget()
			continue
		}
		events, n, last, ok := c.topic.Read(c.seq, limit)
		switch {
		case !ok:
			f.add(wire.AppendResync(nil, c.topic.Number()), 1)
			c.away = true
			s.away++
			lost = append(lost, c.topic)
		case last > c.seq:
			if f.n > 0 && len(events) > limit {
				return f, lost // a large event has a frame of its own
			}
			f.add(events, n)
			f.events += n
			c.seq = last
			continue
		}
		s.forget()
	}
	if len(s.news) == 0 {
		s.news = nil
	}
	if f != nil && f.n == 0 {
		f.free()
		f = nil
	}
	return f, lost
}

// forget takes the first cursor from those with news. It needs the lock.
func (s *Session) forget() {
	s.news[0].news = false
	s.news[0] = nil
	s.news = s.news[1:]
}

// report tells of lost places. It must be called without the lock.
func (s *Session) report(lost []*topic.Topic) {
	if len(lost) == 0 {
		return
	}
	s.config.Stats.Resyncs.Add(uint64(len(lost)))
	s.mu.Lock()
	s.losses++
	behind := s.losses > s.config.MaxLosses
	s.mu.Unlock()
	if behind {
		s.config.Stats.Behind.Add(1)
		s.Close(wire.CloseBehind, "This client stayed behind")
		return
	}
	for _, t := range lost {
		s.lost(t)
	}
}

// Sent is called by the transport when a frame is out. It sends what has come up meanwhile, at most limit frames before it goes through Start again; 0 is without limit.
func (s *Session) Sent(limit int) {
	s.mu.Lock()
	if s.inflight != nil {
		s.inflight.free()
		s.inflight = nil
	}
	for n := 0; ; n++ {
		if s.closed {
			s.mu.Unlock()
			return
		}
		if limit > 0 && n == limit {
			s.busy = false
			s.settle()
			return
		}
		f, lost := s.next()
		if f == nil {
			s.busy = false
			if s.away == 0 {
				s.losses = 0
			}
			if s.finish != nil && s.pending.Load() <= 0 {
				s.end(s.finish.code, s.finish.reason)
				return
			}
			s.mu.Unlock()
			s.report(lost)
			return
		}
		s.mu.Unlock()
		s.report(lost)
		s.config.Stats.frame(f)
		err := s.transport.Write(f.bytes())
		f.free()
		if err != nil {
			s.Gone()
			return
		}
		s.mu.Lock()
	}
}

// Finish sends what waits and the answers to the calls that run, and then closes with a code.
func (s *Session) Finish(code int, reason string) {
	s.mu.Lock()
	if s.closed || s.finish != nil {
		s.mu.Unlock()
		return
	}
	s.finish = &closing{code, reason}
	s.settle()
}

// settle closes a session that is to finish and has nothing left to send. It needs the lock and gives it up.
func (s *Session) settle() {
	if s.finish != nil && !s.busy && !s.closed && len(s.queue) == 0 && (len(s.news) == 0 || s.hold.on) && s.pending.Load() <= 0 {
		s.end(s.finish.code, s.finish.reason)
		return
	}
	s.kick()
}

// Close drops what waits and closes with a code.
func (s *Session) Close(code int, reason string) {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return
	}
	s.end(code, reason)
}

// end needs the lock and gives it up.
func (s *Session) end(code int, reason string) {
	s.drop()
	s.mu.Unlock()
	s.transport.Close(code, reason)
}

// Cut drops what waits and ends the connection at once, without a close code if need be.
func (s *Session) Cut() {
	s.Gone()
	s.transport.Cut()
}

// Gone says that the connection is down. Nothing is sent any more.
func (s *Session) Gone() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.drop()
	}
}

// drop needs the lock.
func (s *Session) drop() {
	s.closed = true
	s.queue, s.news, s.offers = nil, nil, nil
	s.weigh(-s.queued)
	s.room.Broadcast()
}

// Closed tells whether the session sends nothing any more.
func (s *Session) Closed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}
