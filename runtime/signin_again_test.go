package runtime

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/internal/gateway"
	"github.com/livec-lang/livec/runtime/signin"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/store/sqlite"
)

// TestSessionAgain sends a call again that has started a session, since its answer was lost. It is answered as the first time, with a
// cookie for the same session.
func TestSessionAgain(t *testing.T) {
	signUp := simple("chat/passwords", Write, 1, func(c *Call, a []string) (string, error) {
		c.HashPassword("x")
		row, err := c.Tx().Get(people, relation.Row{a[0]})
		if err != nil {
			return "", err
		}
		if row != nil {
			return "", Fail(CodeConflict, "taken")
		}
		if err := c.Tx().Insert(people, relation.Row{a[0], "x"}); err != nil {
			return "", err
		}
		return a[0], c.StartSession(a[0])
	})
	signUp.Session = true
	reg := testRegistry(&held{})
	AddRPC(reg, signUp)
	db, err := sqlite.Open(t.Context(), sqlite.Memory, reg.Tables(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := newServer(reg, Options{Store: db, Secret: bytes.Repeat([]byte("s"), 32), TrustedProxies: loopback}, newRequery)
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
	key := keyAt(time.Now())
	call := func(key, args string) (status int, body string, token signin.Token) {
		got := request(t, front, http.MethodPost, gateway.RPCPath+"chat/passwords", args, "Idempotency-Key", key)
		for _, c := range (&http.Response{Header: got.header}).Cookies() {
			token, _ = s.sessions.Open(c.Value)
		}
		return got.status, got.body, token
	}
	status, body, first := call(key, `["zoe"]`)
	if status != 200 || first == "" {
		t.Fatal(status, body)
	}
	for range 2 {
		if again, same, token := call(key, `["zoe"]`); again != status || same != body || token != first {
			t.Errorf("again: %d %s, the same session: %v", again, same, token == first)
		}
	}
	if status, body, token := call(key, `["max"]`); status != 409 || token != "" {
		t.Errorf("the key with other arguments: %d %s", status, body)
	}
	if status, body, token := call(keyAt(time.Now()), `["zoe"]`); status != 409 || token != "" {
		t.Errorf("another key: %d %s", status, body)
	}
	if again := request(t, front, http.MethodPost, gateway.RPCPath+"chat/passwords", `["zoe"]`,
		"Idempotency-Key", key, "X-Forwarded-For", "203.0.113.9"); again.status != 409 || again.header.Get("Set-Cookie") != "" {
		t.Errorf("from another address: %d %s %v", again.status, again.body, again.header)
	}
	// When the session has ended, the caller is not signed in again.
	if _, err := store.Write(t.Context(), db, func(tx store.Tx) error { return signin.End(tx, first) }); err != nil {
		t.Fatal(err)
	}
	if again, same, token := call(key, `["zoe"]`); again != status || same != body || token != "" {
		t.Errorf("after its end: %d %s, a session: %v", again, same, token != "")
	}
}
