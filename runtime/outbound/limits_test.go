package outbound

import (
	"fmt"
	"strings"
	"testing"

	"github.com/livec-lang/livec/runtime/wire"
)

func TestAwaitCapacity(t *testing.T) {
	config := testConfig()
	config.MaxQueue = 100
	p := newPipe(config, nil)
	big := fmt.Appendf(nil, `{"t":"ok","id":1,"v":%q,"s":0}`, strings.Repeat("x", 200))
	p.queue.Send(big)
	p.queue.Send(big) // waits after the first one
	entered := make(chan struct{})
	go func() { p.queue.AwaitCapacity(); close(entered) }()
	select {
	case <-entered:
		t.Fatal("there is no room yet")
	default:
	}
	p.take(0)
	<-entered

	for range config.MaxPending {
		p.queue.Begin()
	}
	entered = make(chan struct{})
	go func() { p.queue.AwaitCapacity(); close(entered) }()
	p.queue.Answer([]byte(`{"t":"ok"}`))
	<-entered
	for range 5 {
		p.queue.Begin()
	}
	entered = make(chan struct{})
	go func() { p.queue.AwaitCapacity(); close(entered) }()
	p.queue.Gone()
	<-entered
}

// TestOffer has a client that reads no offers: it is closed, and memory is bounded.
func TestOffer(t *testing.T) {
	config := testConfig()
	config.MaxQueue = 1000
	p := newPipe(config, nil)
	message := []byte(`{"t":"sig","v":"` + strings.Repeat("x", 100) + `"}`)
	n := 0
	for ; p.closed == 0 && n < 1000; n++ {
		p.queue.Offer(message)
	}
	if p.closed != wire.CloseBehind || config.Stats.Behind.Load() != 1 {
		t.Errorf("closed with %d after %d messages", p.closed, n)
	}
	if most := maxOffered*config.MaxQueue/len(message) + 3; n > most || n < most/2 {
		t.Errorf("closed after %d messages, want about %d", n, most)
	}
}

func TestFinish(t *testing.T) {
	p := newPipe(testConfig(), nil)
	p.queue.Begin()
	p.queue.Send([]byte(`{"t":"pong"}`))
	p.queue.Finish(4000, "bye")
	p.queue.Send([]byte(`{"t":"pong","late":true}`)) // nothing new is accepted
	p.take(0)
	if p.closed != 0 {
		t.Fatal("closed with a call that runs")
	}
	p.queue.Answer([]byte(`{"t":"ok","id":1}`))
	if p.closed != 0 {
		t.Fatal("closed before the answer was out")
	}
	p.take(0)
	if p.closed != 4000 {
		t.Fatalf("closed with %d", p.closed)
	}
	if got := p.messages(t); len(got) != 2 || got[0].T != "pong" || got[1].T != "ok" {
		t.Errorf("the client took %+v", got)
	}
	idle := newPipe(testConfig(), nil)
	idle.queue.Finish(4000, "bye")
	if idle.closed != 4000 {
		t.Errorf("an idle one is closed with %d", idle.closed)
	}
}
