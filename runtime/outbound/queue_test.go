package outbound

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/livec-lang/livec/runtime/topic"
	"github.com/livec-lang/livec/runtime/wire"
)

// pipe is a transport whose peer reads one frame at a time, when the test says so.
type pipe struct {
	queue *Queue

	mu       sync.Mutex
	inflight []byte // not read yet
	taken    [][]byte
	frames   int
	closed   int // code
	cut      bool
	overlap  bool // a frame was started while another one was in flight
}

func newPipe(config *Config, lost func(*topic.Topic)) *pipe {
	p := &pipe{}
	p.queue = New(config, p, lost)
	return p
}

func (p *pipe) Start(frame []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.overlap = p.overlap || p.inflight != nil
	p.inflight = frame
	p.frames++
	return nil
}

func (p *pipe) Write(frame []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.overlap = p.overlap || p.inflight != nil
	p.taken = append(p.taken, slices.Clone(frame))
	p.frames++
	return nil
}

func (p *pipe) Close(code int, _ string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = code
}

func (p *pipe) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cut = true
}

// take makes the peer read the frame in flight, if there is one.
func (p *pipe) take(limit int) bool {
	p.mu.Lock()
	frame := p.inflight
	if frame == nil {
		p.mu.Unlock()
		return false
	}
	p.taken = append(p.taken, slices.Clone(frame))
	p.inflight = nil
	p.mu.Unlock()
	p.queue.Sent(limit)
	return true
}

type message struct {
	T  string          `json:"t"`
	ID int             `json:"id"`
	C  uint64          `json:"c"`
	S  uint64          `json:"s"`
	V  json.RawMessage `json:"v"`
}

// messages gives what the peer has read since the last call.
func (p *pipe) messages(t interface{ Fatalf(string, ...any) }) []message {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []message
	for _, frame := range p.taken {
		var list []message
		if frame[0] != '[' {
			frame = slices.Concat([]byte("["), frame, []byte("]"))
		}
		if err := json.Unmarshal(frame, &list); err != nil {
			t.Fatalf("%v: %s", err, frame)
		}
		all = append(all, list...)
	}
	p.taken = nil
	return all
}

func testConfig() *Config {
	return &Config{MaxFrame: 300, MaxQueue: 1 << 20, MaxPending: 10, MaxLosses: 1 << 30, Stats: &Stats{}}
}

// follower is the model of a subscription: what the client must be sent.
type follower struct {
	topic   *topic.Topic
	fresh   bool // waits for its first data; events from before may still arrive
	known   bool // has data
	offset  uint64
	follows bool
	sub     Subscription
	held    bool
	until   uint64 // while it is on hold: the last event that may arrive
}

// TestGapless publishes at random to a client that reads at random. Of each topic the client must see every event in order, or a
// resync and then new data; and every reply, in order.
func TestGapless(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hub := topic.NewHub(rapid.SampledFrom([]int{1, 2000, 1 << 20}).Draw(t, "retained"))
		defer hub.Close()
		config := testConfig()
		config.MaxFrame = rapid.SampledFrom([]int{1, 300, 100_000}).Draw(t, "frame")
		var mu sync.Mutex
		var lost []*topic.Topic
		p := newPipe(config, func(t *topic.Topic) {
			mu.Lock()
			defer mu.Unlock()
			lost = append(lost, t)
		})
		if rapid.Bool().Draw(t, "single") {
			p.queue.Single()
		}
		followers := map[uint64]*follower{}
		for range 3 {
			tp := hub.New()
			f := &follower{topic: tp}
			f.sub.Init(p.queue)
			followers[tp.Number()] = f
		}
		all := false // the queue is on hold
		replies, seen := 0, 0

		show := func(f *follower) (shown bool) {
			for {
				offset := f.topic.Head()
				snap := wire.AppendSnap(nil, 1, f.topic.Number(), "e", offset, []byte("0"), false)
				switch f.sub.Follow(f.topic, offset, snap) {
				case Sent:
					if f.held || all {
						t.Fatalf("data was sent while it was on hold")
					}
					return true
				case Held:
					if !f.held && !all {
						t.Fatalf("it is on hold, and nobody holds it")
					}
					return false
				}
			}
		}
		check := func() {
			for _, m := range p.messages(t) {
				f := followers[m.C]
				switch m.T {
				case "ok":
					if seen++; m.ID != seen {
						t.Fatalf("reply %d came as number %d", m.ID, seen)
					}
				case "snap":
					f.fresh, f.known, f.offset = false, true, m.S
				case "resync":
					f.known = false
				case "ev":
					switch {
					case !f.follows || f.fresh: // it was in flight
					case !f.known:
						t.Fatalf("event %d of topic %d without data", m.S, m.C)
					case m.S > f.offset+1:
						t.Fatalf("event %d of topic %d follows %d", m.S, m.C, f.offset)
					case (f.held || all) && m.S > f.until:
						t.Fatalf("event %d of topic %d came while it was on hold from %d on", m.S, m.C, f.until)
					case m.S == f.offset+1:
						f.offset = m.S
					default:
						t.Fatalf("event %d of topic %d comes after %d", m.S, m.C, f.offset)
					}
				}
			}
		}
		renew := func() {
			mu.Lock()
			again := lost
			lost = nil
			mu.Unlock()
			for _, tp := range again {
				if f := followers[tp.Number()]; f.follows && !show(f) {
					mu.Lock()
					lost = append(lost, tp)
					mu.Unlock()
				}
			}
		}
		hold := func(f *follower, by func() bool) {
			if !f.held && !all {
				f.until = f.topic.Head()
			}
			by()
		}
		release := func() {
			p.queue.Check()
			if !p.queue.Release() {
				t.Fatalf("it was not held again, and goes on to be")
			}
			all = false
			for _, f := range followers {
				if f.held {
					f.held = false
					f.sub.Check()
					f.sub.Release()
				}
			}
		}
		one := rapid.Custom(func(t *rapid.T) *follower { return followers[rapid.Uint64Range(1, 3).Draw(t, "topic")] })
		t.Repeat(map[string]func(*rapid.T){
			"publish": func(t *rapid.T) {
				f := one.Draw(t, "to")
				for range rapid.IntRange(1, 20).Draw(t, "n") {
					f.topic.Append("set", []byte(`"`+strings.Repeat("x", rapid.IntRange(0, 400).Draw(t, "size"))+`"`))
				}
			},
			"follow": func(t *rapid.T) {
				if f := one.Draw(t, "topic"); !f.follows && show(f) {
					f.follows, f.fresh, f.known = true, true, false
				}
			},
			"unfollow": func(t *rapid.T) {
				if f := one.Draw(t, "topic"); f.follows {
					f.follows = false
					f.sub.Leave(nil)
				}
			},
			"hold": func(t *rapid.T) {
				f := one.Draw(t, "topic")
				hold(f, f.sub.Hold)
				f.held = true
			},
			"hold all": func(t *rapid.T) {
				for _, f := range followers {
					hold(f, p.queue.Hold)
				}
				all = true
			},
			"release": func(*rapid.T) { release() },
			"reply": func(t *rapid.T) {
				replies++
				value := `"` + strings.Repeat("x", rapid.SampledFrom([]int{0, 200}).Draw(t, "size")) + `"`
				p.queue.Send(wire.AppendOK(nil, uint64(replies), []byte(value), 0))
			},
			"take":  func(t *rapid.T) { p.take(rapid.IntRange(0, 3).Draw(t, "limit")) },
			"renew": func(*rapid.T) { renew() },
			"":      func(*rapid.T) { check() },
		})

		release()
		deadline := time.Now().Add(10 * time.Second)
		for done := false; !done; {
			for p.take(0) {
			}
			renew()
			check()
			done = seen == replies
			for _, f := range followers {
				done = done && (!f.follows || f.known && f.offset == f.topic.Head())
			}
			if time.Now().After(deadline) {
				t.Fatalf("not all came: %d of %d replies", seen, replies)
			}
		}
		if p.overlap {
			t.Fatalf("two frames were on their way at once")
		}
	})
}

func TestBusyQueuePacks(t *testing.T) {
	hub := topic.NewHub(1 << 20)
	defer hub.Close()
	config := testConfig()
	config.MaxFrame = 1 << 20
	p := newPipe(config, nil)
	tp := hub.New()
	sub := subscriptionOf(p)
	sub.Follow(tp, 0, wire.AppendSnap(nil, 1, 1, "e", 0, []byte("[]"), false))
	for range 100 {
		tp.Append("set", []byte("1"))
	}
	for range 10 {
		p.queue.Send(wire.AppendPong(nil))
	}
	for p.take(0) {
	}
	deadline := time.Now().Add(10 * time.Second)
	for got := 0; got < 111; got += len(p.messages(t)) {
		p.take(0)
		if time.Now().After(deadline) {
			t.Fatalf("%d messages came", got)
		}
	}
	if p.frames > 4 {
		t.Errorf("111 messages took %d frames", p.frames)
	}
}

func TestBehindIsClosed(t *testing.T) {
	hub := topic.NewHub(1)
	defer hub.Close()
	config := testConfig()
	config.MaxLosses = 2
	tp := hub.New()
	var p *pipe
	again := make(chan struct{}, 10)
	p = newPipe(config, func(*topic.Topic) { again <- struct{}{} })
	sub := subscriptionOf(p)
	sub.Follow(tp, 0, []byte(`{"t":"snap"}`))
	for n := 0; p.closed == 0; n++ {
		if n == 10 {
			t.Fatal("it is not closed")
		}
		// Append more than the log keeps while the frame is in flight; the client never catches up.
		for range 3 {
			tp.Append("set", []byte(`"`+strings.Repeat("x", lastSegment)+`"`))
		}
		p.queue.Send([]byte(`{"t":"pong"}`))
		p.mu.Lock()
		p.inflight = nil
		p.mu.Unlock()
		p.queue.Sent(1)
		select {
		case <-again:
			sub.Follow(tp, tp.Head()-2, []byte(`{"t":"snap"}`))
		default:
		}
	}
	if p.closed != wire.CloseBehind || config.Stats.Behind.Load() != 1 {
		t.Errorf("closed with %d", p.closed)
	}
}

const lastSegment = 64 << 10
