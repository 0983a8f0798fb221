package outbound

import (
	"bytes"
	"testing"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/govern"
	"github.com/livec-lang/livec/runtime/topic"
	"github.com/livec-lang/livec/runtime/wire"
)

// TestQueuesOfCaller has a client of one caller not read: other connections of the caller may not have much unsent either, those of others
// may.
func TestQueuesOfCaller(t *testing.T) {
	g := govern.New(limits.Values{limits.MaxQueueMemory: 1_000_000, limits.MaxQueueMemoryPerCaller: 200_000}, 1<<30, nil)
	config := &Config{MaxFrame: 1 << 10, MaxQueue: 1 << 20, MaxPending: 10, Stats: &Stats{}, Govern: g}
	open := func(caller string) *pipe {
		p := newPipe(config, func(*topic.Topic) {})
		p.queue.For(caller)
		return p
	}
	slow, same, other := open("a"), open("a"), open("b")
	account := g.Account(limits.MaxQueueMemory)
	message := bytes.Repeat([]byte("1"), 100_000)
	for range 3 {
		slow.queue.Send(message)
	}
	if held := account.HeldBy("a"); held < 300_000 || held != account.Used() {
		t.Errorf("%d bytes count for the caller, of %d", held, account.Used())
	}
	same.queue.Send(message)
	other.queue.Send(message)
	if !slow.queue.crowded() || !same.queue.crowded() || other.queue.crowded() {
		t.Error("only the connections of the caller wait")
	}
	for _, p := range []*pipe{slow, same, other} {
		for p.take(0) {
			continue
		}
	}
	if a, b, used := account.HeldBy("a"), account.HeldBy("b"), account.Used(); a != 0 || b != 0 || used != 0 {
		t.Errorf("%d bytes count for a, %d for b, and %d are in use when nothing waits", a, b, used)
	}
	slow.queue.Send(message)
	slow.queue.Gone()
	if held := account.HeldBy("a"); held != 0 {
		t.Errorf("%d bytes count for a client that has gone", held)
	}
}

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
