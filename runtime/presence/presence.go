// Package presence counts who is in a room: one entry for each key, whose holders are the connections of one user. The entry is there from the first holder to the last and a grace
// time longer, so that a quick return leaves no trace.
package presence

import (
	"bytes"
	"sync"
	"time"

	"github.com/livec-lang/livec/runtime/clock"
)

// Members are who is in one room.
type Members struct {
	clock clock.Clock
	grace time.Duration
	put   func(key string, entry []byte)
	take  func(key string)

	mu      sync.Mutex
	members map[string]*member
	closed  bool
}

type member struct {
	holders int
	entry   []byte // as the server makes it
	own     []byte // as the user has made it; nil if it has not
	stop    func() bool
	left    int // times the last holder left
}

// New makes an empty room. put is told of a new or another entry of a key, take of a key that is gone; they are called in order, one at a time, and must not call Members.
func New(c clock.Clock, grace time.Duration, put func(key string, entry []byte), take func(key string)) *Members {
	return &Members{clock: c, grace: grace, put: put, take: take, members: map[string]*member{}}
}

// Enter adds a holder to a key. Leave takes it away.
func (m *Members) Enter(key string, entry []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return
	}
	e := m.members[key]
	if e == nil {
		m.members[key] = &member{holders: 1, entry: entry}
		m.put(key, entry)
		return
	}
	if e.stop != nil {
		e.stop()
		e.stop = nil
	}
	e.holders++
	m.set(key, e, entry)
}

// Leave takes away one holder of a key. After the last one the key stays for the grace time.
func (m *Members) Leave(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e := m.members[key]
	if m.closed || e == nil || e.holders == 0 {
		return
	}
	if e.holders--; e.holders > 0 {
		return
	}
	if m.grace <= 0 {
		m.gone(key)
		return
	}
	e.left++
	left := e.left
	e.stop = m.clock.AfterFunc(m.grace, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		// A timer that could not be stopped in time finds another member, or one that has come back.
		if !m.closed && m.members[key] == e && e.holders == 0 && e.left == left {
			m.gone(key)
		}
	})
}

func (m *Members) gone(key string) {
	delete(m.members, key)
	m.take(key)
}

// Set puts another entry in the place of the one that the server has made for a key that is there. One that the user has made stays.
func (m *Members) Set(key string, entry []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e := m.members[key]; e != nil && !m.closed {
		m.set(key, e, entry)
	}
}

func (m *Members) set(key string, e *member, entry []byte) {
	same := bytes.Equal(e.entry, entry)
	e.entry = entry
	if e.own == nil && !same {
		m.put(key, entry)
	}
}

// Own puts an entry that the user has made in the place of what there is, for as long as the key is there, and tells whether it is.
func (m *Members) Own(key string, entry []byte) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	e := m.members[key]
	if e == nil || m.closed {
		return false
	}
	if !bytes.Equal(e.own, entry) {
		e.own = entry
		m.put(key, entry)
	}
	return true
}

// Len is how many keys are there.
func (m *Members) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.members)
}

// Close ends the room without a word: timers are stopped, nothing is told any more.
func (m *Members) Close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	for _, e := range m.members {
		if e.stop != nil {
			e.stop()
		}
	}
	m.members = map[string]*member{}
}
