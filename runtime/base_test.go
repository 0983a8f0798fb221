package runtime

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"github.com/livec-lang/livec/runtime/internal/gateway"
	"github.com/livec-lang/livec/runtime/wire"
)

// TestServerBelowABase calls over HTTP and over a WebSocket, and signs in, all below a path. At the root there is health alone.
func TestServerBelowABase(t *testing.T) {
	s := startServer(t, func(o *Options) { o.Base, o.TrustedProxies = "/app/v1/", loopback })
	front := s.listen(t)
	if got := request(t, front, http.MethodPost, "/app/v1"+gateway.RPCPath+"chat/echo", `["hi"]`); got.body != `{"value":"hi"}` {
		t.Errorf("a call gives %v", got)
	}
	if got := request(t, front, http.MethodGet, "/app/v1"+gateway.StreamPath+`chat/lines?args=["lobby"]`, ""); got.body != `{"value":[]}` {
		t.Errorf("a stream gives %v", got)
	}
	for path, want := range map[string]int{
		"/healthz": 200, "/readyz": 200, "/app/v1/healthz": 200, "/app/v1/readyz": 200, "/app/v1/metrics": 200,
		"/app/v1/_live/": 200, "/app/v1/_live": 200, "/app/v1/_live/main.js": 200,
		"/app/v1/_live/contract.json": 200, "/app/v1/_live/rooms.json": 200,
		"/metrics": 404, "/_live/": 404, "/_live/rooms.json": 404, gateway.RPCPath + "chat/echo": 404, gateway.SocketPath: 404,
		"/app/": 404, "/app/v1x/healthz": 404, "/": 404,
	} {
		if got := request(t, front, http.MethodGet, path, ""); got.status != want {
			t.Errorf("%s gives %v, want %d", path, got, want)
		}
	}

	root := front.URL
	front.URL += "/app/v1"
	c := greet(t, front, "")
	c.send(`{"t":"call","id":1,"m":"chat/echo","a":["hi"]}`)
	c.want(`{"t":"ok","id":1,"v":"hi","s":0}`)

	c.send(`{"t":"call","id":2,"m":"chat/signIn","a":["ann"]}`)
	c.want(`{"t":"err","id":2,"code":"USE_HTTP",` +
		`"message":"This starts or ends a session, so call it with POST /app/v1/_live/rpc/chat/signIn"}`)
	if got := request(t, front, http.MethodGet, "/_live/missing", ""); !strings.Contains(got.body, "The console is at /app/v1/_live/") {
		t.Errorf("what the console does not have gives %v", got)
	}

	for scheme, name := range map[string]string{"http": "live_test", "https": "__Secure-live_test"} {
		set, sent := signedIn(t, front, "ann", "X-Forwarded-Proto", scheme)
		if set.Name != name || set.Path != "/app/v1" || set.Secure != (scheme == "https") {
			t.Errorf("over %s the cookie is %v", scheme, set)
		}
		got := request(t, front, http.MethodPost, gateway.RPCPath+"chat/session", `[]`, "Cookie", sent, "X-Forwarded-Proto", scheme)
		if got.body != `{"value":"ann"}` {
			t.Errorf("over %s, signed in, one is %v", scheme, got)
		}
	}
	d := websocket.Dialer{Subprotocols: []string{wire.Subprotocol}}
	_, resp, err := d.Dial("ws"+strings.TrimPrefix(root, "http")+gateway.SocketPath, nil)
	if err == nil || resp == nil || resp.StatusCode != http.StatusNotFound {
		t.Errorf("a WebSocket at the root: %v, %v", resp, err)
	}
	if _, err := newServer(testRegistry(nil), Options{Store: s.store, Base: "app"}, newRequery); err == nil ||
		!strings.Contains(err.Error(), "Options.Base") {
		t.Errorf("a bad base: %v", err)
	}
}

// TestProgramBelowABase opens the pages of a server below a path: those of the web app, or the console.
func TestProgramBelowABase(t *testing.T) {
	web := t.TempDir()
	for name, text := range map[string]string{"index.html": "page", "app.js": "code"} {
		if err := os.WriteFile(filepath.Join(web, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		name string
		env  map[string]string
		want map[string]string // the start of what a path gives
	}{
		{"a web app", map[string]string{"LIVE_WEB": web}, map[string]string{
			"/": "page", "/app": "page", "/app/": "page", "/app/rooms/1": "page", "/app/app.js": "code", "/app/_live/": "<!doctype",
			"/app/missing.js": "404",
			"/app/healthz":    `{"status"`, "/healthz": `{"status"`, "/app.js": "404", "/_live/": "404",
		}},
		{"a web app in production", map[string]string{"LIVE_WEB": web, "LIVE_ENV": "production"}, map[string]string{
			"/": "404", "/app": "page", "/app/rooms/1": "page", "/healthz": `{"status"`, "/apple": "404",
		}},
		{"no web app", map[string]string{}, map[string]string{"/": "<!doctype", "/app": "<!doctype", "/app/": "<!doctype", "/x": "404"}},
	} {
		test.env["LIVE_BASE"] = "/app/"
		r := serveProgram(t, test.env)
		for path, want := range test.want {
			if _, body := r.get(t, r.addr, "", path); !strings.HasPrefix(body, want) {
				t.Errorf("%s: %s gives %.40q, want %q", test.name, path, body, want)
			}
		}
		r.stop()
		<-r.code
	}
}
