package outbound

import (
	"testing"
	"time"

	"github.com/livec-lang/livec/runtime/topic"
	"github.com/livec-lang/livec/runtime/wire"
)

func subscriptionOf(p *pipe) *Subscription {
	r := &Subscription{}
	r.Init(p.queue)
	return r
}

func snapOf(id, offset uint64) []byte {
	return wire.AppendSnap(nil, id, 1, "e", offset, []byte("0"), false)
}

// wakes waits until the followers of a hub have been notified of all events.
func wakes(t *testing.T, hub *topic.Hub) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !hub.Idle(); {
		if time.Now().After(deadline) {
			t.Fatal("the followers are not told")
		}
	}
}

// drained returns what the peer gets until nothing is in flight.
func drained(t *testing.T, p *pipe, hub *topic.Hub) []message {
	t.Helper()
	wakes(t, hub)
	for p.take(0) {
	}
	return p.messages(t)
}

func kinds(all []message) (s string) {
	for _, m := range all {
		s += m.T + " "
	}
	return s
}

// TestSubscriptionHolds has two subscriptions share a topic: while one is on hold no events are sent. When it ends, the other one gets the
// events of that time, after the message that ends the first.
func TestSubscriptionHolds(t *testing.T) {
	hub := topic.NewHub(1 << 20)
	defer hub.Close()
	p := newPipe(testConfig(), nil)
	tp := hub.New()
	a, b := subscriptionOf(p), subscriptionOf(p)
	if a.Follow(tp, 0, snapOf(1, 0)) != Sent || b.Follow(tp, 0, snapOf(2, 0)) != Sent {
		t.Fatal("the data is not sent")
	}
	drained(t, p, hub)
	if !a.Hold() || a.Hold() || !a.Held() || b.Held() {
		t.Error("the first of two marks, and no other, has a check made")
	}
	tp.Append("set", []byte("1"))
	if got := drained(t, p, hub); len(got) != 0 {
		t.Errorf("on hold it is sent %s", kinds(got))
	}
	if a.Release() {
		t.Error("it is released without a check")
	}
	if got := a.Follow(tp, 1, snapOf(1, 1)); got != Held {
		t.Errorf("data on hold: %d", got)
	}
	if n := a.Check(); n != 2 {
		t.Errorf("%d holds, want 2", n)
	}
	a.Hold() // while the check runs
	if a.Release() {
		t.Error("it is released though the check has not seen all")
	}
	a.Check()
	a.Leave([]byte(`{"t":"end","id":1}`))
	if got := kinds(drained(t, p, hub)); got != "end ev " {
		t.Errorf("behind its end comes %s", got)
	}
	b.Hold()
	tp.Append("set", []byte("2"))
	b.Check()
	if !b.Release() {
		t.Error("a check that has seen all does not release it")
	}
	if got := kinds(drained(t, p, hub)); got != "ev " {
		t.Errorf("released, it is sent %s", got)
	}

	// Data replaces the events that were held back.
	b.Hold()
	tp.Append("set", []byte("3"))
	b.Check()
	if got := b.Follow(tp, 3, snapOf(2, 3)); got != Sent {
		t.Errorf("data behind a check: %d", got)
	}
	if got := kinds(drained(t, p, hub)); got != "snap " {
		t.Errorf("it is sent %s", got)
	}

	// Follow another topic: the held-back events of the earlier one are dropped.
	other := hub.New()
	b.Hold()
	tp.Append("set", []byte("4"))
	b.Check()
	b.Follow(other, 0, snapOf(2, 0))
	other.Append("set", []byte("5"))
	if got := kinds(drained(t, p, hub)); got != "snap ev " || tp.Followers() != 0 || other.Followers() != 1 {
		t.Errorf("it is sent %s, and %d and %d follow", got, tp.Followers(), other.Followers())
	}
	b.Leave(nil)
	if other.Followers() != 0 {
		t.Error("somebody still follows")
	}
}

// TestQueueHolds checks that events of all topics and offers are held back, but not the answers to calls.
func TestQueueHolds(t *testing.T) {
	hub := topic.NewHub(1 << 20)
	defer hub.Close()
	p := newPipe(testConfig(), nil)
	tp := hub.New()
	r, late := subscriptionOf(p), subscriptionOf(p)
	r.Follow(tp, 0, snapOf(1, 0))
	drained(t, p, hub)
	if !p.queue.Hold() || p.queue.Hold() || !r.Held() {
		t.Error("the first of two marks, and no other, has a check made")
	}
	tp.Append("set", []byte("1"))
	for range 2 {
		p.queue.Offer([]byte(`{"t":"sig"}`))
	}
	p.queue.Send([]byte(`{"t":"pong"}`))
	if got := late.Follow(tp, 1, snapOf(2, 1)); got != Held {
		t.Errorf("data on hold: %d", got)
	}
	if got := kinds(drained(t, p, hub)); got != "pong " {
		t.Errorf("on hold it is sent %s", got)
	}
	if p.queue.Release() {
		t.Error("it is released without a check")
	}
	p.queue.Check()
	if !p.queue.Release() {
		t.Error("a check that has seen all does not release it")
	}
	p.queue.Offer([]byte(`{"t":"sig"}`))
	if got := kinds(drained(t, p, hub)); got != "sig sig ev sig " && got != "sig sig sig ev " {
		t.Errorf("released, it is sent %s", got)
	}

	// What is on hold does not keep a queue from closing, and is dropped with it.
	p.queue.Hold()
	tp.Append("set", []byte("2"))
	p.queue.Offer([]byte(`{"t":"sig"}`))
	p.queue.Finish(4000, "bye")
	if got := kinds(drained(t, p, hub)); got != "" || p.closed != 4000 {
		t.Errorf("it is closed with %d and was sent %s", p.closed, got)
	}
}
