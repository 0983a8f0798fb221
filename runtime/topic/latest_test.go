package topic

import (
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/livec-lang/livec/runtime/clock"
)

type item struct {
	Key string `json:"key"`
	N   int    `json:"n"`
}

// reader is a client that follows a topic of items by key.
type reader struct {
	offset uint64
	list   []item
	lost   int
}

// take applies messages as docs/protocol.md says.
func (r *reader) take(t *rapid.T, events []byte, n int) {
	var messages []struct {
		F *uint64
		S uint64
		K string
		V []item
	}
	if err := json.Unmarshal([]byte("["+string(events)+"]"), &messages); err != nil || len(messages) != n {
		t.Fatalf("%v: %d messages in %s", err, n, events)
	}
	for _, m := range messages {
		from := m.S - 1
		if m.F != nil {
			from = *m.F
		}
		if from > r.offset || m.S <= r.offset {
			t.Fatalf("a reader at %d is sent the events after %d up to %d", r.offset, from, m.S)
		}
		r.offset = m.S
		for _, e := range m.V {
			i := slices.IndexFunc(r.list, func(o item) bool { return o.Key == e.Key })
			switch {
			case m.K == "remove" && i >= 0:
				r.list = slices.Delete(r.list, i, i+1)
			case m.K == "remove":
			case i >= 0:
				r.list[i] = e
			default:
				r.list = append(r.list, e)
			}
		}
	}
}

// TestLatest has readers fall behind at random: each ends with the same value, in the same order, as if it had read all events.
func TestLatest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hub := NewHub(1)
		defer hub.Close()
		tp := hub.NewLatest(true, 0, nil)
		var state []item
		readers := []*reader{{}, {}, {}}
		keys := rapid.SampledFrom([]int{3, 200}).Draw(t, "keys")
		n := 0
		read := func(r *reader) {
			events, count, last, ok := tp.Read(r.offset, 0)
			if ok != tp.Reaches(tp.Epoch(), r.offset) {
				t.Fatalf("Read and Reaches differ at %d", r.offset)
			}
			if !ok {
				r.lost++
				r.offset, r.list = tp.Head(), slices.Clone(state)
				return
			}
			if count > 0 {
				r.take(t, events, count)
			}
			if r.offset != last || last != tp.Head() {
				t.Fatalf("the reader is at %d, Read gave %d, the topic is at %d", r.offset, last, tp.Head())
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"put": func(t *rapid.T) {
				for range rapid.IntRange(1, 50).Draw(t, "times") {
					n++
					e := item{Key: fmt.Sprint(rapid.IntRange(0, keys).Draw(t, "key")), N: n}
					value, _ := json.Marshal(e)
					tp.Put(e.Key, "update", value)
					if i := slices.IndexFunc(state, func(o item) bool { return o.Key == e.Key }); i >= 0 {
						state[i] = e
					} else {
						state = append(state, e)
					}
				}
			},
			"take": func(t *rapid.T) {
				for range rapid.IntRange(1, 200).Draw(t, "times") {
					key := fmt.Sprint(rapid.IntRange(0, keys).Draw(t, "key"))
					tp.Remove(key, "remove", fmt.Appendf(nil, `{"key":%q}`, key))
					state = slices.DeleteFunc(state, func(o item) bool { return o.Key == key })
				}
			},
			"reset": func(t *rapid.T) {
				if rapid.IntRange(0, 9).Draw(t, "really") == 0 {
					tp.Reset()
					state = nil
				}
			},
			"read": func(t *rapid.T) { read(rapid.SampledFrom(readers).Draw(t, "reader")) },
		})
		for i, r := range readers {
			read(r)
			if !slices.Equal(r.list, state) {
				t.Fatalf("reader %d holds %v, want %v", i, r.list, state)
			}
		}
		if len(tp.latest.changes) > 3*max(minRemoved, len(state))+1 {
			t.Fatalf("%d changes are kept for %d keys", len(tp.latest.changes), len(state))
		}
	})
}

func TestLatestSendsLittle(t *testing.T) {
	hub := NewHub(1)
	defer hub.Close()
	tp := hub.NewLatest(false, 0, nil)
	tp.Put("", "set", []byte("1"))
	tp.Put("", "set", []byte("2"))
	events, n, last, ok := tp.Read(0, 0)
	want := fmt.Sprintf(`{"t":"ev","c":%d,"f":0,"s":2,"k":"set","v":2}`, tp.Number())
	if string(events) != want || n != 1 || last != 2 || !ok {
		t.Errorf("got  %s\nwant %s", events, want)
	}
	events, _, _, _ = tp.Read(1, 0)
	if want := fmt.Sprintf(`{"t":"ev","c":%d,"s":2,"k":"set","v":2}`, tp.Number()); string(events) != want {
		t.Errorf("got  %s\nwant %s", events, want)
	}
}

func TestPace(t *testing.T) {
	hub := NewHub(1)
	defer hub.Close()
	c := clock.NewManual(time.Unix(1000, 0))
	tp := hub.NewLatest(true, 50*time.Millisecond, c)
	f := &counter{done: make(chan struct{}, 1000)}
	tp.Follow(f)
	woken := func() int {
		for !hub.Idle() {
			runtime.Gosched() // until the goroutine of the hub has run
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		return f.n
	}
	step := func(d time.Duration, put bool, want int) {
		t.Helper()
		c.Advance(d, nil)
		if put {
			tp.Put("a", "update", []byte("1"))
		}
		if got := woken(); got != want {
			t.Fatalf("woken %d times, want %d", got, want)
		}
	}
	step(0, true, 1)                    // woken at once
	step(10*time.Millisecond, true, 1)  // waits
	step(39*time.Millisecond, true, 1)  // still
	step(time.Millisecond, false, 2)    // woken for the last event
	step(49*time.Millisecond, true, 2)  // a full interval after that
	step(time.Millisecond, false, 3)    //
	step(time.Second, false, 3)         // nothing new
	step(0, true, 4)                    // woken at once again
	step(50*time.Millisecond, false, 4) //
	if c.Timers() != 0 {
		t.Errorf("%d timers are left", c.Timers())
	}
}

// TestLogKeeps checks that a log keeps a number of events that exceeds its limit of bytes.
func TestLogKeeps(t *testing.T) {
	hub := NewHub(1)
	defer hub.Close()
	tp := hub.NewLog(500)
	value := make([]byte, 1000)
	for i := range value {
		value[i] = '1'
	}
	for range 2000 {
		tp.Append("created", value)
	}
	if !tp.Reaches(tp.Epoch(), 1500) {
		t.Error("500 events are not kept")
	}
	if tp.Reaches(tp.Epoch(), 1000) {
		t.Error("far more than 500 events are kept")
	}
}
