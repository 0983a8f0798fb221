package runtime

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/livec-lang/livec/runtime/auth"
	"github.com/livec-lang/livec/runtime/internal/gateway"
	"github.com/livec-lang/livec/runtime/signin"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/store/sqlite"
	"github.com/livec-lang/livec/runtime/wire"
)

// TestTwoAppsOnAHost checks that two apps on one host do not replace each other's cookies: cookies do not distinguish ports, so each app
// has its own name.
func TestTwoAppsOnAHost(t *testing.T) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	var apps []*httptest.Server
	for _, name := range []string{"Chat", "Board"} {
		s := startApp(t, func(app *App) { app.Name = name }, nil)
		apps = append(apps, s.listen(t))
	}
	call := func(app int, rpc, args string) string {
		t.Helper()
		resp, err := browser.Post(apps[app].URL+gateway.RPCPath+rpc, "application/json", strings.NewReader(args))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	want := func(users ...string) {
		t.Helper()
		for app, user := range users {
			if got := call(app, "chat/session", `[]`); got != `{"value":"`+user+`"}` {
				t.Errorf("app %d answers %s, want %s", app, got, user)
			}
		}
	}
	call(0, "chat/signIn", `["ann"]`)
	want("ann", "")
	call(1, "chat/signIn", `["bob"]`)
	want("ann", "bob")
	call(0, "chat/signIn", `[""]`)
	want("", "bob")
	call(1, "chat/signIn", `[""]`)
	want("", "")
}

// signedIn signs a user in over HTTP, and returns the cookie as it was set and as a browser sends it back.
func signedIn(t *testing.T, front *httptest.Server, user string, header ...string) (set *http.Cookie, sent string) {
	t.Helper()
	got := request(t, front, http.MethodPost, gateway.RPCPath+"chat/signIn", `["`+user+`"]`, header...)
	list := (&http.Response{Header: got.header}).Cookies()
	if len(list) != 1 {
		t.Fatalf("signing in gives %v", got)
	}
	return list[0], list[0].Name + "=" + list[0].Value
}

// loopback is where the clients of tests are.
var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

func TestSecureCookies(t *testing.T) {
	plain := func(s *testServer) *httptest.Server { return s.listen(t) }
	secure := func(s *testServer) *httptest.Server {
		front := httptest.NewTLSServer(s)
		t.Cleanup(front.Close)
		return front
	}
	proxied := []string{"X-Forwarded-Proto", "https"}
	for name, test := range map[string]struct {
		listen     func(*testServer) *httptest.Server
		production bool
		option     Switch
		header     []string
		stranger   bool // the proxy is not trusted
		want       bool
	}{
		"HTTP in development":             {listen: plain},
		"HTTPS":                           {listen: secure, want: true},
		"HTTPS that a proxy ends":         {listen: plain, header: proxied, want: true},
		"HTTPS that a stranger claims":    {listen: plain, header: proxied, stranger: true},
		"production":                      {listen: plain, production: true, want: true},
		"production, off":                 {listen: plain, production: true, option: Off},
		"HTTPS, off":                      {listen: secure, option: Off},
		"HTTPS that a proxy ends, off":    {listen: plain, header: proxied, option: Off},
		"HTTP in development, on":         {listen: plain, option: On, want: true},
		"HTTPS that a proxy ends, but on": {listen: plain, header: proxied, option: On, want: true},
	} {
		t.Run(name, func(t *testing.T) {
			front := test.listen(startServer(t, func(o *Options) {
				o.Production, o.SecureCookies = test.production, test.option
				if !test.stranger {
					o.TrustedProxies = loopback
				}
			}))
			set, sent := signedIn(t, front, "ann", test.header...)
			wantName := "live_test"
			if test.want {
				wantName = "__Host-live_test"
			}
			fixed := set.HttpOnly && set.SameSite == http.SameSiteLaxMode && set.Path == "/" && set.Domain == ""
			if set.Name != wantName || set.Secure != test.want || !fixed {
				t.Errorf("the cookie is %v", set)
			}
			// A cookie that another site of the host, or another scheme, may have set is ignored.
			renamed := strings.Replace("__Host-"+sent, "__Host-__Host-", "", 1)
			for cookie, want := range map[string]string{sent: `{"value":"ann"}`, renamed: `{"value":""}`} {
				header := append(slices.Clone(test.header), "Cookie", cookie)
				if got := request(t, front, http.MethodPost, gateway.RPCPath+"chat/session", `[]`, header...); got.body != want {
					t.Errorf("with %s one is %v, want %s", cookie, got, want)
				}
			}
		})
	}
}

// TestSecretsAreRotated restarts a server with a new secret before the old one, and then without the old one.
func TestSecretsAreRotated(t *testing.T) {
	first, second := bytes.Repeat([]byte("s"), 32), bytes.Repeat([]byte("t"), 32)
	s := startServer(t, nil) // with the first
	front := s.listen(t)
	_, before := signedIn(t, front, "ann")
	with := func(secrets ...[]byte) {
		t.Helper()
		if err := s.sessions.Sign(secrets); err != nil {
			t.Fatal(err)
		}
	}
	want := func(cookie, user string) {
		t.Helper()
		if got := request(t, front, http.MethodPost, gateway.RPCPath+"chat/session", `[]`, "Cookie", cookie); got.body != `{"value":"`+user+`"}` {
			t.Errorf("got %v, want %q", got, user)
		}
	}
	want(before, "ann")
	with(second, first)
	want(before, "ann")
	_, after := signedIn(t, front, "bob")
	with(second)
	want(before, "")
	want(after, "bob")
	with(first)
	want(after, "") // signed by the first of several secrets

	for want, change := range map[string]func(*Options){
		"it has 5 bytes":                func(o *Options) { o.Secret = []byte("short") },
		"secret 2 of 2: it has 5 bytes": func(o *Options) { o.OldSecrets = [][]byte{[]byte("short")} },
		"but not Options.Secret":        func(o *Options) { o.Secret, o.OldSecrets = nil, [][]byte{first} },
	} {
		opt := s.opt
		change(&opt)
		if _, err := New(s.reg, opt); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestSecretsOfTheEnvironment(t *testing.T) {
	a, b := strings.Repeat("a", 32), strings.Repeat("b", 33)
	for text, want := range map[string][]string{a: {a}, a + "," + b: {a, b}, " " + b + " ,\t" + a + "\n": {b, a}} {
		got, err := readSecrets(text)
		if err != nil || string(bytes.Join(got, []byte("|"))) != strings.Join(want, "|") {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	p, _, _ := testProgram(map[string]string{"LIVE_SECRET": a + "," + b, "LIVE_SESSION_AGE": "7d", "LIVE_SECURE_COOKIES": "no"})
	opt := Options{Production: true}
	if err := p.signing(&opt, "x.db"); err != nil {
		t.Fatal(err)
	}
	if string(opt.Secret) != a || len(opt.OldSecrets) != 1 || opt.SessionAge != 7*24*time.Hour || opt.SecureCookies != Off {
		t.Errorf("the options are %+v", opt)
	}
}

// TestEventsEndWithTheSession checks that a stream of server-sent events, and a socket, end with their session.
func TestEventsEndWithTheSession(t *testing.T) {
	s := startServer(t, nil)
	front := s.listen(t)
	_, cookie := signedIn(t, front, "ann")
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, front.URL+gateway.StreamPath+`chat/lines?args=["lobby"]`, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set("Cookie", cookie)
	resp, err := front.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	socket := dial(t, front, http.Header{"Cookie": {cookie}})
	socket.send(`{"t":"hello","v":1}`)
	socket.next()
	if got := request(t, front, http.MethodPost, gateway.RPCPath+"chat/signIn", `[""]`, "Cookie", cookie); got.status != 200 {
		t.Fatalf("signing out gives %v", got)
	}
	socket.wantClose(wire.CloseSession)
	if _, err := io.ReadAll(resp.Body); err != nil {
		t.Errorf("the stream of events broke off: %v", err)
	}
}

// TestSeenIsWritten checks that the use of a session is recorded, once in an hour.
func TestSeenIsWritten(t *testing.T) {
	start := time.Date(2026, 1, 31, 9, 30, 0, 0, time.UTC)
	var after atomic.Int64
	s := startServer(t, func(o *Options) { o.Clock = at(func() time.Time { return start.Add(time.Duration(after.Load())) }) })
	front := s.listen(t)
	_, cookie := signedIn(t, front, "ann")
	use := func() (seen time.Time) {
		t.Helper()
		request(t, front, http.MethodPost, gateway.RPCPath+"chat/session", `[]`, "Cookie", cookie)
		s.Settle()
		_, value, _ := strings.Cut(cookie, "live_test=")
		token, _ := s.sessions.Open(value)
		err := s.store.Read(t.Context(), func(tx store.Tx) error {
			row, err := tx.Get(signin.Table, []any{token.ID()})
			if err == nil && row != nil {
				seen = time.UnixMilli(row[3].(int64)).UTC()
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return seen
	}
	for _, step := range []struct{ at, want time.Duration }{
		{0, 0}, {59 * time.Minute, 0}, {time.Hour, time.Hour}, {2*time.Hour - time.Minute, time.Hour}, {5 * time.Hour, 5 * time.Hour},
	} {
		after.Store(int64(step.at))
		if got := use(); !got.Equal(start.Add(step.want)) {
			t.Errorf("after %s it was seen at %s", step.at, got)
		}
	}
}

// TestNoSessions checks that an app without sessions starts none.
func TestNoSessions(t *testing.T) {
	s := startApp(t, func(app *App) { app.Sessions = false }, nil)
	got := request(t, s.listen(t), http.MethodPost, gateway.RPCPath+"chat/signIn", `["ann"]`)
	if got.status != 500 || !strings.Contains(s.logs.String(), "set App.Sessions") {
		t.Errorf("got %v, logs %s", got, s.logs)
	}
	if _, err := s.StartSession(t.Context(), "ann", httptest.NewRequest(http.MethodGet, "/", nil)); err == nil {
		t.Error("a session starts")
	}
}

// TestRehearsal checks that calls that start a session do not hold up those that write: they compare passwords, and fail, without a write
// transaction.
func TestRehearsal(t *testing.T) {
	right := auth.HashPassword("right")
	var mu sync.Mutex
	var hashes []string
	signIn := simple("chat/passwords", Write, 1, func(c *Call, a []string) (string, error) {
		c.Log().Info("somebody comes")
		ok, err := c.CheckPassword(a[0], right)
		if err != nil {
			return "", err
		}
		if !ok {
			return "", Fail("WRONG", "This is wrong")
		}
		one, two := c.HashPassword("new"), c.HashPassword("new")
		mu.Lock()
		hashes = append(hashes, one, two)
		mu.Unlock()
		return a[0], c.StartSession(a[0])
	})
	signIn.Session = true
	reg := testRegistry(&held{})
	AddRPC(reg, signIn)
	logs := &lockedBuffer{}
	db, err := sqlite.Open(t.Context(), sqlite.Memory, reg.Tables(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	opt := Options{Store: db, Secret: bytes.Repeat([]byte("s"), 32), Logger: slog.New(slog.NewTextHandler(logs, nil))}
	s, err := newServer(reg, opt, newRequery)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(s.Close(context.Background()), db.Close()); err != nil {
			t.Error(err)
		}
	})
	front := httptest.NewServer(s)
	t.Cleanup(front.Close)
	logged := func() int { return strings.Count(logs.String(), "somebody comes") }

	// Keep the writer busy.
	busy, free := make(chan struct{}), make(chan struct{})
	s.store.Submit(t.Context(), func(store.Tx) error { close(busy); <-free; return nil }, func(store.Commit, error) {})
	<-busy
	if got := request(t, front, http.MethodPost, gateway.RPCPath+"chat/passwords", `["wrong"]`); got.status != 422 || logged() != 1 {
		t.Errorf("a wrong password gives %v, and is logged %d times", got, logged())
	}
	close(free)
	got := request(t, front, http.MethodPost, gateway.RPCPath+"chat/passwords", `["right"]`)
	if got.status != 200 || got.header.Get("Set-Cookie") == "" || logged() != 2 {
		t.Errorf("the right password gives %v, and is logged %d times", got, logged())
	}
	if len(hashes) != 4 || hashes[0] == hashes[1] || hashes[0] != hashes[2] || hashes[1] != hashes[3] {
		t.Errorf("the rehearsal and the call have hashed %v", hashes)
	}
}
