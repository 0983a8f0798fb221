package gateway

import (
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/intake"
	"github.com/livec-lang/livec/runtime/internal/identity"
)

// errCut is the error of requests that are cut off.
var errCut = errors.New("the request was cut off, since the server is stopping")

// exchange is a request that is being served. It is its ResponseWriter, and reads its body.
type exchange struct {
	http.ResponseWriter
	gateway *Gateway
	control *http.ResponseController
	body    io.ReadCloser
	message *intake.Message // the body; nil until it is read
	held    int64           // bytes of it in memory
	caller  string          // for whom they and the answer count; see store.Turn

	mu    sync.Mutex
	cut   bool
	ended error // why no more of the body is read; nil if it is
}

// begin begins an exchange; end must be called in the end. It returns nil if the server is stopping.
func (g *Gateway) begin(w http.ResponseWriter, r *http.Request) *exchange {
	x := &exchange{
		ResponseWriter: w, gateway: g, control: http.NewResponseController(w), body: r.Body,
		caller: identity.TurnOfAddress(g.cfg.ClientIP(r)), // who the user is, is known once the body is there
	}
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
	if x.message != nil {
		x.message.End()
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
	memory.AddFor(x.caller, int64(len(p)))
	defer memory.AddFor(x.caller, -int64(len(p)))
	if err := x.extend(x.control.SetWriteDeadline, time.Now().Add(x.gateway.cfg.Sockets.WriteWait)); err != nil {
		return 0, err
	}
	return x.ResponseWriter.Write(p)
}

// Errors of bodies that are given up.
var (
	errMemory = errors.New("the bodies of requests take all the memory that there is for them")
	errShare  = errors.New("the bodies of requests of this caller take its share of the memory")
	errSlow   = errors.New("the body took too long")
)

// Read is part of io.ReadCloser.
func (x *exchange) Read(p []byte) (int, error) {
	if x.message == nil {
		x.message = x.gateway.intake.Message(x.caller, x.endBody)
	}
	x.message.Await()
	n, err := x.body.Read(p)
	if n > 0 {
		x.message.Arrived(n)
		x.held += int64(n)
		switch _, reached := x.message.Hold(x.held); reached {
		case 0:
		case limits.MaxQueueMemoryPerCaller:
			return 0, errShare
		default:
			return 0, errMemory
		}
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.ended != nil {
		return 0, x.ended
	}
	return n, err
}

// endBody gives the body up, since it has run into a limit.
func (x *exchange) endBody(id limits.ID) {
	x.mu.Lock()
	defer x.mu.Unlock()
	switch id {
	case limits.BodyWait:
		x.ended = errSlow
	default:
		x.ended = errMemory
	}
	_ = x.control.SetReadDeadline(time.Unix(1, 0)) // as in extend
}

// Close is part of io.ReadCloser.
func (x *exchange) Close() error { return x.body.Close() }

// receive reads the whole body, of limit bytes at most.
func (x *exchange) receive(limit int) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(x.ResponseWriter, x, int64(limit)))
	if x.message != nil {
		x.message.Whole()
	}
	if err != nil {
		return nil, err
	}
	// From now on net/http reads, to detect that the peer is gone.
	return body, x.extend(x.control.SetReadDeadline, time.Time{})
}
