package bustest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/livec-lang/livec/runtime/bus"
)

var lobby = bus.Channel{Kind: "chat/typing", Key: `["lobby"]`}

func testEverybody(t *testing.T, f *fixture) {
	a, b := f.join(), f.join()
	inboxes := []*inbox{f.subscribe(a, lobby), f.subscribe(a, lobby), f.subscribe(b, lobby)}
	messages := []bus.Message{
		{Event: "set", Data: []byte(`{"a":[1,"é\u0000"]}`), Commit: 1<<64 - 1, Owner: "a.1"},
		{Event: "", Data: nil},
		{Event: "large", Data: []byte(`"` + strings.Repeat("x", 100_000) + `"`)},
		{Event: "bytes", Data: []byte("\x00\xff\n")},
	}
	for i, m := range messages {
		must(t, []bus.Bus{a, b}[i%2].Publish(t.Context(), lobby, m))
		for _, in := range inboxes {
			got := in.next()
			if len(got.Data) == 0 {
				got.Data = m.Data // nil and empty are the same
			}
			if !reflect.DeepEqual(got, m) {
				t.Errorf("got %.80v, want %.80v", got, m)
			}
		}
	}
	for _, in := range inboxes {
		in.empty()
	}
}

func testChannels(t *testing.T, f *fixture) {
	a, b := f.join(), f.join()
	channels := []bus.Channel{
		lobby, {Kind: "chat/typing", Key: `["Lobby"]`}, {Kind: "chat/typing"}, {Key: "chat/typing"}, {},
		{Kind: "a", Key: "bc"}, {Kind: "ab", Key: "c"}, {Kind: "a.b", Key: "*"}, {Kind: "a.*", Key: ">"},
		{Kind: "a:b"}, {Kind: "a", Key: "b"}, {Kind: "a", Key: ":b"}, {Kind: "a\x00", Key: "b"}, {Kind: "a", Key: "\x00b"},
		{Kind: "é", Key: "\xff"}, {Kind: "long", Key: strings.Repeat("k", 2000)}, {Kind: "long", Key: strings.Repeat("k", 2001)},
	}
	inboxes := make([]*inbox, len(channels))
	for i, c := range channels {
		inboxes[i] = f.subscribe(a, c)
	}
	for i, c := range channels {
		f.publish(b, c, fmt.Sprint(i))
	}
	for i, in := range inboxes {
		in.want(fmt.Sprint(i))
	}
	for i, in := range inboxes {
		f.publish(b, channels[i], "last") // a message that was delivered by mistake would arrive before it
		in.want("last")
	}
}

func testNobody(t *testing.T, f *fixture) {
	a := f.join()
	f.publish(a, lobby, "unheard")
	in := f.subscribe(a, lobby)
	f.publish(a, lobby, "heard")
	in.want("heard")
}

func testLate(t *testing.T, f *fixture) {
	a, b := f.join(), f.join()
	early := f.subscribe(a, lobby)
	f.publish(b, lobby, "1")
	early.want("1")
	late := f.subscribe(a, lobby)
	f.publish(b, lobby, "2")
	early.want("2")
	late.want("2")
}

func testUnsubscribe(t *testing.T, f *fixture) {
	a, b := f.join(), f.join()
	stays, leaves, all := f.subscribe(a, lobby), f.subscribe(a, lobby), f.subscribe(b, lobby)
	f.publish(a, lobby, "1")
	for _, in := range []*inbox{stays, leaves, all} {
		in.want("1")
	}
	leaves.leave()
	leaves.leave()
	f.publish(b, lobby, "2")
	stays.want("2")
	all.want("2")
	leaves.empty()
	stays.leave()
	all.leave()
	f.publish(a, lobby, "3")
	again := f.subscribe(a, lobby)
	f.publish(a, lobby, "4")
	again.want("4")
	stays.empty()
	all.empty()
}

// testNested publishes to another channel and changes subscriptions while a message is handled.
func testNested(t *testing.T, f *fixture) {
	a := f.join()
	other := bus.Channel{Kind: "chat/typing", Key: `["other"]`}
	in, third := f.subscribe(a, other), make(chan *inbox, 1)
	var leave func()
	leave, err := a.Subscribe(t.Context(), lobby, func(m bus.Message) {
		if err := a.Publish(t.Context(), other, m); err != nil {
			t.Error(err)
		}
		leave()
		third <- f.subscribe(a, lobby)
	})
	must(t, err)
	f.publish(a, lobby, "1")
	in.want("1")
	second := <-third
	f.publish(a, lobby, "2")
	second.want("2")
	in.empty()
}

// testOrder publishes from many goroutines in several processes at the same time: all handlers get one order, with the messages of each
// goroutine in order.
func testOrder(t *testing.T, f *fixture) {
	const publishers, each = 4, 200
	buses := []bus.Bus{f.join(), f.join()}
	inboxes := []*inbox{f.subscribe(buses[0], lobby), f.subscribe(buses[1], lobby), f.subscribe(buses[1], lobby)}
	var wg sync.WaitGroup
	for p := range publishers {
		wg.Go(func() {
			for i := range each {
				m := bus.Message{Owner: fmt.Sprint(p), Commit: uint64(i)}
				if err := buses[p%2].Publish(t.Context(), lobby, m); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	var first []string
	for n, in := range inboxes {
		next := map[string]uint64{}
		var order []string
		for range publishers * each {
			m := in.next()
			if m.Commit != next[m.Owner] {
				t.Fatalf("publisher %s: message %d came, want %d", m.Owner, m.Commit, next[m.Owner])
			}
			next[m.Owner]++
			order = append(order, m.Owner)
		}
		if n == 0 {
			first = order
		} else if !reflect.DeepEqual(order, first) {
			t.Error("two handlers have seen different orders")
		}
	}
}

func testOneAtATime(t *testing.T, f *fixture) {
	const publishers, each = 4, 100
	a, b := f.join(), f.join()
	var running atomic.Int32
	n, done := 0, make(chan struct{})
	_, err := a.Subscribe(t.Context(), lobby, func(bus.Message) {
		if running.Add(1) > 1 {
			t.Error("a handler was called while it was running")
		}
		if n++; n == publishers*each {
			close(done)
		}
		running.Add(-1)
	})
	must(t, err)
	var wg sync.WaitGroup
	for p := range publishers {
		wg.Go(func() {
			for range each {
				if err := []bus.Bus{a, b}[p%2].Publish(t.Context(), lobby, bus.Message{}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	<-done
}

func testContext(t *testing.T, f *fixture) {
	a := f.join()
	in := f.subscribe(a, lobby)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := a.Publish(ctx, lobby, bus.Message{Event: "lost"}); !errors.Is(err, context.Canceled) {
		t.Errorf("Publish: %v", err)
	}
	_, err := a.Subscribe(ctx, lobby, func(bus.Message) { t.Error("a subscription that failed got a message") })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Subscribe: %v", err)
	}
	f.publish(a, lobby, "kept")
	in.want("kept")
}
