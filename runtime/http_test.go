package runtime

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/livec-lang/livec/runtime/internal/gateway"
	"github.com/livec-lang/livec/runtime/wire"
)

// answer is the response to a request.
type answer struct {
	status int
	header http.Header
	body   string
}

func request(t *testing.T, front *httptest.Server, method, path, body string, header ...string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, front.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		if slices.Contains(header[:i], header[i]) {
			req.Header.Add(header[i], header[i+1])
			continue
		}
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := front.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(data)}
}

func TestRPCOverHTTP(t *testing.T) {
	s := startServer(t, nil)
	front := s.listen(t)
	tests := []struct {
		name, method, path, body string
		header                   []string
		status                   int
		want                     string
	}{
		{name: "array", path: "chat/echo", body: `["hi"]`, status: 200, want: `{"value":"hi"}`},
		{name: "object", path: "chat/echo", body: ` {"text":"hi"}`, status: 200, want: `{"value":"hi"}`},
		{name: "no body", path: "chat/whoami", status: 401, want: `{"error":{"code":"UNAUTHORIZED","message":"Log in first"}}`},
		{name: "write", path: "chat/promote", body: `["ann","admin"]`, status: 200, want: `{"value":""}`},
		{name: "as a user", path: "chat/whoami", body: `[]`, header: []string{"X-User", "ann"}, status: 200, want: `{"value":"admin"}`},
		{name: "refused", path: "chat/echo", body: `["hi"]`, header: []string{"X-User", "banned"}, status: 422,
			want: `{"error":{"code":"BANNED","message":"You may not come in"}}`},
		{name: "validation", path: "chat/send", body: `["LOBBY",""]`, status: 400,
			want: `{"error":{"code":"VALIDATION","message":"room must match /^[a-z]+$/","issues":[{"path":"/0",` +
				`"message":"must match /^[a-z]+$/"},{"path":"/1","message":"must not be empty"}]}}`},
		{name: "validation by name", path: "chat/send", body: `{"room":"lobby","text":""}`, status: 400,
			want: `{"error":{"code":"VALIDATION","message":"text must not be empty","issues":[{"path":"/text","message":"must not be empty"}]}}`},
		{name: "missing by name", path: "chat/send", body: `{"room":"lobby","txt":"x"}`, status: 400,
			want: `{"error":{"code":"VALIDATION","message":"text is required","issues":[{"path":"/text","message":"is required"},` +
				`{"path":"/txt","message":"is unknown"}]}}`},
		{name: "too few", path: "chat/send", body: `["lobby"]`, status: 400,
			want: `{"error":{"code":"VALIDATION","message":"The list of arguments must have at least 2 arguments","issues":[{"path":"",` +
				`"message":"must have at least 2 arguments"}]}}`},
		{name: "not JSON", path: "chat/echo", body: `["hi"`, status: 400,
			want: `{"error":{"code":"MALFORMED","message":"The body cannot be read: it ends too early"}}`},
		{name: "too deep", path: "chat/echo", body: strings.Repeat("[", 40) + strings.Repeat("]", 40), status: 400,
			want: `{"error":{"code":"VALIDATION","message":"A value is nested deeper than 31 levels"}}`},
		{name: "not found", path: "chat/nope", body: `[]`, status: 404,
			want: `{"error":{"code":"NOT_FOUND","message":"There is no rpc chat/nope"}}`},
		{name: "method", method: "GET", path: "chat/echo", status: 405, want: `{"error":{"code":"MALFORMED","message":"Call an rpc with POST"}}`},
		{name: "form", path: "chat/echo", body: `a=b`, header: []string{"Content-Type", "application/x-www-form-urlencoded"}, status: 415,
			want: `{"error":{"code":"MALFORMED","message":"Send the arguments as application/json"}}`},
		{name: "other origin", path: "chat/echo", body: `["hi"]`, header: []string{"Origin", "https://evil.example"}, status: 403,
			want: `{"error":{"code":"FORBIDDEN","message":"This origin may not call this server. List it among the app's origins."}}`},
		{name: "listed origin", path: "chat/echo", body: `["hi"]`, header: []string{"Origin", "https://app.example"}, status: 200,
			want: `{"value":"hi"}`},
		{name: "conflict", path: "chat/twice", body: `["x"]`, status: 409,
			want: `{"error":{"code":"CONFLICT","message":"A value that must be unique is already in use"}}`},
		{name: "app's code", path: "chat/fails", body: `[]`, status: 422, want: `{"error":{"code":"TEAPOT","message":"Short and stout"}}`},
		{name: "panic", path: "chat/boom", body: `[]`, status: 500,
			want: `{"error":{"code":"INTERNAL","message":"Something went wrong on the server"}}`},
		{name: "timeout", path: "chat/slow", body: `[]`, status: 504,
			want: `{"error":{"code":"TIMEOUT","message":"This took too long and was stopped"}}`},
		{name: "too large", path: "chat/echo", body: `["` + strings.Repeat("x", 64<<10) + `"]`, status: 413,
			want: `{"error":{"code":"PAYLOAD_TOO_LARGE","message":"At most 65536 bytes are allowed here"}}`},
		{name: "empty key", path: "chat/send", body: `["lobby","x"]`, header: []string{"Idempotency-Key", ""}, status: 400,
			want: `{"error":{"code":"VALIDATION","message":"The Idempotency-Key is empty; send a UUID of version 7, or no such header"}}`},
		{name: "several keys", path: "chat/send", body: `["lobby","x"]`, header: []string{"Idempotency-Key", "x", "Idempotency-Key", "y"},
			status: 400, want: `{"error":{"code":"VALIDATION","message":"There are several Idempotency-Keys, which differ; send one"}}`},
		{name: "bad key", path: "chat/send", body: `["lobby","x"]`, header: []string{"Idempotency-Key", "x"}, status: 400,
			want: `{"error":{"code":"MALFORMED","message":"An Idempotency-Key must be a UUID of version 7"}}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			method := http.MethodPost
			if test.method != "" {
				method = test.method
			}
			got := request(t, front, method, gateway.RPCPath+test.path, test.body, test.header...)
			if got.status != test.status || got.body != test.want {
				t.Errorf("got  %d %s\nwant %d %s", got.status, got.body, test.status, test.want)
			}
		})
	}
	preflight := request(t, front, http.MethodOptions, gateway.RPCPath+"chat/echo", "", "Origin", "https://app.example",
		"Access-Control-Request-Method", "POST")
	if preflight.status != 204 || preflight.header.Get("Access-Control-Allow-Origin") != "https://app.example" {
		t.Errorf("preflight: %v", preflight)
	}
	for range 2 {
		request(t, front, http.MethodPost, gateway.RPCPath+"chat/limited", `[]`)
	}
	if got := request(t, front, http.MethodPost, gateway.RPCPath+"chat/limited", `[]`); got.status != 429 ||
		got.header.Get("Retry-After") == "" {
		t.Errorf("over the rate: %v", got)
	}
}

func TestStreamOverHTTP(t *testing.T) {
	s := startServer(t, nil)
	front := s.listen(t)
	w := greet(t, front, "")
	w.do("chat/send", `["lobby","a"]`)
	for path, want := range map[string]answer{
		`chat/lines?args=["lobby"]`:  {status: 200, body: `{"value":["a"]}`},
		`chat/secret?args=["lobby"]`: {status: 200, body: `{"value":null,"off":true}`},
		`chat/nope`:                  {status: 404, body: `{"error":{"code":"NOT_FOUND","message":"There is no stream chat/nope"}}`},
		`chat/lines?args=[`: {status: 400, body: `{"error":{"code":"MALFORMED",` +
			`"message":"The query parameter args cannot be read: it ends too early"}}`},
	} {
		if got := request(t, front, http.MethodGet, gateway.StreamPath+path, ""); got.status != want.status || got.body != want.body {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
	if got := request(t, front, http.MethodPost, gateway.StreamPath+"chat/lines", "[]"); got.status != 405 {
		t.Errorf("POST: %d", got.status)
	}
}

func TestServerSentEvents(t *testing.T) {
	s := startServer(t, nil)
	front := s.listen(t)
	w := greet(t, front, "")
	w.do("chat/promote", `["ann","admin"]`)
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, front.URL+gateway.StreamPath+`chat/secret?args=["lobby"]`, nil)
	req.Header.Set("Accept", "text/event-stream")
	resp, err := front.Client().Do(req)
	if err != nil || resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%v %v", resp, err)
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	want := func(message string) {
		t.Helper()
		for lines.Scan() {
			data, ok := strings.CutPrefix(lines.Text(), "data: ")
			if !ok {
				continue
			}
			var got map[string]any
			if err := json.Unmarshal([]byte(data), &got); err != nil {
				t.Fatal(err)
			}
			if diff := differ(got, message); diff != "" {
				t.Fatal(diff)
			}
			return
		}
		t.Fatalf("the stream ended before %s", message)
	}
	want(`{"t":"snap","id":1,"c":"*","e":"*","s":0,"v":[]}`)
	w.do("chat/send", `["lobby","a"]`)
	want(`{"t":"ev","c":"*","s":1,"k":"set","v":["a"]}`)
	w.do("chat/send", `["lobby","a"]`)
	want(`{"t":"ev","c":"*","s":2,"k":"set","v":["a","a"]}`)
	w.do("chat/promote", `["ann","member"]`)
	want(`{"t":"end","id":1,"code":"FORBIDDEN","message":"Admins only","wait":true}`)
	w.do("chat/send", `["lobby","a"]`)
	w.do("chat/promote", `["ann","admin"]`)
	want(`{"t":"snap","id":1,"c":"*","e":"*","s":3,"v":["a","a","a"]}`)
	w.do("chat/promote", `["ann","member"]`)
	want(`{"t":"end","id":1,"code":"FORBIDDEN","message":"Admins only","wait":true}`)

	// A subscription that is refused from the start waits as well, but its value cannot be read at once.
	if resp, err = front.Client().Do(req.Clone(t.Context())); err != nil || resp.StatusCode != 200 {
		t.Fatalf("%v %v", resp, err)
	}
	defer resp.Body.Close()
	lines = bufio.NewScanner(resp.Body)
	want(`{"t":"err","id":1,"code":"FORBIDDEN","message":"Admins only","wait":true}`)
	w.do("chat/promote", `["ann","admin"]`)
	want(`{"t":"snap","id":1,"c":"*","e":"*","s":3,"v":["a","a","a"]}`)
	w.do("chat/promote", `["ann","member"]`)
	if got := request(t, front, http.MethodGet, gateway.StreamPath+`chat/secret?args=["lobby"]`, ""); got.status != 403 {
		t.Errorf("refused: %v", got)
	}
}

func TestServerSentEventsEndWithTheServer(t *testing.T) {
	s := startServer(t, nil)
	front := s.listen(t)
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, front.URL+gateway.StreamPath+`chat/lines?args=["lobby"]`, nil)
	req.Header.Set("Accept", "text/event-stream")
	resp, err := front.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(resp.Body); err != nil {
		t.Errorf("the stream broke off: %v", err)
	}
	if got := request(t, front, http.MethodPost, gateway.RPCPath+"chat/echo", `["x"]`); got.status != 503 {
		t.Errorf("after the end: %v", got)
	}
}

func TestSessionCookie(t *testing.T) {
	s := startServer(t, nil)
	front := s.listen(t)
	signIn := func(key string, header ...string) string {
		t.Helper()
		set := request(t, front, http.MethodPost, gateway.RPCPath+"chat/signIn", `["`+key+`"]`, header...).header.Get("Set-Cookie")
		cookie, attributes, _ := strings.Cut(set, ";")
		age := " Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax"
		if key == "" {
			age = " Path=/; Max-Age=0; HttpOnly; SameSite=Lax"
		}
		if attributes != age {
			t.Fatalf("the cookie is %q", set)
		}
		return cookie
	}
	ann, bob := signIn("ann"), signIn("bob")
	for cookie, want := range map[string]string{ann: `{"value":"ann"}`, bob: `{"value":"bob"}`, ann + "x": `{"value":""}`,
		"a=b": `{"value":""}`} {
		if got := request(t, front, http.MethodPost, gateway.RPCPath+"chat/session", `[]`, "Cookie", cookie); got.body != want {
			t.Errorf("the session of %s is %v", cookie, got)
		}
	}
	same, other := dial(t, front, http.Header{"Cookie": {ann}}), dial(t, front, http.Header{"Cookie": {bob}})
	for _, c := range []*client{same, other} {
		c.send(`{"t":"hello","v":1}`)
		c.next()
	}
	if got := signIn("", "Cookie", ann); got != "live_test=" {
		t.Errorf("the end of a session sets %q", got)
	}
	same.wantClose(wire.CloseSession)
	other.send(`{"t":"ping"}`)
	other.want(`{"t":"pong"}`)
}

func TestSessionsNeedASecret(t *testing.T) {
	s := startServer(t, func(o *Options) { o.Secret = nil })
	got := request(t, s.listen(t), http.MethodPost, gateway.RPCPath+"chat/signIn", `["ann"]`)
	if got.status != 500 || !strings.Contains(s.logs.String(), "set LIVE_SECRET") {
		t.Errorf("got %v, logs %s", got, s.logs)
	}
}

func TestOtherPaths(t *testing.T) {
	s := startServer(t, nil)
	front := s.listen(t)
	w := greet(t, front, "")
	w.do("chat/send", `["lobby","a"]`)
	if got := request(t, front, http.MethodGet, "/healthz", ""); got.status != 200 || got.body != `{"status":"ok"}` {
		t.Errorf("health: %v", got)
	}
	if got := request(t, front, http.MethodGet, "/_live/contract.json", ""); got.status != 200 || got.body != testContract {
		t.Errorf("contract: %v", got)
	}
	waitFor(t, "the metrics to count the call", func() bool {
		got := request(t, front, http.MethodGet, "/metrics", "")
		return got.status == 200 && strings.Contains(got.body, `live_calls_total{code="ok",entry_point="chat/send"} 1`) &&
			strings.Contains(got.body, "live_connections 1")
	})
	if got := request(t, front, http.MethodGet, "/_live/", ""); got.status != 200 ||
		!strings.HasPrefix(got.header.Get("Content-Type"), "text/html") {
		t.Errorf("console: %v", got)
	}
	if got := request(t, front, http.MethodGet, gateway.SocketPath, ""); got.status != http.StatusUpgradeRequired {
		t.Errorf("socket without upgrade: %v", got)
	}

	production := startServer(t, func(o *Options) { o.Production = true })
	if got := request(t, production.listen(t), http.MethodGet, "/_live/contract.json", ""); got.status != 404 {
		t.Errorf("contract in production: %v", got)
	}
}
