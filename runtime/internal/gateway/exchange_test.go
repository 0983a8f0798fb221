package gateway

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/livec-lang/livec/runtime/govern"
	"github.com/livec-lang/livec/runtime/outbound"
)

// TestPeersThatTakeNothing answers a peer that reads nothing: the answer is given up after a while, and at once when the server stops.
func TestPeersThatTakeNothing(t *testing.T) {
	for what, wait := range map[string]time.Duration{"it takes too long": time.Millisecond, "it is cut off": time.Hour} {
		t.Run(what, func(t *testing.T) {
			g := &Gateway{exchanges: map[*exchange]struct{}{}, cfg: Config{
				Sockets: outbound.SocketOptions{WriteWait: wait}, Govern: govern.New(nil, 1<<30, nil),
				ClientIP: func(*http.Request) string { return "192.0.2.1" },
			}}
			began, failed := make(chan struct{}), make(chan error, 1)
			front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				x := g.begin(w, r)
				defer x.end()
				close(began)
				for {
					if _, err := x.Write(make([]byte, 1<<20)); err != nil {
						failed <- err
						return
					}
				}
			}))
			defer front.Close()
			client, err := net.Dial("tcp", front.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			if _, err := io.WriteString(client, "GET / HTTP/1.1\r\nHost: app\r\n\r\n"); err != nil {
				t.Fatal(err)
			}
			<-began
			if wait == time.Hour {
				g.Stop()
				g.Cut()
			}
			<-failed
			g.requests.Wait()
			if len(g.exchanges) != 0 {
				t.Errorf("%d exchanges are left", len(g.exchanges))
			}
		})
	}
}
