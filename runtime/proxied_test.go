package runtime

import (
	"net/http"
	"strings"
	"testing"

	"github.com/livec-lang/livec/runtime/internal/gateway"
)

// TestCallersBehindAProxy has clients call through a proxy: each has its own address, but those of one IPv6 network count together.
func TestCallersBehindAProxy(t *testing.T) {
	front := startServer(t, func(o *Options) { o.TrustedProxies = loopback }).listen(t)
	for _, test := range []struct {
		from   string
		status int
	}{
		{"192.0.2.1", 200}, {"192.0.2.1", 200}, {"192.0.2.1", 429}, {"9.9.9.9, 192.0.2.1", 429}, {"192.0.2.2", 200},
		{"2001:db8:1:2::1", 200}, {"2001:db8:1:2:3:4:5:6", 200}, {"2001:db8:1:2::9", 429}, {"2001:db8:1:3::1", 200},
	} {
		got := request(t, front, http.MethodPost, gateway.RPCPath+"chat/limited", `[]`, "X-Forwarded-For", test.from)
		if got.status != test.status {
			t.Errorf("from %s: %v", test.from, got)
		}
	}
}

// TestHeadersOfStrangers sends headers of a proxy without being one: the peer counts, and the log says once which setting there is.
func TestHeadersOfStrangers(t *testing.T) {
	s := startServer(t, nil)
	front := s.listen(t)
	for i, from := range []string{"192.0.2.1", "192.0.2.2", "192.0.2.3"} {
		got := request(t, front, http.MethodPost, gateway.RPCPath+"chat/limited", `[]`, "X-Forwarded-For", from)
		if want := []int{200, 200, 429}[i]; got.status != want {
			t.Errorf("call %d: %v", i+1, got)
		}
	}
	if n := strings.Count(s.logs.String(), "LIVE_TRUSTED_PROXIES"); n != 1 {
		t.Errorf("%d warnings: %s", n, s.logs)
	}
}

// TestOriginsBehindAProxy asks which pages may call a server that a proxy reaches under another name.
func TestOriginsBehindAProxy(t *testing.T) {
	front := startServer(t, func(o *Options) { o.TrustedProxies = loopback }).listen(t)
	https := []string{"X-Forwarded-Host", "site.example", "X-Forwarded-Proto", "https"}
	own := front.Listener.Addr().String()
	for _, test := range []struct {
		origin string
		header []string
		status int
	}{
		{"https://site.example", https, 200},
		{"http://site.example", https, 403},
		{"https://evil.example", https, 403},
		{"http://" + own, https, 403},
		{"http://" + own, nil, 200},
		{"https://" + own, nil, 200}, // a proxy that says nothing may end TLS
		{"https://site.example", nil, 403},
	} {
		header := append([]string{"Origin", test.origin}, test.header...)
		if got := request(t, front, http.MethodPost, gateway.RPCPath+"chat/session", `[]`, header...); got.status != test.status {
			t.Errorf("%s with %v: %v", test.origin, test.header, got)
		}
	}
}
