package door

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"runtime"
	"sync/atomic"
	"testing"
	"time"
)

func TestDoor(t *testing.T) {
	entered, leave := make(chan struct{}, 9), make(chan struct{})
	var refused atomic.Int32
	d := New(Config{Most: 2, Others: func() int { return 0 }, Refused: func() { refused.Add(1) }})
	front := &http.Server{ConnState: d.State, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/wait" {
			entered <- struct{}{}
			<-leave
		}
	})}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = front.Serve(d.Listen(l)) }()
	defer front.Close()
	dial := func(path string) net.Conn {
		t.Helper()
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		_ = c.SetDeadline(time.Now().Add(20 * time.Second))
		if path != "" {
			if _, err := io.WriteString(c, "GET "+path+" HTTP/1.1\r\nHost: a\r\n\r\n"); err != nil {
				t.Fatal(err)
			}
		}
		return c
	}
	status := func(c net.Conn) int {
		t.Helper()
		resp, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(resp.Body); err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode
	}
	var idle []net.Conn
	for range 10 {
		idle = append(idle, dial(""))
	}
	a := dial("/wait") // idle ones make room
	<-entered
	b := dial("/wait")
	<-entered
	if got := status(dial("/")); got != http.StatusServiceUnavailable || refused.Load() != 1 {
		t.Errorf("a third request: %d, refused %d", got, refused.Load())
	}
	close(leave)
	for _, c := range []net.Conn{a, b} {
		if got := status(c); got != http.StatusOK {
			t.Errorf("a request that had come in: %d", got)
		}
	}
	waiting := func() int {
		d.mu.Lock()
		defer d.mu.Unlock()
		return d.idle.Len()
	}
	for end := time.Now().Add(20 * time.Second); waiting() == 0 && time.Now().Before(end); {
		runtime.Gosched()
	}
	if got := status(dial("/")); got != http.StatusOK {
		t.Errorf("a later one: %d", got)
	}
	if _, err := idle[0].Read(make([]byte, 1)); err == nil {
		t.Error("an idle connection is open")
	}
}
