//go:build !race && amd64

package outbound

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/livec-lang/livec/runtime/govern"
	"github.com/livec-lang/livec/runtime/intake"
	"github.com/livec-lang/livec/runtime/wire"
)

// deep answers each message, from far down the stack.
type deep struct{ queue *Queue }

func (d *deep) Text(frame []byte) {
	if descend(16) != 0 {
		d.queue.Send([]byte(`"ok"`))
	}
}
func (d *deep) Binary([]byte)    {}
func (d *deep) Gone()            {}
func (d *deep) Arrived(int) bool { return false }
func (d *deep) Control() bool    { return false }

//go:noinline
func descend(n int) int {
	var room [512]byte
	if n > 0 {
		room[n] = byte(descend(n - 1))
	}
	return n + int(room[n]) + 1
}

// TestRest checks that silent connections have stacks of 4 kB for reading and for writing, whatever a call did. The collector halves
// a stack when less than a quarter is in use, so goroutines that wait must not be deep: see docs/performance.md. (The race detector
// and other processors have stacks of other sizes.)
func TestRest(t *testing.T) {
	sockets := NewSockets(SocketOptions{
		MaxMessage: 1 << 10, Heartbeat: time.Minute, WriteWait: time.Minute,
		Origin: func(*http.Request) bool { return true }, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Intake: intake.New(govern.New(nil, 1<<30, nil)),
		Accept: func(_ *http.Request, tr Transport) (*Queue, Handler) {
			d := &deep{}
			d.queue = New(&Config{MaxFrame: 1 << 10, MaxQueue: 1 << 10, MaxPending: 1, Stats: new(Stats)}, tr, nil)
			return d.queue, d
		},
	})
	server := httptest.NewServer(sockets)
	defer server.Close()
	stacks := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.StackInuse
	}
	before := stacks()
	const n, most = 200, 10 << 10 // bytes of a connection: twice 4 kB, and what the test itself needs
	dialer := websocket.Dialer{Subprotocols: []string{wire.Subprotocol}}
	for range n {
		ws, resp, err := dialer.Dial("ws"+strings.TrimPrefix(server.URL, "http"), nil)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		defer ws.Close()
		if err := ws.WriteMessage(websocket.TextMessage, []byte(`{}`)); err != nil {
			t.Fatal(err)
		}
		if _, b, err := ws.ReadMessage(); err != nil || string(b) != `"ok"` {
			t.Fatalf("%s, %v", b, err)
		}
	}
	var each uint64
	for range 8 { // a collection halves a stack once
		if each = (stacks() - before) / n; each <= most {
			return
		}
	}
	t.Errorf("a silent connection has stacks of %d bytes", each)
}
