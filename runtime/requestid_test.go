package runtime

import (
	"net/http"
	"strings"
	"testing"

	"github.com/livec-lang/livec/runtime/internal/gateway"
	"github.com/livec-lang/livec/runtime/internal/proxy"
)

// TestRequestIDs has a call that fails in a way that no client is shown. The log names its request, as its answer does.
func TestRequestIDs(t *testing.T) {
	trusted, err := proxy.Parse("loopback")
	if err != nil {
		t.Fatal(err)
	}
	for name, proxies := range map[string]proxy.Trusted{"behind a proxy": trusted, "from a stranger": nil} {
		t.Run(name, func(t *testing.T) {
			s := startServer(t, func(o *Options) { o.TrustedProxies = proxies })
			front := s.listen(t)
			for _, given := range []string{"abc-1", "no good", ""} {
				r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, front.URL+gateway.RPCPath+"chat/internal", strings.NewReader("[]"))
				if err != nil {
					t.Fatal(err)
				}
				r.Header.Set("Content-Type", "application/json")
				r.Header.Set("X-Request-Id", given)
				answer, err := front.Client().Do(r)
				if err != nil {
					t.Fatal(err)
				}
				answer.Body.Close()
				id := answer.Header.Get("X-Request-Id")
				if id == "" || (id == given) != (given == "abc-1" && name == "behind a proxy") {
					t.Errorf("the request %q has the id %q", given, id)
				}
				if logs := s.logs.String(); given == "abc-1" && !strings.Contains(logs, "request="+id) {
					t.Errorf("the log does not name %q: %s", id, logs)
				}
			}
		})
	}
}

// TestMessageIDs has a call over a WebSocket fail. The log names the request that opened it, and the message.
func TestMessageIDs(t *testing.T) {
	s := startServer(t, func(o *Options) { o.TrustedProxies = loopback })
	c := dial(t, s.listen(t), http.Header{"X-Request-Id": {"conn-1"}})
	c.send(`[{"t":"hello","v":1,"h":"h1"},{"t":"call","id":7,"m":"chat/internal","a":[]}]`)
	if c.request != "conn-1" {
		t.Errorf("the answer to the upgrade has the id %q", c.request)
	}
	for m := c.next(); m["t"] != "err"; {
		m = c.next()
	}
	if logs := s.logs.String(); !strings.Contains(logs, "request=conn-1 message_id=7 address=127.0.0.1") {
		t.Errorf("the log does not name the request and the message: %s", logs)
	}
}
