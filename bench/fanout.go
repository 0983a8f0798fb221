package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/olahol/melody"

	"github.com/livec-lang/livec/runtime/govern"
	"github.com/livec-lang/livec/runtime/intake"
	"github.com/livec-lang/livec/runtime/outbound"
	"github.com/livec-lang/livec/runtime/topic"
	"github.com/livec-lang/livec/runtime/wire"
)

const eventSize = 200 // bytes of an event as it is sent

// eventValue is the value of an event with an offset of three digits. The whole event is eventSize bytes long.
var eventValue = []byte(`"` + strings.Repeat("x", eventSize-len(`{"t":"ev","c":1,"s":100,"k":"set","v":""}`)) + `"`)

// fanout publishes bursts of events to n subscribers of one topic and waits until each client has read each of them, in order.
func fanout(ctx context.Context, report func(figure), name string, n, burst int) error {
	type side struct {
		server  *process
		clients []*client
		rates   []float64
		cpu     []float64
	}
	sides := []*side{{}, {}}
	for i, server := range []string{"live-topic", "melody-topics"} {
		s := sides[i]
		var err error
		if s.server, err = startServer(ctx, server); err != nil {
			return err
		}
		defer s.server.stop()
		if s.clients, err = dialAll(ctx, s.server.addr, n, 4<<10, subscribe); err != nil {
			return err
		}
		defer closeAll(s.clients)
	}
	for round := range rounds + 1 {
		for _, s := range sides {
			before, err := s.server.stats(ctx, false)
			if err != nil {
				return err
			}
			done := make(chan error, n)
			first := uint64(round*burst) + 1
			for _, c := range s.clients {
				go func() { done <- c.events(first, burst) }()
			}
			start := time.Now()
			if err := s.server.get(ctx, "/burst", url.Values{"n": {strconv.Itoa(burst)}}, nil); err != nil {
				return err
			}
			for range s.clients {
				select {
				case err := <-done:
					if err != nil {
						return err
					}
				case <-time.After(time.Minute):
					return fmt.Errorf("events were lost: not all of a burst have come within a minute")
				}
			}
			took := time.Since(start)
			after, err := s.server.stats(ctx, false)
			if err != nil {
				return err
			}
			if round > 0 { // the first warms up
				s.rates = append(s.rates, float64(n*burst)/took.Seconds())
				s.cpu = append(s.cpu, float64(after.CPU-before.CPU)/float64(n*burst))
			}
		}
	}
	a, b := median(sides[0].rates), median(sides[1].rates)
	report(figure{
		Name: name, Value: round3(a), Unit: "deliveries/s",
		Against: fmt.Sprintf("melody writes over a topic index: %.0f", b), Ratio: round3(a / b),
	})
	a, b = median(sides[0].cpu), median(sides[1].cpu)
	report(figure{
		Name: name + "_cpu", Value: round3(a), Unit: "ns/delivery of the server",
		Against: fmt.Sprintf("melody writes over a topic index: %.0f", b), Ratio: round3(b / a),
	})
	return nil
}

// subscribe follows the topic and reads the snapshot.
func subscribe(c *client) error {
	text, err := c.say(`{"t":"sub","id":1,"m":"bench/topic","a":[]}`)
	if err == nil && !strings.HasPrefix(text, `{"t":"snap"`) {
		err = fmt.Errorf("the server says %s", text)
	}
	return err
}

var beforeOffset = []byte(`"s":`) // an event has this once, before its offset

// events reads a number of events and checks that their offsets are first, first+1, …
func (c *client) events(first uint64, count int) error {
	next, end := first, first+uint64(count)
	for next < end {
		left, err := c.header()
		if err != nil {
			return err
		}
		for left > 0 {
			part, err := c.r.Peek(min(left, c.r.Size()))
			if err != nil {
				return err
			}
			used := 0
			for {
				i := bytes.Index(part[used:], beforeOffset)
				if i < 0 {
					used = max(used, len(part)-len(beforeOffset)+1) // the end of part may be the start of another one
					break
				}
				offset, j := uint64(0), used+i+len(beforeOffset)
				for ; j < len(part) && part[j] >= '0' && part[j] <= '9'; j++ {
					offset = offset*10 + uint64(part[j]-'0')
				}
				if j == len(part) {
					used += i
					break
				}
				if offset != next {
					return fmt.Errorf("event %d came where %d is due", offset, next)
				}
				next++
				used = j
			}
			if len(part) == left {
				used = left
			}
			if _, err := c.r.Discard(used); err != nil {
				return err
			}
			left -= used
		}
	}
	return nil
}

// serveLiveTopic is the runtime's own fan-out: a topic of package topic, followed by queues of package outbound over its WebSockets.
func serveLiveTopic(context.Context) (*server, error) {
	hub := topic.NewHub(1 << 20)
	t := hub.New()
	config := &outbound.Config{MaxFrame: 256 << 10, MaxQueue: 1 << 20, MaxPending: 1024, MaxLosses: 8, Stats: new(outbound.Stats)}
	sockets := outbound.NewSockets(outbound.SocketOptions{
		MaxMessage: 64 << 10, Heartbeat: 25 * time.Second, WriteWait: 10 * time.Second,
		Origin: func(*http.Request) bool { return true }, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Intake: intake.New(govern.New(nil, 1<<30, nil)),
		Accept: func(_ *http.Request, tr outbound.Transport) (*outbound.Queue, outbound.Handler) {
			f := &follower{topic: t}
			// A client that loses its offset is closed here, so that the benchmark fails.
			f.queue = outbound.New(config, tr, func(*topic.Topic) { f.queue.Close(wire.CloseBehind, "behind") })
			return f.queue, f
		},
	})
	return &server{handler: sockets, close: hub.Close, burst: func(n int) {
		for range n {
			t.Append("set", eventValue)
		}
	}}, nil
}

// follower is a connection that follows the topic once it has said anything.
type follower struct {
	topic *topic.Topic
	queue *outbound.Queue
	sub   outbound.Subscription
}

func (f *follower) Text([]byte) {
	offset := f.topic.Head()
	f.sub.Init(f.queue)
	f.sub.Follow(f.topic, offset, wire.AppendSnap(nil, 1, f.topic.Number(), f.topic.Epoch(), offset, []byte("null"), false))
}

func (f *follower) Binary([]byte) {}
func (f *follower) Gone()         { f.sub.Leave(nil) }

// Arrived and Control are parts of outbound.Handler.
func (f *follower) Arrived(int) bool { return false }
func (f *follower) Control() bool    { return false }

// serveMelodyTopics is the baseline: an index of topics, and a write to each follower for each event.
func serveMelodyTopics(context.Context) (*server, error) {
	m := newMelody()
	var mu sync.RWMutex
	topics := map[string]map[*melody.Session]struct{}{}
	m.HandleMessage(func(s *melody.Session, _ []byte) {
		mu.Lock()
		if topics["bench"] == nil {
			topics["bench"] = map[*melody.Session]struct{}{}
		}
		topics["bench"][s] = struct{}{}
		mu.Unlock()
		_ = s.Write([]byte(`{"t":"snap","id":1,"c":1,"e":"","s":0,"v":null}`))
	})
	m.HandleDisconnect(func(s *melody.Session) {
		mu.Lock()
		delete(topics["bench"], s)
		mu.Unlock()
	})
	offset := 0
	return &server{handler: melodyHandler(m), burst: func(n int) {
		for range n {
			offset++
			event := fmt.Appendf(nil, `{"t":"ev","c":1,"s":%d,"k":"set","v":%s}`, offset, eventValue)
			mu.RLock()
			for s := range topics["bench"] {
				_ = s.Write(event)
			}
			mu.RUnlock()
		}
	}}, nil
}

func newMelody() *melody.Melody {
	m := melody.New()
	m.Config.MaxMessageSize = 64 << 10
	m.Upgrader.Subprotocols = []string{"live.v1"}
	return m
}

func melodyHandler(m *melody.Melody) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _ = m.HandleRequest(w, r) })
}
