package app_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/livec-lang/livec/generated/signin/app"
	live "github.com/livec-lang/livec/runtime"
	"github.com/livec-lang/livec/runtime/clock"
	"github.com/livec-lang/livec/runtime/livetest"
)

const (
	jwtKey   = "0123456789abcdef0123456789abcdef"
	password = "a long password"
	month    = 30 * 24 * time.Hour
)

func start(t *testing.T, change ...func(*live.Options)) *livetest.Env {
	t.Helper()
	settings := func(o *live.Options) { o.LookupEnv = environment("JWT_KEY", jwtKey) }
	return livetest.New(t, app.NewRegistry(), append([]func(*live.Options){settings}, change...)...)
}

// environment is settings by name, one after the other.
func environment(pairs ...string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1], true
			}
		}
		return "", false
	}
}

// call calls an rpc over HTTP as a browser with these headers does, and gives its value, or the code of its error, and the cookies that
// the browser has then.
func call(t *testing.T, env *livetest.Env, h http.Header, rpc, args string) (value string, after http.Header) {
	t.Helper()
	sent := h.Clone()
	if sent == nil {
		sent = http.Header{}
	}
	sent.Set("Content-Type", "application/json")
	w := env.Request(http.MethodPost, "/_live/rpc/"+rpc, sent, args)
	var answer struct {
		Value json.RawMessage
		Error struct{ Code string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatalf("%s: %v: %s", rpc, err, w.Body)
	}
	after = h
	for _, c := range w.Result().Cookies() {
		if after = (http.Header{}); c.MaxAge >= 0 {
			after.Set("Cookie", c.Name+"="+c.Value)
		}
	}
	if answer.Error.Code != "" {
		return answer.Error.Code, after
	}
	return string(answer.Value), after
}

func signUp(t *testing.T, env *livetest.Env, email string) (id string, browser http.Header) {
	t.Helper()
	value, browser := call(t, env, nil, "std/auth/signUp", `["`+email+`","`+password+`","Somebody"]`)
	var account struct{ ID string }
	if err := json.Unmarshal([]byte(value), &account); err != nil || browser == nil {
		t.Fatalf("signing up gives %s, %v", value, browser)
	}
	return account.ID, browser
}

func signIn(t *testing.T, env *livetest.Env, email, password string) http.Header {
	t.Helper()
	value, browser := call(t, env, nil, "std/auth/signIn", `["`+email+`","`+password+`"]`)
	if browser == nil {
		t.Fatalf("signing in gives %s", value)
	}
	return browser
}

// wantMe checks whom the server takes a browser for, over HTTP and over a new connection.
func wantMe(t *testing.T, env *livetest.Env, h http.Header, want string) {
	t.Helper()
	for _, rpc := range []string{"board/me", "board/who"} {
		if got, _ := call(t, env, h, rpc, `[]`); got != want {
			t.Errorf("over HTTP %s is %s, want %s", rpc, got, want)
		}
	}
	c := env.ConnectWith(h)
	defer c.Disconnect()
	if got := c.MustCall("board/me").String(); got != want {
		t.Errorf("over a connection it is %s, want %s", got, want)
	}
}

// wantClosed checks that a client was closed with 4004, was sent nothing of what was written since it held n rows, and comes back as
// nobody.
func wantClosed(t *testing.T, c *livetest.Client, notes *livetest.Stream, n int) {
	t.Helper()
	if code, reason := c.Closed(); code != 4004 {
		t.Errorf("closed with %d %s, want 4004", code, reason)
	}
	if v := notes.Value(); v.Len() != n {
		t.Errorf("it holds %s, want %d rows", v, n)
	}
	c.Reconnect()
	if got := c.MustCall("board/me").String(); got != "null" {
		t.Errorf("it comes back as %s", got)
	}
	if code := live.CodeOf(notes.Err()); code != "UNAUTHORIZED" {
		t.Errorf("its stream gives %s", code)
	}
}

const (
	ann = `"ann@example.com"`
	bob = `"bob@example.com"`
)

// TestSignOut is L12: neither a copy of the cookie nor a second tab is signed in behind it.
func TestSignOut(t *testing.T) {
	env := start(t)
	_, browser := signUp(t, env, "ann@example.com")
	_, other := signUp(t, env, "bob@example.com")
	stolen := browser.Clone()
	wantMe(t, env, stolen, ann)
	tab, secondTab, bobs := env.ConnectWith(browser), env.ConnectWith(browser), env.ConnectWith(other)
	rows, secondRows, bobsRows := tab.Subscribe("board/notes"), secondTab.Subscribe("board/notes"), bobs.Subscribe("board/notes")
	bobs.MustCall("board/write", "for all")
	if value, after := call(t, env, browser, "std/auth/signOut", `[]`); value != "null" || after.Get("Cookie") != "" {
		t.Fatalf("signing out gives %s, %v", value, after)
	}
	bobs.MustCall("board/write", "for Bob")
	wantClosed(t, tab, rows, 1)
	wantClosed(t, secondTab, secondRows, 1)
	wantMe(t, env, stolen, "null")
	wantMe(t, env, other, bob)
	if v := bobsRows.Value(); v.Len() != 2 {
		t.Errorf("Bob holds %s", v)
	}
	again := signIn(t, env, "ann@example.com", password)
	wantMe(t, env, again, ann)
	wantMe(t, env, stolen, "null")
}

// TestChangePassword is L12: all others who are signed in to the account no longer are.
func TestChangePassword(t *testing.T) {
	env := start(t)
	_, browser := signUp(t, env, "ann@example.com")
	_, bobs := signUp(t, env, "bob@example.com")
	stolen, phone := browser.Clone(), signIn(t, env, "ann@example.com", password)
	own, other := env.ConnectWith(browser), env.ConnectWith(phone)
	ownRows, otherRows := own.Subscribe("board/notes"), other.Subscribe("board/notes")
	if value, _ := call(t, env, browser, "std/auth/changePassword", `["wrong","another password"]`); value != "WRONG_CREDENTIALS" {
		t.Errorf("with a wrong password: %s", value)
	}
	if code, _ := other.Closed(); code != 0 {
		t.Errorf("the phone is closed with %d by what failed", code)
	}
	value, after := call(t, env, browser, "std/auth/changePassword", `["`+password+`","another password"]`)
	if value != "null" || after.Get("Cookie") == "" || after.Get("Cookie") == browser.Get("Cookie") {
		t.Fatalf("it gives %s, and the cookie %v", value, after)
	}
	env.ConnectWith(bobs).MustCall("board/write", "for Bob")
	wantClosed(t, other, otherRows, 0)
	wantClosed(t, own, ownRows, 0) // a browser comes back with the new cookie
	wantMe(t, env, phone, "null")
	wantMe(t, env, stolen, "null")
	wantMe(t, env, after, ann)
	wantMe(t, env, bobs, bob)
}

func TestEndSessions(t *testing.T) {
	env := start(t)
	id, browser := signUp(t, env, "ann@example.com")
	_, bobs := signUp(t, env, "bob@example.com")
	phone := signIn(t, env, "ann@example.com", password)
	c, admin := env.ConnectWith(phone), env.ConnectWith(bobs)
	rows := c.Subscribe("board/notes")
	if n := admin.MustCall("board/ban", id).String(); n != "2" {
		t.Errorf("%s sessions ended", n)
	}
	admin.MustCall("board/write", "for Bob")
	wantClosed(t, c, rows, 0)
	wantMe(t, env, browser, "null")
	wantMe(t, env, bobs, bob)
	admin.MustCall("board/banQuietly", id)
	if n := admin.MustCall("board/ban", id).String(); n != "0" {
		t.Errorf("%s sessions ended where there are none", n)
	}
}

func TestSessionOfAnotherUser(t *testing.T) {
	env := start(t)
	_, browser := signUp(t, env, "ann@example.com")
	tab := env.ConnectWith(browser)
	value, after := call(t, env, browser, "std/auth/signUp", `["bob@example.com","`+password+`","Bob"]`)
	wantMe(t, env, after, bob)
	wantMe(t, env, browser, "null") // its place is taken
	if code, _ := tab.Closed(); code != 4004 {
		t.Errorf("%s, and the other tab is closed with %d", value, code)
	}
}

func TestInOneCall(t *testing.T) {
	env := start(t)
	id, browser := signUp(t, env, "ann@example.com")
	value, after := call(t, env, nil, "board/around", `["`+id+`"]`)
	if want := `["-","ann@example.com","-"]`; value != want {
		t.Errorf("it was %s, want %s", value, want)
	}
	wantMe(t, env, after, ann)
	if value, after := call(t, env, nil, "board/signInAndFail", `["`+id+`"]`); value != "CHANGED_MIND" || after != nil {
		t.Errorf("a call that fails gives %s, %v", value, after)
	}
	if n, _ := call(t, env, nil, "board/ban", `["`+id+`"]`); n != "2" {
		t.Errorf("there are %s sessions, want those of signing up and of the call", n)
	}
	wantMe(t, env, browser, "null")
	call(t, env, nil, "board/deleteAccount", `["`+id+`"]`)
}

func TestUserIsGone(t *testing.T) {
	env := start(t)
	id, browser := signUp(t, env, "ann@example.com")
	tab := env.ConnectWith(browser)
	call(t, env, nil, "board/deleteAccount", `["`+id+`"]`)
	if code, _ := tab.Closed(); code != 4004 {
		t.Errorf("closed with %d", code)
	}
	wantMe(t, env, browser, "null")
}

func TestSessionRunsOut(t *testing.T) {
	for name, c := range map[string]struct {
		age    time.Duration // of Options
		really time.Duration
	}{"a month": {0, month}, "an hour": {time.Hour, time.Hour}} {
		t.Run(name, func(t *testing.T) {
			env := start(t, func(o *live.Options) { o.SessionAge = c.age })
			id, browser := signUp(t, env, "ann@example.com")
			tab := env.ConnectWith(browser)
			rows, guarded := tab.Subscribe("board/notes"), tab.Subscribe("board/sessionNotes")
			env.Advance(c.really - time.Second)
			wantMe(t, env, browser, ann)
			tab.MustCall("board/write", "in time")
			if code, _ := tab.Closed(); code != 0 || guarded.Value().Len() != 1 {
				t.Fatalf("closed with %d before its end", code)
			}
			env.Advance(time.Second)
			_, bobs := signUp(t, env, "bob@example.com")
			if _, err := env.ConnectWith(bobs).Call("board/write", "too late"); err != nil {
				t.Error(err)
			}
			wantClosed(t, tab, rows, 1)
			wantMe(t, env, browser, "null")
			env.Advance(time.Hour)
			if n, _ := call(t, env, nil, "board/ban", `["`+id+`"]`); n != "0" {
				t.Errorf("%s sessions are left behind", n)
			}
		})
	}
}

// TestLateTimer has a session run out without the timer of the connection: the next message finds it out.
func TestLateTimer(t *testing.T) {
	for name, message := range map[string]func(*livetest.Client) error{
		"call": func(c *livetest.Client) error { _, err := c.Call("board/write", "too late"); return err },
		"batch": func(c *livetest.Client) error {
			c.Send(`{"t":"batch","b":[{"t":"call","id":900,"m":"board/write","a":["too late"]}]}`)
			return nil
		},
		"sub": func(c *livetest.Client) error { c.Send(`{"t":"sub","id":901,"m":"board/notes","a":[]}`); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			var ahead atomic.Int64
			env := start(t, func(o *live.Options) {
				o.Clock = aheadClock{o.Clock, &ahead}
			})
			_, browser := signUp(t, env, "ann@example.com")
			tab := env.ConnectWith(browser)
			rows := tab.Subscribe("board/notes")
			ahead.Store(int64(month))
			if err := message(tab); name == "call" && err == nil {
				t.Error("the call is answered")
			}
			wantClosed(t, tab, rows, 0)
			ahead.Store(0)
			again := env.ConnectWith(signIn(t, env, "ann@example.com", password))
			if v := again.Subscribe("board/notes").Value(); v.Len() != 0 {
				t.Errorf("the call was done: %s", v)
			}
		})
	}
}

// TestCookieBeside is L14: what other cookies hold is not the session's business.
func TestCookieBeside(t *testing.T) {
	env := start(t)
	_, browser := signUp(t, env, "ann@example.com")
	own := browser.Get("Cookie")
	for _, line := range [][]string{
		{`prefs={"a":1}; ` + own}, {own + `; prefs={"a":1}`}, {`name=Zoë; ` + own}, {`flag; ` + own}, {`; ;` + own}, {`a="; ` + own},
		{`a=1`, own}, {own, `a=1`}, {`a,b=c d; ` + own},
	} {
		wantMe(t, env, http.Header{"Cookie": line}, ann)
	}
	wantMe(t, env, http.Header{"Cookie": {strings.Replace(own, "=", "=x", 1)}}, "null")
}

// aheadClock shows a time that is ahead of that of its timers.
type aheadClock struct {
	clock.Clock
	ahead *atomic.Int64
}

func (c aheadClock) Now() time.Time { return c.Clock.Now().Add(time.Duration(c.ahead.Load())) }
