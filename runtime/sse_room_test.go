package runtime_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestRoomOverEvents enters a room by server-sent events: the member is in it as long as the request lasts, with a key that does not reveal
// its address.
func TestRoomOverEvents(t *testing.T) {
	env, _ := startTogether(t)
	who := env.Connect("ann").Subscribe("t/board.presence", "b1")
	front := httptest.NewServer(env.Server)
	defer front.Close()
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	r, _ := http.NewRequestWithContext(ctx, http.MethodGet, front.URL+`/_live/stream/t/board.presence?args=["b1"]`, nil)
	r.Header.Set("Accept", "text/event-stream")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	line, err := bufio.NewReader(resp.Body).ReadString('\n')
	if err != nil || !strings.Contains(line, `"name":"ann"`) {
		t.Fatalf("it hears %q, %v", line, err)
	}
	env.Settle()
	key := who.Value().At(1).Get("key").String()
	if !strings.HasPrefix(key, `"~`) || strings.Contains(key, "127.0") {
		t.Errorf("it is shown as %s", key)
	}
	leave()
	for env.Server.Overview().Rooms[0].Connections > 1 {
		runtime.Gosched()
		if t.Context().Err() != nil {
			t.Fatal("it stays")
		}
	}
	env.Advance(5 * time.Second)
	holds(t, who, `[{"key":"ann","name":"ann"}]`)
}
