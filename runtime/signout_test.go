package runtime

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/livec-lang/livec/runtime/internal/gateway"
	"github.com/livec-lang/livec/runtime/wire"
)

// TestSignOutDuringHello has connections say hello with a session just when it ends: none of them keeps its user.
func TestSignOutDuringHello(t *testing.T) {
	const rounds, tabs = 30, 6
	s := startServer(t, nil)
	call := func(args, cookie string) *http.Response {
		r := httptest.NewRequest(http.MethodPost, gateway.RPCPath+"chat/signIn", strings.NewReader(args))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Cookie", cookie)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w.Result()
	}
	for range rounds {
		set := call(`["ann"]`, "").Cookies()[0]
		cookie := set.Name + "=" + set.Value
		var all sync.WaitGroup
		var closed [tabs]atomic.Int64
		var conns [tabs]*Local
		begin := make(chan struct{})
		for i := range tabs {
			all.Go(func() {
				r := httptest.NewRequest(http.MethodGet, gateway.SocketPath, nil)
				r.Header.Set("Cookie", cookie)
				<-begin
				conns[i] = s.Connect(r, func([]byte) {}, func(code int, _ string) { closed[i].Store(int64(code)) })
				conns[i].Send([]byte(`{"t":"hello","v":1}`))
			})
		}
		all.Go(func() {
			<-begin
			call(`[""]`, cookie)
		})
		close(begin)
		all.Wait()
		waitFor(t, "the connections to be closed, or to be nobody's", func() bool { return s.users.Connections("ann") == 0 })
		for i, l := range conns {
			if code := closed[i].Load(); code != 0 && code != wire.CloseSession {
				t.Fatalf("closed with %d", code)
			}
			l.Close()
		}
	}
}
