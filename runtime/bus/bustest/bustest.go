// Package bustest is the conformance suite of package bus: tests that every implementation must pass. The tests of an implementation call
// Run.
package bustest

import (
	"testing"
	"time"

	"github.com/livec-lang/livec/runtime/bus"
)

// Open makes a network for one test. Each call of join gives the bus of another process, or the same bus again if there can be only one
// process. This network loses nothing while the test runs.
type Open func(t *testing.T) (join func() bus.Bus)

// Run runs the suite.
func Run(t *testing.T, open Open) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, *fixture)
	}{
		{"everybody gets everything once", testEverybody},
		{"channels are independent", testChannels},
		{"nobody is there", testNobody},
		{"late subscribers", testLate},
		{"unsubscribe", testUnsubscribe},
		{"handlers use the bus", testNested},
		{"one order", testOrder},
		{"one at a time", testOneAtATime},
		{"context", testContext},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, &fixture{t: t, join: open(t)}) })
	}
}

type fixture struct {
	t    *testing.T
	join func() bus.Bus
}

// wait bounds how long a message may take.
const wait = 10 * time.Second

// inbox has the messages that one handler has received.
type inbox struct {
	t        *testing.T
	messages chan bus.Message
	leave    func()
}

// subscribe subscribes an inbox.
func (f *fixture) subscribe(b bus.Bus, to bus.Channel) *inbox {
	f.t.Helper()
	in := &inbox{t: f.t, messages: make(chan bus.Message, 1<<16)}
	var err error
	in.leave, err = b.Subscribe(f.t.Context(), to, func(m bus.Message) { in.messages <- m })
	must(f.t, err)
	return in
}

func (f *fixture) publish(b bus.Bus, to bus.Channel, events ...string) {
	f.t.Helper()
	for _, e := range events {
		must(f.t, b.Publish(f.t.Context(), to, bus.Message{Event: e}))
	}
}

// next waits for the next message.
func (in *inbox) next() bus.Message {
	in.t.Helper()
	select {
	case m := <-in.messages:
		return m
	case <-time.After(wait):
		in.t.Fatal("waited in vain for a message")
		panic("unreachable")
	}
}

// want waits for messages with these events, in order, and for no others between them.
func (in *inbox) want(events ...string) {
	in.t.Helper()
	for _, e := range events {
		if m := in.next(); m.Event != e {
			in.t.Fatalf("got %q, want %q", m.Event, e)
		}
	}
}

// empty checks that no message has arrived so far.
func (in *inbox) empty() {
	in.t.Helper()
	select {
	case m := <-in.messages:
		in.t.Fatalf("got %q, want nothing", m.Event)
	default:
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
