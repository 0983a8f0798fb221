package runtime

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/livec-lang/livec/runtime/internal/gateway"
	"github.com/livec-lang/livec/runtime/value"
)

// TestReturningToAPublishedStream leaves a stream, has a write change what its body reads without publishing anything, and returns with an
// offset. The client gets the new value. A stream that declares replay sends the events that were missed instead.
func TestReturningToAPublishedStream(t *testing.T) {
	type none struct{}
	h := &held{}
	reg := testRegistry(h)
	for name, replay := range map[string]Replay{"test/plain": {}, "test/replayed": {Count: 10}} {
		AddPublished(reg, Published[none]{
			Name: name, Mode: Read, Merge: Merge{Kind: MergeSet}, Replay: replay,
			Decode: func(d *value.Decoder) none {
				d.Array()
				d.End()
				return none{}
			},
			Open: func(*Call, *none) ([]byte, error) { return nil, nil },
			First: func(c *Call, _ *none, dst []byte) ([]byte, error) {
				rows, err := c.Rows(linesOf, "lobby")
				return fmt.Append(dst, len(rows)), err
			},
		})
	}
	s := startRegistry(t, h, reg, nil)
	c := greet(t, s.listen(t), "")
	lines := 0
	for name, resumes := range map[string]bool{"test/plain": false, "test/replayed": true} {
		c.send(fmt.Sprintf(`{"t":"sub","id":1,"m":%q,"a":[]}`, name))
		snap := c.want(fmt.Sprintf(`{"t":"snap","id":1,"c":"*","e":"*","s":0,"v":%d}`, lines))
		c.send(`{"t":"unsub","id":1}`)
		c.do("chat/send", `["lobby","a"]`)
		lines++
		c.send(fmt.Sprintf(`{"t":"sub","id":2,"m":%q,"a":[],"at":{"e":%q,"s":0}}`, name, snap["e"]))
		if resumes {
			c.want(`{"t":"live","id":2,"c":"*","e":"*","s":0}`)
		} else {
			c.want(fmt.Sprintf(`{"t":"snap","id":2,"c":"*","e":"*","s":0,"v":%d}`, lines))
		}
		c.send(`{"t":"unsub","id":2}`)
	}
}

// TestRefusedOriginsAreLogged checks that the log says which header was wrong and which setting allows the origin, but not for each
// request.
func TestRefusedOriginsAreLogged(t *testing.T) {
	more := "https://more.example"
	s := startApp(t, func(a *App) {
		a.Settings.EnvOrigins = func() map[string]*string { return map[string]*string{"SITES": &more} }
	}, nil)
	for range 20 {
		r := httptest.NewRequest(http.MethodPost, gateway.RPCPath+"chat/echo", strings.NewReader(`["a"]`))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Origin", "https://evil.example")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != http.StatusForbidden {
			t.Fatalf("status %d", w.Code)
		}
	}
	log := s.logs.String()
	n := strings.Count(log, "https://evil.example")
	if n != 1 || !strings.Contains(log, "header=Origin") || !strings.Contains(log, "`origins` of the app, SITES or --origins") {
		t.Errorf("the origin is logged %d times:\n%s", n, log)
	}
}
