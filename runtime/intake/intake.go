// Package intake counts what clients have sent of messages and bodies that are not handled yet, as part of limits.MaxQueueMemory, and
// bounds how long they take to send the rest: limits.BodyWait for each 64 KiB. Where the memory does not suffice for more, those make room
// that have sent nothing for a while.
package intake

import (
	"container/list"
	"sync"
	"time"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/govern"
)

const (
	// partSize is how many bytes a client must send within limits.BodyWait.
	partSize = 64 << 10
	// patience is how long a client has sent no part when it makes room.
	patience = time.Second
	// roomWait is how long a client waits until others have made room.
	roomWait = 2 * time.Second
	// looked is how many of those are compared when one of them makes room.
	looked = 32
	// spread times limits.BodyWait is over which the ends of most messages are spread that are due at once: answering and closing a thousand
	// connections takes a tenth of a second, in which others would wait. All have ended after four times that.
	spread = 1. / 32
	// step is how often some of them end, and how often one asks again whether there is memory.
	step = 10 * time.Millisecond
)

// Intake counts for one server. Its methods may be called from any goroutine.
type Intake struct {
	govern *govern.Governor
	memory *govern.Account
	wait   time.Duration
	now    func() time.Time

	mu      sync.Mutex
	awaited list.List // of *Message; from the one whose part was awaited first
	leaving int64     // bytes of messages that had to make room and are not gone yet
	armed   bool      // a timer is set, or runs
}

// New starts counting.
func New(g *govern.Governor) *Intake {
	return &Intake{govern: g, memory: g.Account(limits.MaxQueueMemory), wait: g.Time(limits.BodyWait), now: time.Now}
}

// Message is what one client is sending: a message or a body, and what it has sent behind it. One goroutine at a time uses it.
type Message struct {
	in     *Intake
	caller string
	end    func(limits.ID)
	asked  bool // Await was called, and Whole was not since

	// The lock of the Intake guards what follows. Only the goroutine that uses the Message changes held.
	held    int64         // bytes that are counted
	at      *list.Element // nil if nothing is awaited
	since   time.Time     // when the part was awaited first
	part    int           // bytes of the part that have come
	ended   bool
	leaving int64 // bytes that it held when it had to make room
}

// Message starts counting for a client, and for a caller; see govern.Account.TakeFor. end must end what the client is sending, since that
// has run into a limit: MaxQueueMemory or BodyWait. It is called once at most, while something is awaited. It must not wait, and must not
// use the Message.
func (in *Intake) Message(caller string, end func(limits.ID)) *Message {
	return &Message{in: in, caller: caller, end: end}
}

// Await notes that the client must send more: it has its time, unless that runs already.
func (m *Message) Await() {
	if m.asked {
		return
	}
	m.asked = true
	in := m.in
	in.mu.Lock()
	defer in.mu.Unlock()
	if !m.ended {
		m.since, m.part, m.at = in.now(), 0, in.awaited.PushBack(m)
		in.arm(in.wait)
	}
}

// Arrived notes that so many bytes have come. With the last one of a part, the client has its time again.
func (m *Message) Arrived(bytes int) {
	if !m.asked {
		return
	}
	m.in.mu.Lock()
	defer m.in.mu.Unlock()
	if m.part += bytes; m.part >= partSize {
		m.restart()
	}
}

// Paused gives the client its time again, since nothing was read from it for a while.
func (m *Message) Paused() {
	if !m.asked {
		return
	}
	m.in.mu.Lock()
	defer m.in.mu.Unlock()
	m.restart()
}

// restart needs the lock.
func (m *Message) restart() {
	if m.at != nil {
		m.since, m.part = m.in.now(), 0
		m.in.awaited.MoveToBack(m.at)
	}
}

// Whole notes that nothing more is awaited.
func (m *Message) Whole() {
	if !m.asked {
		return
	}
	m.asked = false
	m.in.mu.Lock()
	defer m.in.mu.Unlock()
	m.forget()
}

// forget needs the lock.
func (m *Message) forget() {
	if m.at != nil {
		m.in.awaited.Remove(m.at)
		m.at = nil
	}
}

// Hold counts that so many bytes are held now. If the memory does not suffice, others have to make room, and it waits a while for that.
// It returns whether it has waited, and the limit because of which they are not counted; 0 if they are. While it waits, it makes room
// itself if others wait for that.
func (m *Message) Hold(bytes int64) (waited bool, reached limits.ID) {
	if reached = m.hold(bytes); reached != limits.MaxQueueMemory {
		return false, reached
	}
	m.Await()
	late := time.NewTimer(roomWait)
	defer late.Stop()
	again := time.NewTicker(step)
	defer again.Stop()
	for m.in.makeRoom(m, bytes) {
		select {
		case <-again.C:
		case <-late.C:
			return true, limits.MaxQueueMemory
		}
		if m.in.memory.Used()+bytes-m.held > m.in.memory.Limit() {
			continue // it counts as reached once
		}
		if reached = m.hold(bytes); reached != limits.MaxQueueMemory {
			m.Paused()
			return true, reached
		}
	}
	return true, limits.MaxQueueMemory
}

// hold is Hold that does not wait.
func (m *Message) hold(bytes int64) (reached limits.ID) {
	switch more := bytes - m.held; {
	case more == 0:
		return 0
	case more < 0:
		m.in.memory.AddFor(m.caller, more)
	default:
		if reached, ok := m.in.memory.TakeFor(m.caller, m.held, more); !ok {
			return reached
		}
	}
	m.in.mu.Lock()
	defer m.in.mu.Unlock()
	m.held = bytes
	return 0
}

// End ends counting.
func (m *Message) End() {
	m.Whole()
	m.hold(0)
	m.in.mu.Lock()
	defer m.in.mu.Unlock()
	m.in.leaving -= m.leaving
	m.ended, m.leaving = true, 0
}

// makeRoom has the message make room that holds most among those that have been awaited longest, if they have been for a while; but not the
// one that asks, which wants to hold so many bytes. It reports whether that may go on.
func (in *Intake) makeRoom(asks *Message, bytes int64) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	if asks.ended || in.memory.Used()-in.leaving+bytes-asks.held <= in.memory.Limit() {
		return !asks.ended // those that leave make enough
	}
	now := in.now()
	var most *Message
	for at, n := in.awaited.Front(), 0; at != nil && n < looked; at, n = at.Next(), n+1 {
		m := at.Value.(*Message)
		if now.Sub(m.since) < patience {
			break
		}
		if m != asks && m.held > 0 && (most == nil || m.held > most.held) {
			most = m
		}
	}
	if most != nil {
		most.leaving = most.held
		in.leaving += most.held
		most.finish(limits.MaxQueueMemory)
	}
	return true
}

// finish ends a message that is awaited. It needs the lock.
func (m *Message) finish(why limits.ID) {
	m.forget()
	m.ended = true
	m.end(why)
}

// arm looks at what is due after a time, unless it will already. It needs the lock.
func (in *Intake) arm(after time.Duration) {
	if in.armed {
		return
	}
	in.armed = true
	time.AfterFunc(after, in.due)
}

// due ends the messages whose part has not come in time, some at a time.
func (in *Intake) due() {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.armed = false
	now := in.now()
	for left := 1 + int(float64(in.awaited.Len())*float64(step)/float64(in.wait)/spread); ; left-- {
		at := in.awaited.Front()
		if at == nil {
			return
		}
		m := at.Value.(*Message)
		if until := m.since.Add(in.wait).Sub(now); until > 0 {
			in.arm(until)
			return
		}
		if left == 0 {
			in.arm(step)
			return
		}
		in.govern.Reached(limits.BodyWait)
		m.finish(limits.BodyWait)
	}
}
