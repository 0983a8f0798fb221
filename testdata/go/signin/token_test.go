package app_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/livec-lang/livec/generated/signin/app"
	live "github.com/livec-lang/livec/runtime"
	"github.com/livec-lang/livec/runtime/livetest"
	"github.com/livec-lang/livec/runtime/store"
)

func token(t *testing.T, id string, expires time.Time) string {
	t.Helper()
	text, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": id, "exp": expires.Unix()}).SignedString([]byte(jwtKey))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestTokenRunsOut is L12: a connection whose token has run out does not go on.
func TestTokenRunsOut(t *testing.T) {
	env := start(t)
	id, browser := signUp(t, env, "ann@example.com")
	short := http.Header{"Authorization": {"Bearer " + token(t, id, livetest.Start.Add(time.Hour))}}
	c, other := env.ConnectWith(short), env.ConnectWith(browser)
	rows := c.Subscribe("board/notes")
	c.MustCall("board/write", "in time")
	env.Advance(time.Hour + time.Minute - time.Second) // the clocks may differ by a minute
	if code, _ := c.Closed(); code != 0 {
		t.Fatalf("closed with %d too early", code)
	}
	env.Advance(time.Second)
	other.MustCall("board/write", "too late")
	if code, _ := other.Closed(); code != 0 {
		t.Errorf("the other is closed with %d", code)
	}
	wantClosed(t, c, rows, 1)
	if got, _ := call(t, env, short, "board/me", `[]`); got != "null" {
		t.Errorf("over HTTP it is %s", got)
	}
}

// TestGuardRunsOut has a guard rest on a token that runs out, of a connection that does not.
func TestGuardRunsOut(t *testing.T) {
	env := start(t)
	id, browser := signUp(t, env, "ann@example.com")
	both := browser.Clone()
	both.Set("X-Token", token(t, id, livetest.Start.Add(time.Hour)))
	c := env.ConnectWith(both)
	guarded, rows := c.Subscribe("board/tokenNotes"), c.Subscribe("board/notes")
	c.MustCall("board/write", "in time")
	env.Advance(time.Hour + time.Minute)
	c.MustCall("board/write", "too late")
	if code := live.CodeOf(guarded.Err()); code != "UNAUTHORIZED" || guarded.Value().Len() != 1 {
		t.Errorf("the stream behind the guard ends with %q, holding %s", code, guarded.Value())
	}
	if code, _ := c.Closed(); code != 0 || rows.Value().Len() != 2 {
		t.Errorf("the connection is closed with %d, holding %s", code, rows.Value())
	}
}

// TestKeys is L15: a key that is too short does not make everybody anonymous.
func TestKeys(t *testing.T) {
	_, err := live.New(app.NewRegistry(), live.Options{Store: nowhere{}, LookupEnv: environment("JWT_KEY", "short")})
	const short = "verifyJwt uses JWT_KEY, but the key of web tokens cannot be used: " +
		"it has 5 bytes, but a shared secret needs at least 32"
	if err == nil || !strings.Contains(err.Error(), short) {
		t.Errorf("a key that is too short gives %v", err)
	}
	_, err = live.New(app.NewRegistry(), live.Options{Store: nowhere{}, LookupEnv: environment()})
	if err == nil || strings.Contains(err.Error(), "verifyJwt") || !strings.Contains(err.Error(), "JWT_KEY is not set") {
		t.Errorf("no key gives %v", err)
	}
	env := start(t)
	if got, _ := call(t, env, nil, "board/other", `["x"]`); got != "INTERNAL" {
		t.Errorf("a key that is known only when it runs gives %s", got)
	}
	if errs := env.Errors(); len(errs) != 1 || !strings.Contains(errs[0].Error(), "it has 0 bytes") {
		t.Errorf("it says %v", errs)
	}
	claims := jwt.MapClaims{"sub": "x", "exp": livetest.Start.Add(time.Hour).Unix()}
	long, err := jwt.NewWithClaims(jwt.SigningMethodHS512, claims).SignedString([]byte(jwtKey))
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := call(t, env, http.Header{"Authorization": {"Bearer " + long}}, "board/me", `[]`); got != "INTERNAL" {
		t.Errorf("a key that is too short for the algorithm of its issuer gives %s", got)
	}
	if errs := env.Errors(); len(errs) != 2 || !strings.Contains(errs[1].Error(), "it has 32 bytes, but HS512 needs 64") {
		t.Errorf("it says %v", errs)
	}
}

// nowhere is a store that nothing comes to.
type nowhere struct{ store.Store }
