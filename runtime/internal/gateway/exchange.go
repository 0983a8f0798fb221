package gateway

import (
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/livec-lang/livec/limits"
)

// errCut is the error of requests that are cut off.
var errCut = errors.New("the request was cut off, since the server is stopping")

// exchange is a request that is being served. It is its ResponseWriter, and reads its body.
type exchange struct {
	http.ResponseWriter
	gateway *Gateway
	control *http.ResponseController
	body    io.ReadCloser
	began   time.Time // reading the body; up to an eighth of limits.BodyWait later
	held    int64     // bytes of the body in memory
	caller  string    // for whom they count; see store.Turn

	mu  sync.Mutex
	cut bool
}

// begin begins an exchange; end must be called in the end. It returns nil if the server is stopping.
func (g *Gateway) begin(w http.ResponseWriter, r *http.Request) *exchange {
	x := &exchange{ResponseWriter: w, gateway: g, control: http.NewResponseController(w), body: r.Body}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.stopping {
		return nil
	}
	g.requests.Add(1)
	g.exchanges[x] = struct{}{}
	return x
}

// end ends an exchange, and clears its deadlines for the next one on the connection.
func (x *exchange) end() {
	_ = x.control.Flush()                                 // fails if the peer is gone
	_ = x.extend(x.control.SetWriteDeadline, time.Time{}) // fails if the exchange was cut off, too
	g := x.gateway
	if x.held > 0 {
		g.cfg.Govern.Account(limits.MaxQueueMemory).AddFor(x.caller, -x.held)
	}
	g.mu.Lock()
	delete(g.exchanges, x)
	g.mu.Unlock()
	g.requests.Done()
}

// Cut ends all exchanges at once, after Stop: they cannot read or write any more, and the contexts of what they run end.
func (g *Gateway) Cut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for x := range g.exchanges {
		x.cutOff()
	}
}

func (x *exchange) cutOff() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.cut = true
	past := time.Unix(1, 0)
	_ = x.control.SetReadDeadline(past) // as in extend
	_ = x.control.SetWriteDeadline(past)
}

// extend sets a deadline, unless the exchange is cut off.
func (x *exchange) extend(set func(time.Time) error, at time.Time) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.cut {
		return errCut
	}
	_ = set(at) // not every ResponseWriter has deadlines; without one the kernel detects a peer that is gone
	return nil
}

// Unwrap is for http.ResponseController.
func (x *exchange) Unwrap() http.ResponseWriter { return x.ResponseWriter }

// Write is part of http.ResponseWriter. The peer has limits.WriteWait for the first part of p; the connection has further parts follow in
// their own time, see door.Conn.
func (x *exchange) Write(p []byte) (n int, err error) {
	memory := x.gateway.cfg.Govern.Account(limits.MaxQueueMemory)
	memory.Add(int64(len(p)))
	defer memory.Add(-int64(len(p)))
	if err := x.extend(x.control.SetWriteDeadline, time.Now().Add(x.gateway.cfg.Sockets.WriteWait)); err != nil {
		return 0, err
	}
	return x.ResponseWriter.Write(p)
}

// slowest is the rate, in bytes a second, at which a body may take longer than limits.BodyWait.
const slowest = 16 << 10

// The errors of a body for which there is no memory.
var (
	errMemory = errors.New("the bodies of requests take all the memory that there is for them")
	errShare  = errors.New("the bodies of requests of this caller take its share of the memory")
)

// spread times limits.BodyWait is how much longer a body may take, by chance, so that bodies that began together are not cut together:
// answering and closing a thousand connections takes a tenth of a second, in which others would wait.
const spread = 0.125

// Read is part of io.ReadCloser. The whole body has limits.BodyWait, and more if it is large and comes fast enough.
func (x *exchange) Read(p []byte) (int, error) {
	if x.began.IsZero() {
		more := spread * rand.Float64() * float64(x.gateway.cfg.Govern.Time(limits.BodyWait))
		x.began = time.Now().Add(time.Duration(more))
	}
	wait := x.gateway.cfg.Govern.Time(limits.BodyWait) + time.Duration(x.held)*time.Second/slowest
	if err := x.extend(x.control.SetReadDeadline, x.began.Add(wait)); err != nil {
		return 0, err
	}
	n, err := x.body.Read(p)
	if n > 0 {
		reached, ok := x.gateway.cfg.Govern.Account(limits.MaxQueueMemory).TakeFor(x.caller, x.held, int64(n))
		switch {
		case reached == limits.MaxQueueMemoryPerCaller:
			return 0, errShare
		case !ok:
			return 0, errMemory
		}
		x.held += int64(n)
	}
	return n, err
}

// Close is part of io.ReadCloser.
func (x *exchange) Close() error { return x.body.Close() }

// receive reads the whole body, of limit bytes at most.
func (x *exchange) receive(limit int) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(x.ResponseWriter, x, int64(limit)))
	if err != nil {
		return nil, err
	}
	// From now on net/http reads, to detect that the peer is gone.
	return body, x.extend(x.control.SetReadDeadline, time.Time{})
}
