package traffic

import (
	"context"
	"time"

	"github.com/livec-lang/livec/runtime/govern"
)

// Meter counts what one connection sends. Only the goroutine that reads from the connection uses it. It takes from the limits in lots, so
// that most messages cost a subtraction. The zero value is ready to use.
type Meter struct {
	messages, bytes lot
}

// lot is a part of the limits that a connection has taken and not yet used.
type lot struct {
	left  int64 // below 0: more was used than taken
	size  int64 // of the last lot
	taken time.Duration
	own   govern.Bucket
}

const (
	// A lot grows when it is used up sooner than this, so that a busy connection seldom takes one and a quiet one keeps little to itself.
	lotTime     = time.Second / 8
	minMessages = 4
	minBytes    = 4 << 10
)

// Message counts messages.
func (m *Meter) Message(n int) { m.messages.left -= int64(n) }

// Bytes counts bytes.
func (m *Meter) Bytes(n int) { m.bytes.left -= int64(n) }

// Due reports whether Wait must be called before more is read.
func (m *Meter) Due() bool { return m.messages.left < 0 || m.bytes.left < 0 }

// Wait takes new lots for what was used up, and waits until the limits allow them, or ctx ends. It reports whether it has waited. user is
// "" for an anonymous caller.
func (t *Traffic) Wait(ctx context.Context, m *Meter, user, network string) bool {
	wait := max(
		t.messages.refill(t.govern, &m.messages, minMessages, user, network),
		t.bytes.refill(t.govern, &m.bytes, minBytes, user, network),
	)
	if wait <= 0 {
		return false
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	return true
}

// refill takes a new lot, if the last one is used up, and returns how long to wait for it.
func (f *flow) refill(g *govern.Governor, l *lot, least int64, user, network string) time.Duration {
	if l.left >= 0 {
		return 0
	}
	now := govern.Now()
	most := max(1, g.Value(f.connection)/int64(time.Second/lotTime))
	if now-l.taken < lotTime {
		l.size = min(2*l.size, most)
	} else {
		l.size /= 2
	}
	l.size = max(l.size, min(least, most))
	l.taken = now
	n := l.size - l.left
	l.left = l.size
	wait := g.Owe(f.connection, &l.own, n, now)
	wait = max(wait, f.addresses.Owe(network, n), f.all.Owe("", n))
	if user != "" {
		wait = max(wait, f.users.Owe(user, n))
	}
	return wait
}
