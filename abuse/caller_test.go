package abuse

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// TestForwarded is A17: behind a proxy, each caller is counted by its own address; a stranger cannot choose one.
func TestForwarded(t *testing.T) {
	gate(t, "A17")
	s := start(t, Config{Flags: []string{"--trusted-proxies", Address(0)}})
	proxy, stranger := HTTP(Address(0)), HTTP(Address(1))
	defer proxy.CloseIdleConnections()
	defer stranger.CloseIdleConnections()
	call := func(client *http.Client, from string) Reply {
		t.Helper()
		reply, err := s.Post(t.Context(), client, "limitedByIP", "[]", "X-Forwarded-For", from)
		if err != nil {
			t.Fatal(err)
		}
		return reply
	}
	for i := range 12 {
		from := fmt.Sprintf("203.0.113.%d", i)
		if reply := call(proxy, from); reply.Status != http.StatusOK || !strings.Contains(reply.Body, from) {
			t.Errorf("for %s: %d %s", from, reply.Status, reply.Body)
		}
	}
	for name, addresses := range map[string]func(i int) string{
		"one address":  func(int) string { return "198.51.100.7" },
		"one network":  func(i int) string { return fmt.Sprintf("2001:db8:0:1::%d", i) },
		"forged steps": func(i int) string { return fmt.Sprintf("203.0.113.%d, 198.51.100.9", i) },
	} {
		var last Reply
		for i := range 6 {
			last = call(proxy, addresses(i))
		}
		if last.Status != http.StatusTooManyRequests {
			t.Errorf("%s: the sixth call of a minute gets %d", name, last.Status)
		}
	}
	var last Reply
	for i := range 6 {
		last = call(stranger, fmt.Sprintf("192.0.2.%d", i))
	}
	if last.Status != http.StatusTooManyRequests {
		t.Errorf("a stranger that forwards: the sixth call of a minute gets %d", last.Status)
	}
	if !strings.Contains(s.Log(), "trusted-proxies") {
		t.Error("the log does not warn of the stranger")
	}
}

// TestAnonymous is A18: who connects again is not somebody else.
func TestAnonymous(t *testing.T) {
	gate(t, "A18")
	s := start(t, Config{})
	var last Message
	for range 6 {
		c, err := s.Dial(t.Context(), Address(0))
		if err != nil {
			t.Fatal(err)
		}
		if last, err = c.Call(t.Context(), "call", "limitedByUser", "[]"); err != nil {
			t.Fatal(err)
		}
		c.Close()
	}
	if last.Code != "RATE_LIMITED" {
		t.Errorf("the sixth call of a minute gets %q", last.Code)
	}
	c, err := s.Dial(t.Context(), Address(1))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if m, err := c.Call(t.Context(), "call", "limitedByUser", "[]"); err != nil || m.Code != "" {
		t.Errorf("another address: %v %s", err, m.Code)
	}
}

// TestKeyedCalls is A15: calls that change nothing leave little on the disk, though they have keys.
func TestKeyedCalls(t *testing.T) {
	gate(t, "A15")
	s := start(t, Config{})
	target := &Target{Server: s}
	c, err := s.Dial(t.Context(), Address(0))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	keyed := func(n int) int64 {
		t.Helper()
		if err := target.send(t.Context(), c, n, func(i int) string {
			return fmt.Sprintf(`{"t":"call","id":%d,"m":"abuse/tidy","a":[],"k":%q}`, i+1, uuid.Must(uuid.NewV7()))
		}); err != nil {
			t.Fatal(err)
		}
		return size(t, s.DB) + size(t, s.DB+"-wal")
	}
	before := keyed(100)
	after := keyed(5000)
	if grown := after - before; grown > 512<<10 {
		t.Errorf("5000 calls have left %d bytes on the disk", grown)
	}
	if target.Count("ok") != 5100 {
		t.Errorf("the calls are answered %s", &target.Outcomes)
	}
}

func size(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// TestSignUpAgain is A26: a call with a key that starts a session is answered as before when it comes again, with a cookie that works.
func TestSignUpAgain(t *testing.T) {
	gate(t, "A26")
	s := start(t, Config{})
	client := HTTP(Address(0))
	defer client.CloseIdleConnections()
	key := uuid.Must(uuid.NewV7()).String()
	var users []string
	for range 2 {
		reply, err := s.Post(t.Context(), client, "signUp", `["ann","a long password"]`, "Idempotency-Key", key)
		if err != nil {
			t.Fatal(err)
		}
		cookie, _, _ := strings.Cut(reply.Header.Get("Set-Cookie"), ";")
		if reply.Status != http.StatusOK || cookie == "" {
			t.Fatalf("%d %s, cookie %q", reply.Status, reply.Body, cookie)
		}
		me, err := s.Post(t.Context(), client, "me", "[]", "Cookie", cookie)
		if err != nil {
			t.Fatal(err)
		}
		var user struct{ Value struct{ ID string } }
		if err := json.Unmarshal([]byte(me.Body), &user); err != nil || user.Value.ID == "" {
			t.Fatalf("%d %s: %v", me.Status, me.Body, err)
		}
		users = append(users, user.Value.ID)
	}
	if users[0] != users[1] {
		t.Errorf("the sessions are of %v", users)
	}
}
