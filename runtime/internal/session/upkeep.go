package session

import (
	"time"

	"github.com/livec-lang/livec/runtime/signin"
	"github.com/livec-lang/livec/runtime/store"
)

// sweepEach is how often expired sessions are deleted. They are invalid before that too.
const sweepEach = time.Hour

// seen records that a session was used. It does not wait for the write, since it is called in a transaction.
func (m *Manager) seen(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, under := m.due[id]; under {
		return
	}
	m.due[id] = struct{}{}
	m.cfg.Tasks.Go(func() {
		err := m.write(func(tx store.Tx) error { return signin.Seen(tx, id, m.cfg.Runner.Now()) })
		m.mu.Lock()
		delete(m.due, id)
		m.mu.Unlock()
		if err != nil {
			m.cfg.Log.Warn("the time at which a session was last used could not be written", "error", err)
		}
	})
}

// Sweep deletes expired sessions, now and every hour until Close.
func (m *Manager) Sweep() { m.sweepIn(0) }

func (m *Manager) sweepIn(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.closed {
		m.sweep.Set(m.cfg.Clock, d, &m.mu, func() { m.cfg.Tasks.Go(m.sweepNow) })
	}
}

// sweepNow deletes expired sessions, a bounded number in each transaction, so that other calls can run in between.
func (m *Manager) sweepNow() {
	for more := true; more && m.cfg.Context.Err() == nil; {
		err := m.write(func(tx store.Tx) (err error) {
			more, err = signin.Sweep(tx, m.cfg.Runner.Now())
			return err
		})
		if err != nil {
			if m.cfg.Context.Err() == nil {
				m.cfg.Log.Warn("expired sessions could not be deleted", "error", err)
			}
			break
		}
	}
	m.sweepIn(sweepEach)
}

// Close ends the sweeping.
func (m *Manager) Close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	m.sweep.Stop()
}
