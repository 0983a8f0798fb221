package door

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// house is a server behind a door.
type house struct {
	*Door
	addr           string
	entered, leave chan struct{} // of requests for /wait
	refused        atomic.Int32
	crowded        atomic.Int32
	later          atomic.Int64 // how far the door's clock is ahead
}

func open(t *testing.T, most, each int) *house {
	h := &house{entered: make(chan struct{}, most), leave: make(chan struct{})}
	h.Door = New(Config{
		Most: most, Each: each, Exempt: func(ip netip.Addr) bool { return ip == netip.MustParseAddr("127.0.0.9") },
		Wait: time.Minute, Others: func() int { return 0 }, Health: http.NewServeMux(),
		Refused: func() { h.refused.Add(1) }, Crowded: func() { h.crowded.Add(1) },
	})
	h.cfg.Health.HandleFunc("GET /healthz", func(http.ResponseWriter, *http.Request) {})
	h.now = func() time.Time { return time.Now().Add(time.Duration(h.later.Load())) }
	front := &http.Server{ConnState: h.State, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/wait" {
			h.entered <- struct{}{}
			<-h.leave
		}
	})}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h.addr = l.Addr().String()
	go func() { _ = front.Serve(h.Listen(l)) }()
	t.Cleanup(func() { front.Close() })
	return h
}

func (h *house) dial(t *testing.T) net.Conn { return h.dialFrom(t, "127.0.0.1") }

func (h *house) dialFrom(t *testing.T, ip string) net.Conn {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(ip)}}
	c, err := d.Dial("tcp", h.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	return c
}

func ask(t *testing.T, c net.Conn, path string) {
	t.Helper()
	if _, err := io.WriteString(c, "GET "+path+" HTTP/1.1\r\nHost: a\r\n\r\n"); err != nil {
		t.Error(err)
	}
}

func status(t *testing.T, c net.Conn) int {
	t.Helper()
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Error(err)
		return 0
	}
	if _, err := io.ReadAll(resp.Body); err != nil {
		t.Error(err)
	}
	return resp.StatusCode
}

// await waits until as many connections wait for a first and for another request.
func (h *house) await(t *testing.T, fresh, idle int) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); runtime.Gosched() {
		h.mu.Lock()
		ok := h.fresh.Len() == fresh && h.idle.Len() == idle
		h.mu.Unlock()
		if ok {
			return
		}
	}
	t.Fatalf("never %d fresh and %d idle connections", fresh, idle)
}

// refuses wants a further connection to be refused.
func (h *house) refuses(t *testing.T, why string) {
	t.Helper()
	before := h.refused.Load()
	c := h.dial(t)
	ask(t, c, "/")
	if got := status(t, c); got != http.StatusServiceUnavailable || h.refused.Load() != before+1 {
		t.Errorf("%s: %d, refused %d", why, got, h.refused.Load()-before)
	}
}

// TestDoor opens more connections than there may be.
func TestDoor(t *testing.T) {
	h := open(t, 2, 1000)
	a, b := h.dial(t), h.dial(t)
	h.await(t, 2, 0)
	h.refuses(t, "beside two whose first requests may be on their way")
	for _, c := range []net.Conn{a, b} {
		ask(t, c, "/wait")
		<-h.entered
	}
	h.later.Add(int64(time.Hour))
	h.refuses(t, "beside two requests that run")
	close(h.leave)
	for _, c := range []net.Conn{a, b} {
		if got := status(t, c); got != http.StatusOK {
			t.Errorf("a request that had come in: %d", got)
		}
	}
	h.await(t, 0, 2)
	h.refuses(t, "beside two that may send another request")
	h.later.Add(int64(patience))
	c := h.dial(t)
	h.await(t, 1, 1) // the oldest idle one has made room
	h.later.Add(int64(patience))
	d := h.dial(t)
	h.await(t, 2, 0) // and the next
	e := h.dial(t)
	closed(t, a, b, c)
	for _, c := range []net.Conn{d, e} {
		ask(t, c, "/")
		if got := status(t, c); got != http.StatusOK {
			t.Errorf("a later one: %d", got)
		}
	}
}

// closed wants connections to be closed.
func closed(t *testing.T, conns ...net.Conn) {
	t.Helper()
	for _, c := range conns {
		if n, err := c.Read(make([]byte, 1)); n > 0 || err == nil {
			t.Error("a connection that made room is open")
		}
	}
}

// TestSilentCrowd has those who come from elsewhere find and keep a place, whatever a crowd does that connects and says nothing.
func TestSilentCrowd(t *testing.T) {
	h := open(t, 4, 1000)
	for range 4 {
		h.dial(t)
	}
	h.await(t, 4, 0)
	other := h.dialFrom(t, "127.0.0.2")
	for h.refused.Load() != 1 && t.Context().Err() == nil { // one of the crowd has made room
		runtime.Gosched()
	}
	h.refuses(t, "from the crowd, whose requests may be on their way")
	h.later.Add(int64(patience))
	ask(t, other, "/")
	if got := status(t, other); got != http.StatusOK {
		t.Errorf("the other one gets %d", got)
	}
}

// TestRefuseMany refuses more connections at once than have a whole moment to read why.
func TestRefuseMany(t *testing.T) {
	h := open(t, 1, 1000)
	ask(t, h.dial(t), "/wait")
	<-h.entered
	defer close(h.leave)
	var all sync.WaitGroup
	const many = 10 * maxRefusing
	for range many {
		c := h.dial(t)
		ask(t, c, "/")
		all.Go(func() {
			if got := status(t, c); got != http.StatusServiceUnavailable {
				t.Errorf("refused: %d", got)
			}
			c.Close()
		})
	}
	all.Wait()
	if n := h.refused.Load(); n != many {
		t.Errorf("%d were refused, of %d", n, many)
	}
}

// TestHealthWhereFull asks whether the server is well where all places are taken.
func TestHealthWhereFull(t *testing.T) {
	h := open(t, 1, 1000)
	ask(t, h.dial(t), "/wait")
	<-h.entered
	defer close(h.leave)
	for path, want := range map[string]int{"/healthz": http.StatusOK, "/": http.StatusServiceUnavailable} {
		c := h.dial(t)
		ask(t, c, path)
		if got := status(t, c); got != want {
			t.Errorf("%s: %d", path, got)
		}
	}
}

// TestShare has one address have no more than its share, though there are places.
func TestShare(t *testing.T) {
	h := open(t, 10, 2)
	a, b := h.dial(t), h.dial(t)
	for _, c := range []net.Conn{a, b} {
		ask(t, c, "/wait")
		<-h.entered
	}
	c := h.dial(t)
	ask(t, c, "/")
	if got := status(t, c); got != http.StatusTooManyRequests || h.crowded.Load() != 1 {
		t.Errorf("beyond its share: %d, counted %d", got, h.crowded.Load())
	}
	for _, ip := range []string{"127.0.0.2", "127.0.0.9", "127.0.0.9", "127.0.0.9"} {
		c := h.dialFrom(t, ip)
		ask(t, c, "/wait")
		<-h.entered
	}
	close(h.leave)
	for _, c := range []net.Conn{a, b} {
		if got := status(t, c); got != http.StatusOK {
			t.Errorf("within its share: %d", got)
		}
	}
	h.await(t, 0, 6)
	h.later.Add(int64(patience))
	c = h.dial(t)
	ask(t, c, "/")
	if got := status(t, c); got != http.StatusOK {
		t.Errorf("beside one that waits: %d", got)
	}
	for _, c := range []net.Conn{a, b, c} {
		c.Close() // one of them had made room
	}
	for h.holds(netip.MustParsePrefix("127.0.0.1/32")) > 0 && t.Context().Err() == nil {
		runtime.Gosched()
	}
}
