package outbound

import (
	"bytes"
	"testing"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/govern"
	"github.com/livec-lang/livec/runtime/topic"
	"github.com/livec-lang/livec/runtime/wire"
)

// TestQueueMemory has clients that do not read: those with much unsent wait while the memory for all is used, others go on, and a client is
// closed when more waits for it than may.
func TestQueueMemory(t *testing.T) {
	g := govern.New(limits.Values{limits.MaxQueueMemory: 200_000}, 1<<30, nil)
	config := &Config{MaxFrame: 1 << 10, MaxQueue: 1 << 20, MaxHeld: 300_000, MaxPending: 10, Stats: &Stats{}, Govern: g}
	lost := func(*topic.Topic) {}
	slow, other := newPipe(config, lost), newPipe(config, lost)
	message := bytes.Repeat([]byte("1"), 100_000)
	for range 2 {
		slow.queue.Send(message)
	}
	if !slow.queue.crowded() || other.queue.crowded() {
		t.Error("only the client with much unsent waits")
	}
	waited := make(chan struct{})
	go func() {
		slow.queue.AwaitRoom()
		slow.queue.AwaitCapacity()
		close(waited)
	}()
	for slow.take(0) {
		continue
	}
	<-waited
	if used := g.Account(limits.MaxQueueMemory).Used(); used != 0 {
		t.Errorf("%d bytes are in use when nothing waits", used)
	}
	for range 10 {
		slow.queue.Send(message)
	}
	if slow.closed != wire.CloseBehind || other.closed != 0 {
		t.Errorf("the client is closed with %d, the other one with %d", slow.closed, other.closed)
	}
	other.queue.Send(message)
	other.queue.Gone()
	if used := g.Account(limits.MaxQueueMemory).Used(); used != 0 {
		t.Errorf("%d bytes are in use when both are gone", used)
	}
}
