package runtime

import (
	"context"
	"errors"
	"net/http"
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
		o.TrustedProxies = loopback
		o.OnError = func(_ context.Context, entryPoint string, err error) {
			if entryPoint == "test/visited" {
				failures <- err
			}
		}
	})
	c := dial(t, s.listen(t), http.Header{"X-Request-Id": {"conn-1"}})
	c.send(`{"t":"hello","v":1,"h":"h1"}`)
	c.next()
	c.send(`{"t":"sub","id":5,"m":"test/visited","a":[]}`)
	c.want(`{"t":"snap","id":5,"c":"*","e":"*","s":0,"v":[]}`)
	c.send(`{"t":"unsub","id":5}`)
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
		if line := lineWith(s.logs.String(), want); !strings.Contains(line, "request=conn-1 message_id=5") {
			t.Errorf("the log does not have %s with its request:\n%s", want, s.logs)
		}
	}
}

// lineWith is the first line of a text that contains something; "" if there is none.
func lineWith(text, part string) string {
	for line := range strings.Lines(text) {
		if strings.Contains(line, part) {
			return line
		}
	}
	return ""
}
