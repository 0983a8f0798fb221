package runtime_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/livec-lang/livec/limits"
	live "github.com/livec-lang/livec/runtime"
	"github.com/livec-lang/livec/runtime/store/sqlite"
)

var revocations = flag.Int("rights", 500, "how many rights TestRights takes away")

// trial is one run of the rights test: persons who subscribe and call, and writers who grant and revoke rights.
type trial struct {
	t       *testing.T
	app     *rightsApp
	server  *live.Server
	persons []string

	acked   atomic.Uint64 // the last commit that was acknowledged
	ended   atomic.Int64  // number of rights revoked
	events  atomic.Int64  // number of events with posts that were checked
	snaps   atomic.Int64
	calls   atomic.Int64
	reopens atomic.Int64
	returns atomic.Int64 // number of returning clients who were sent the events they had missed

	mu     sync.Mutex
	beyond []string      // what was sent or run without a right
	found  chan struct{} // closed with the first such case
}

func (r *trial) wrong(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.beyond = append(r.beyond, fmt.Sprintf(format, args...)); len(r.beyond) == 1 {
		close(r.found)
	}
}

// mayRead reports whether a person had the right to a board after a commit.
func (r *trial) mayRead(person, board string, seq uint64) bool {
	role := r.app.history.at(person, seq)
	return role == "admin" || role != "" && r.app.history.at(memberKey(board, person), seq) != ""
}

// mightRead reports whether a person had it after the commit from, or after a later one up to the commit to.
func (r *trial) mightRead(person, board string, from, to uint64) bool {
	for _, seq := range r.app.history.changes(from, to, person, memberKey(board, person)) {
		if r.mayRead(person, board, seq) {
			return true
		}
	}
	return false
}

// changes are the commits in a range after which one of some rights may have changed.
func (h *history) changes(from, to uint64, rights ...string) []uint64 {
	all := []uint64{from}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, right := range rights {
		for _, c := range slices.Backward(h.lines[right]) {
			if c.seq <= from {
				break
			}
			if c.seq <= to {
				all = append(all, c.seq)
			}
		}
	}
	return all
}

// write grants and revokes rights, and posts, until enough rights were revoked.
func (r *trial) write(ctx context.Context, enough int, random *rand.Rand) {
	w := talk(r.t, r.server, "", nil)
	for int(r.ended.Load()) < enough && ctx.Err() == nil {
		n := 1
		if random.IntN(3) == 0 {
			n = 2 + random.IntN(4)
		}
		ids, frame, at := make([]uint64, n), "", w.mark()
		for i := range ids {
			ids[i] = w.id()
			if i > 0 {
				frame += ","
			}
			frame += r.action(random, ids[i])
		}
		switch {
		case n == 1:
		case random.IntN(2) == 0:
			frame = `{"t":"batch","q":true,"b":[` + frame + `]}`
		default:
			frame = "[" + frame + "]"
		}
		w.say(frame)
		for _, id := range ids {
			m := w.until(at, func(m *heard) bool { return m.ID == id })
			if m == nil || m.T != "ok" {
				r.wrong("a writer was answered %v", m)
				return
			}
			for old := r.acked.Load(); old < m.S && !r.acked.CompareAndSwap(old, m.S); old = r.acked.Load() {
			}
		}
		w.mu.Lock()
		w.all = w.all[:0]
		w.mu.Unlock()
	}
}

// action is the next message of a writer.
func (r *trial) action(random *rand.Rand, id uint64) string {
	person, board := r.persons[random.IntN(len(r.persons))], r.app.boards[random.IntN(len(r.app.boards))]
	switch random.IntN(10) {
	case 0, 1:
		return callText(id, "r/role", person, []string{"", "person", "person", "admin"}[random.IntN(4)])
	case 2, 3:
		return callText(id, "r/member", board, person, board)
	case 4, 5:
		return callText(id, "r/member", board, person, "")
	case 6:
		return callText(id, "r/ring", person, board)
	default:
		return callText(id, "r/post", board)
	}
}

// run runs a trial until enough rights were revoked or, with first, until the first mistake was found.
func (r *trial) run(enough int, first bool) {
	ctx, stop := context.WithCancel(r.t.Context())
	defer stop()
	var writers, viewers sync.WaitGroup
	seed := uint64(time.Now().UnixNano())
	r.t.Logf("seed %d", seed)
	var mu sync.Mutex
	var left []*viewer
	for i, person := range slices.Concat(r.persons, r.persons) {
		viewers.Go(func() {
			v := r.live(ctx, person, rand.New(rand.NewPCG(seed, uint64(i))))
			mu.Lock()
			defer mu.Unlock()
			left = append(left, v)
		})
	}
	done, finish := context.WithCancel(ctx)
	defer finish()
	if first {
		go func() {
			select {
			case <-r.found:
				finish()
			case <-done.Done():
			}
		}()
	}
	for i := range 4 {
		writers.Go(func() { r.write(done, enough, rand.New(rand.NewPCG(seed, uint64(100+i)))) })
	}
	writers.Wait()
	stop()
	viewers.Wait()
	r.server.Settle()
	if first {
		return
	}
	for _, v := range left {
		v.settled()
	}
	r.t.Logf("%d rights were taken away", r.ended.Load())
	r.t.Logf("%d events, %d snapshots and %d calls were checked", r.events.Load(), r.snaps.Load(), r.calls.Load())
	r.t.Logf("%d streams opened by themselves; %d returned to what they held", r.reopens.Load(), r.returns.Load())
	if r.reopens.Load() == 0 || r.events.Load() == 0 {
		r.t.Error("the trial shows nothing")
	}
}

func newTrial(t *testing.T, start func(*live.Registry, live.Options) (*live.Server, error)) *trial {
	app := &rightsApp{boards: []string{"a", "b", "c"}}
	app.history.lines = map[string][]change{}
	r := &trial{t: t, app: app, found: make(chan struct{}), persons: []string{"ann", "bob", "eve", "jim", "kim", "mia"}}
	app.ran = func(c *live.Call, who account, right string, seq uint64) {
		if c.Tx() == nil {
			return
		}
		name := c.Header("X-User")
		if want := app.history.at(*name, seq); want != who.Role || (who.ID != *name && want != "") {
			r.wrong("%s of %s ran as %v at commit %d, where it is %q", c.Path(), *name, who, seq, want)
		}
	}
	app.ends = func() { r.ended.Add(1) }
	logger := slog.New(slog.NewTextHandler(io.Discard, nil))
	reg := app.register()
	db, err := sqlite.Open(t.Context(), sqlite.Memory, reg.Tables(), sqlite.Options{Logger: logger})
	if err != nil {
		t.Fatal(err)
	}
	failed := func(_ context.Context, entryPoint string, err error) {
		if !errors.Is(err, context.Canceled) {
			r.wrong("%s failed: %v", entryPoint, err)
		}
	}
	r.server, err = start(reg, live.Options{Store: db, Logger: logger, Limits: limits.Values{limits.MaxLog: 8 << 10}, OnError: failed})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := r.server.Close(ctx); err != nil {
			t.Errorf("stopping the server: %v", err)
		}
		_ = db.Close()
	})
	return r
}

// TestRights revokes rights at random, in one transaction with what is written, in one frame, across connections and under load, while
// persons subscribe, call and publish. Nothing that results from a commit reaches those whose right has ended with it or before, and no
// call runs with a right that was revoked before.
func TestRights(t *testing.T) {
	r := newTrial(t, live.New)
	r.run(*revocations, false)
	for _, b := range r.beyond[:min(20, len(r.beyond))] {
		t.Error(b)
	}
	if n := len(r.beyond); n > 0 {
		t.Errorf("%d in all", n)
	}
}

// TestRightsTestFails tests the test: if watchers are notified of commits late, it must find messages sent without a right.
func TestRightsTestFails(t *testing.T) {
	r := newTrial(t, live.NewLate)
	r.run(20_000, true)
	if len(r.beyond) == 0 {
		t.Error("nothing was found")
	} else {
		t.Logf("after %d rights: %s", r.ended.Load(), r.beyond[0])
	}
}
