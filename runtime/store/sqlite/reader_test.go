package sqlite

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/store"
)

// held starts reads that go on until free is called.
type held struct {
	s    *Store
	hold chan struct{}
	all  sync.WaitGroup
}

func hold(s *Store) *held { return &held{s: s, hold: make(chan struct{})} }

// read starts a read, and reports by the channel that it has a connection.
func (h *held) read(t *testing.T, ctx context.Context) (begun chan struct{}) {
	begun = make(chan struct{})
	h.all.Go(func() {
		err := h.s.Read(ctx, func(store.Tx) error { close(begun); <-h.hold; return nil })
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	return begun
}

// free ends the reads, and checks that the pool has all its connections back.
func (h *held) free(t *testing.T, kind store.Kind) {
	t.Helper()
	close(h.hold)
	h.all.Wait()
	p := h.s.r.kinds[kind]
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.idle) != p.n || len(p.spare) != p.spares || p.long != 0 || p.lent != 0 || len(p.running) != 0 ||
		p.waiting.Len()+p.waitLong.Len()+p.waiting.Resting()+p.waitLong.Resting() != 0 {
		t.Errorf("%d are idle, %d spare, %d lent, %d long, %d run, %d and %d wait, of %d and %d lines rest", len(p.idle), len(p.spare),
			p.lent, p.long, len(p.running), p.waiting.Len(), p.waitLong.Len(), p.waiting.Resting(), p.waitLong.Resting())
	}
}

// waits returns when so many reads wait.
func waits(t *testing.T, p *pool, n int) {
	for t.Context().Err() == nil {
		p.mu.Lock()
		waiting := p.waiting.Len() + p.waitLong.Len()
		p.mu.Unlock()
		if waiting == n {
			return
		}
	}
}

// TestNoCallerHasAllReaders has one caller with more reads than there are connections, of entry points of which nothing is known. Another
// one reads at once, also if nobody's patience ends.
func TestNoCallerHasAllReaders(t *testing.T) {
	for _, kind := range []store.Kind{store.Check, store.Calls} {
		for _, readers := range []int{4, 8} {
			s := openEntries(t, Options{Limits: limits.Values{
				limits.Readers: int64(readers), limits.MaxReadTime: 60_000, limits.MaxReadWait: 60_000,
			}})
			p := s.r.kinds[kind]
			p.slow.over = time.Hour
			h := hold(s)
			for i := range p.each() {
				<-h.read(t, of(t, "many", fmt.Sprint("m/", i), kind))
			}
			ctx, giveUp := context.WithCancel(of(t, "many", "m/more", kind))
			for range 3 {
				h.read(t, ctx)
			}
			last := h.read(t, of(t, "many", "m/last", kind))
			waits(t, p, 4)
			if p.each() >= p.n {
				t.Errorf("one caller may have all of %d connections", p.n)
			}
			for range 3 {
				if err := s.Read(of(t, "one", "m/one", kind), func(store.Tx) error { return nil }); err != nil {
					t.Error(err)
				}
			}
			giveUp()
			waits(t, p, 1)
			select {
			case <-last:
				t.Error("the caller has got another connection")
			default:
			}
			h.free(t, kind)
			<-last
		}
	}
}

// TestWaitingReadsMakeWay has reads that wait when their entry point turns out to be long. They get no spare connection; a short read does.
func TestWaitingReadsMakeWay(t *testing.T) {
	s := openEntries(t, Options{Limits: limits.Values{limits.Readers: 4, limits.MaxReadTime: 60_000, limits.MaxReadWait: 60_000}})
	p := s.r.kinds[store.Calls]
	p.slow.over = 0
	h := hold(s)
	for i := range p.n {
		<-h.read(t, of(t, fmt.Sprint("caller ", i), "m/scan", store.Calls))
	}
	ctx, giveUp := context.WithCancel(t.Context())
	for i := range 6 {
		h.read(t, store.WithTurn(ctx, store.Turn{Caller: fmt.Sprint("later ", i), Name: "m/scan", Kind: store.Calls}))
	}
	waits(t, p, 6)
	for i := range 5 {
		if err := s.Read(of(t, "short", fmt.Sprint("m/short", i), store.Calls), func(store.Tx) error { return nil }); err != nil {
			t.Error(err)
		}
	}
	p.mu.Lock()
	if n := len(p.running); n != p.n {
		t.Errorf("%d reads run, want that the further ones wait", n)
	}
	p.mu.Unlock()
	giveUp()
	h.free(t, store.Calls)
}
