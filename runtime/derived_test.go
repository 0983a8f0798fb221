package runtime_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/livec-lang/livec/limits"
	live "github.com/livec-lang/livec/runtime"
	"github.com/livec-lang/livec/runtime/livetest"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/store/sqlite"
)

// failing is a store that can be made to fail what callers and derived streams read.
type failing struct {
	store.Store
	fails  atomic.Bool
	failed atomic.Int64
}

func (s *failing) Read(ctx context.Context, fn func(store.Tx) error) error {
	if s.fails.Load() && store.TurnOf(ctx).Kind == store.Calls {
		s.failed.Add(1)
		return fmt.Errorf("%w: disk I/O error", store.ErrUnavailable)
	}
	return s.Store.Read(ctx, fn)
}

// TestDerivedLosesNoChange has a few clients subscribe to many values of a derived stream, on a server where few reads may wait, and
// writes in bursts: in the end all show the last write. Then reads fail for a while: all keep the old value, and get the new one
// afterwards.
func TestDerivedLosesNoChange(t *testing.T) {
	reg := together(&journal{})
	live.AddDerived(reg, live.Derived[strs]{
		Name: "t/dash", Mode: live.Read, Debounce: 100 * time.Millisecond, Decode: decodeStrs(1),
		Open: func(_ *live.Call, a *strs) ([]byte, live.Hidden, error) {
			topic, err := json.Marshal(*a)
			return topic, live.Hidden{}, err
		},
		Compute: func(c *live.Call, _ *strs, dst []byte) ([]byte, error) {
			rows, err := c.Rows(allNotes)
			return strconv.AppendInt(dst, int64(len(rows)), 10), err
		},
	})
	few := limits.Values{limits.MaxReads: 4, limits.MaxReadsPerCaller: 2, limits.Readers: 2, limits.MaxReadWait: 1}
	log := slog.New(slog.DiscardHandler)
	db, err := sqlite.Open(t.Context(), sqlite.Memory, reg.Tables(), sqlite.Options{Logger: log, Queries: reg.Queries(), Limits: few})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	s := &failing{Store: db}
	env := livetest.New(t, reg, func(o *live.Options) { o.Store, o.Limits = s, few })
	var streams []*livetest.Stream
	for i := range 3 {
		c := env.Connect("user " + strconv.Itoa(i))
		for k := range 60 {
			streams = append(streams, c.Subscribe("t/dash", strconv.Itoa(i)+" "+strconv.Itoa(k)))
		}
	}
	writer, written := env.Connect("writer"), 0
	write := func(n int) {
		for range n {
			written++
			writer.MustCall("t/put", strconv.Itoa(written), "x")
		}
		env.Advance(100 * time.Millisecond)
	}
	shows := func(n int) {
		t.Helper()
		wrong := 0
		for _, s := range streams {
			if s.Value().String() != strconv.Itoa(n) {
				wrong++
			}
		}
		if wrong > 0 {
			t.Fatalf("%d of %d subscribers do not see the value %d", wrong, len(streams), n)
		}
	}
	for range 5 {
		write(3)
	}
	shows(15)

	s.fails.Store(true)
	write(3)
	shows(15)
	env.Advance(time.Minute)
	shows(15)
	if tries := s.failed.Load(); tries < int64(2*len(streams)) || tries > int64(20*len(streams)) {
		t.Errorf("%d reads have failed for %d values in a minute", tries, len(streams))
	}
	s.fails.Store(false)
	env.Advance(time.Minute)
	shows(18)
	write(1)
	shows(19)
	if errors := env.Errors(); len(errors) > 0 {
		t.Errorf("the error hook got %v", errors)
	}
}
