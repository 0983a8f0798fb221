package topic

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestLog reads a topic from random offsets, and compares with the events that were appended.
func TestLog(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.SampledFrom([]int{1, 3000, 1 << 20}).Draw(t, "retained")
		hub := NewHub(limit)
		defer hub.Close()
		tp := hub.New()
		var sizes []int // of the value of each event
		t.Repeat(map[string]func(*rapid.T){
			"append": func(t *rapid.T) {
				size := rapid.SampledFrom([]int{0, 10, 500, 3000}).Draw(t, "size")
				sizes = append(sizes, size)
				if offset := tp.Append("set", []byte(`"`+strings.Repeat("x", size)+`"`)); offset != uint64(len(sizes)) {
					t.Fatalf("event %d has offset %d", len(sizes), offset)
				}
			},
			"read": func(t *rapid.T) {
				after := rapid.Uint64Range(0, uint64(len(sizes))+1).Draw(t, "after")
				max := rapid.IntRange(0, 5000).Draw(t, "limit")
				events, _, last, ok := tp.Read(after, max)
				if ok != tp.Reaches(tp.Epoch(), after) {
					t.Fatalf("Read and Reaches differ at %d", after)
				}
				if after > uint64(len(sizes)) && ok {
					t.Fatal("the future is readable")
				}
				if !ok || after == uint64(len(sizes)) {
					if len(events) > 0 || last != after {
						t.Fatalf("events %q up to %d", events, last)
					}
					return
				}
				var got []struct {
					C, S uint64
					V    string
				}
				if err := json.Unmarshal([]byte("["+string(events)+"]"), &got); err != nil || len(got) == 0 {
					t.Fatalf("%v: %q", err, events)
				}
				if len(events) > max && len(got) > 1 {
					t.Fatalf("%d bytes are over the limit of %d", len(events), max)
				}
				for i, e := range got {
					if e.C != tp.Number() || e.S != after+1+uint64(i) || len(e.V) != sizes[e.S-1] {
						t.Fatalf("event %d after %d is %+v", i, after, e)
					}
				}
				if last != after+uint64(len(got)) {
					t.Fatalf("last is %d after %d events from %d", last, len(got), after)
				}
			},
		})
		if n := uint64(len(sizes)); n > 0 && !tp.Reaches(tp.Epoch(), n-1) {
			t.Fatal("the newest event is gone")
		}
		retained := 0
		for _, s := range tp.log.segments {
			retained += len(s.buf)
		}
		if retained > limit+2*lastSegment {
			t.Fatalf("%d bytes are retained", retained)
		}
	})
}

type counter struct {
	mu   sync.Mutex
	n    int
	done chan struct{} // gets a value for each wake
}

func (c *counter) Wake() {
	c.mu.Lock()
	c.n++
	c.mu.Unlock()
	select {
	case c.done <- struct{}{}:
	default:
	}
}

func TestFollowersAreNotified(t *testing.T) {
	hub := NewHub(1 << 20)
	defer hub.Close()
	a, b := &counter{done: make(chan struct{}, 1)}, &counter{done: make(chan struct{}, 1)}
	tp, other := hub.New(), hub.New()
	tp.Follow(a)
	tp.Follow(a)
	tp.Follow(b)
	other.Append("set", []byte("1"))
	tp.Append("set", []byte("1"))
	for _, c := range []*counter{a, b} {
		select {
		case <-c.done:
		case <-time.After(10 * time.Second):
			t.Fatal("a follower was not woken")
		}
	}
	tp.Unfollow(a)
	tp.Unfollow(a)
	before := a.n
	tp.Append("set", []byte("1"))
	<-b.done
	if a.n != before || tp.Followers() != 1 {
		t.Errorf("a follower that has left was woken, or there are %d followers", tp.Followers())
	}
	if tp.Epoch() == other.Epoch() || hub.Appended() != 3 {
		t.Errorf("epochs %s and %s, %d events", tp.Epoch(), other.Epoch(), hub.Appended())
	}
}
