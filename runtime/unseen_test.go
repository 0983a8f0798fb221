package runtime

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/livec-lang/livec/runtime/value"
)

// TestErrorsThatNobodyWaitsFor has what a stream runs for new subscribers fail, as `fail` does. The client goes on, and the error is logged
// and passed to the error hook.
func TestErrorsThatNobodyWaitsFor(t *testing.T) {
	type none struct{}
	h := &held{}
	reg := testRegistry(h)
	AddPublished(reg, Published[none]{
		Name: "test/visited", Merge: Merge{Kind: MergeLatest},
		Decode: func(d *value.Decoder) none {
			d.Array()
			d.End()
			return none{}
		},
		Open: func(*Call, *none) ([]byte, error) { return nil, nil },
		Lifecycle: Lifecycle[none]{
			Subscribed:   func(*Call, *none) error { return Fail("FULL", "There is no room left") },
			Unsubscribed: func(*Call, *none) error { return Fail("EMPTY", "Nobody is left") },
		},
	})
	failures := make(chan error, 2)
	s := startRegistry(t, h, reg, func(o *Options) {
		o.OnError = func(_ context.Context, entryPoint string, err error) {
			if entryPoint == "test/visited" {
				failures <- err
			}
		}
	})
	c := greet(t, s.listen(t), "")
	c.send(`{"t":"sub","id":1,"m":"test/visited","a":[]}`)
	c.want(`{"t":"snap","id":1,"c":"*","e":"*","s":0,"v":[]}`)
	c.send(`{"t":"unsub","id":1}`)
	for _, want := range []string{"FULL", "EMPTY"} {
		select {
		case err := <-failures:
			var failure *Error
			if !errors.As(err, &failure) || failure.Code != want {
				t.Errorf("the hook got %v, want %s", err, want)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("the hook did not get %s", want)
		}
		if !strings.Contains(s.logs.String(), want) {
			t.Errorf("the log does not have %s:\n%s", want, s.logs)
		}
	}
}
