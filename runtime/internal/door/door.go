// Package door keeps the number of network connections below what the system allows, so that there are files left for the database and
// for those who ask whether the server is well. Connections of HTTP without a request make room, the oldest first.
package door

import (
	"container/list"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

const (
	refusal = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\nContent-Type: application/json\r\n" +
		"Content-Length: 79\r\n\r\n" + `{"error":{"code":"OVERLOADED","message":"There are too many open connections"}}`
	maxRefusing = 16          // connections that are refused at a time and have a moment to read why
	refuseFor   = time.Second // that moment
)

// Config is what a Door needs.
type Config struct {
	Most    int        // connections; 0 for no bound
	Others  func() int // connections that were taken from net/http
	Refused func()     // is called for each connection that is refused
}

// Door counts the connections of HTTP servers. Its methods may be called from any goroutine.
type Door struct {
	cfg      Config
	refusing chan struct{}

	mu    sync.Mutex
	conns map[net.Conn]*list.Element // nil for those with a request
	idle  list.List                  // those without one, from the oldest
}

// New makes a Door.
func New(cfg Config) *Door {
	return &Door{cfg: cfg, refusing: make(chan struct{}, maxRefusing), conns: map[net.Conn]*list.Element{}}
}

// State notes the state of a connection; see http.Server.ConnState.
func (d *Door) State(c net.Conn, s http.ConnState) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if e := d.conns[c]; e != nil {
		d.idle.Remove(e)
	}
	switch s {
	case http.StateNew, http.StateIdle:
		d.conns[c] = d.idle.PushBack(c)
	case http.StateActive:
		d.conns[c] = nil
	case http.StateHijacked, http.StateClosed:
		delete(d.conns, c)
	}
}

// Listen wraps a listener of a server whose ConnState is State.
func (d *Door) Listen(l net.Listener) net.Listener { return &listener{l, d} }

type listener struct {
	net.Listener
	door *Door
}

// Accept gives the next connection for which there is room.
func (l *listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil || l.door.room() {
			return c, err
		}
		l.door.refuse(c)
	}
}

// room reports whether there is room for another connection, and makes room if it can.
func (d *Door) room() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.cfg.Most <= 0 || len(d.conns)+d.cfg.Others() < d.cfg.Most {
		return true
	}
	oldest := d.idle.Front()
	if oldest == nil {
		return false
	}
	c := d.idle.Remove(oldest).(net.Conn)
	delete(d.conns, c)
	_ = c.Close() // it had no request that could fail
	return true
}

// refuse answers a connection for which there is no room, and closes it.
func (d *Door) refuse(c net.Conn) {
	d.cfg.Refused()
	select {
	case d.refusing <- struct{}{}:
	default:
		_ = c.Close()
		return
	}
	go func() { // ends by the deadline at the latest
		defer func() { <-d.refusing }()
		defer c.Close()
		_ = c.SetDeadline(time.Now().Add(refuseFor))
		if _, err := io.WriteString(c, refusal); err != nil {
			return
		}
		if half, ok := c.(interface{ CloseWrite() error }); ok {
			_ = half.CloseWrite()
		}
		_, _ = io.CopyN(io.Discard, c, 64<<10) // closing with unread data would take the answer away
	}()
}
