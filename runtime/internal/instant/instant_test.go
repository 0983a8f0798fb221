package instant

import (
	"testing"
	"time"

	"github.com/livec-lang/livec/runtime/clock"
)

// set is the machine's clock after it was set back: its readings have a monotonic part, which goes on.
type set struct {
	clock.System
	now func() time.Time
}

func (s set) Now() time.Time { return s.now() }

func TestSteady(t *testing.T) {
	start := time.Now()
	now := start
	c := New(set{now: func() time.Time { return now }})
	now = start.Add(time.Minute)
	if got := c.Steady().Sub(start.Round(0)); got != time.Minute {
		t.Errorf("%s after the start, want a minute", got)
	}
	manual := clock.NewManual(time.Unix(100, 0))
	c = New(manual)
	manual.Advance(time.Hour, nil)
	if got := c.Steady(); !got.Equal(time.Unix(100, 0).Add(time.Hour)) {
		t.Errorf("%s by a clock that a test has moved", got)
	}
}
