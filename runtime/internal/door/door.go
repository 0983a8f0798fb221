// Package door keeps the number of network connections below what the system allows, so that there are files left for the database and
// for those who ask whether the server is well. Connections of HTTP that wait for another request make room, the oldest first. When none
// can, further ones are refused with an answer.
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
	maxRefusing = 16                    // connections that are refused at a time and have a moment to read why
	refuseFor   = time.Second           // that moment
	refuseLeast = 50 * time.Millisecond // the moment that they have at least, however many are refused
)

// served is how long a connection has waited for another request when it makes room. The request of one that has waited less may be on
// its way.
const served = time.Second

// Config is what a Door needs.
type Config struct {
	Most    int           // connections; 0 for no bound
	Silent  time.Duration // how long a connection has waited for its first request when it makes room
	Others  func() int    // connections that were taken from net/http
	Refused func()        // is called for each connection that is refused
}

// Door counts the connections of HTTP servers. Its methods may be called from any goroutine.
type Door struct {
	cfg Config
	now func() time.Time

	mu    sync.Mutex
	conns map[net.Conn]place // those with a request have the zero value
	fresh list.List          // waiting, those without a first request, from the oldest
	idle  list.List          // waiting, those without another request, from the oldest
}

// place is where a connection waits.
type place struct {
	list *list.List
	at   *list.Element
}

// waiting is a connection without a request.
type waiting struct {
	conn  net.Conn
	since time.Time
}

// New makes a Door.
func New(cfg Config) *Door { return &Door{cfg: cfg, now: time.Now, conns: map[net.Conn]place{}} }

// State notes the state of a connection; see http.Server.ConnState.
func (d *Door) State(c net.Conn, s http.ConnState) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if p := d.conns[c]; p.list != nil {
		p.list.Remove(p.at)
	}
	switch s {
	case http.StateNew:
		d.wait(&d.fresh, c)
	case http.StateIdle:
		d.wait(&d.idle, c)
	case http.StateActive:
		d.conns[c] = place{}
	case http.StateHijacked, http.StateClosed:
		delete(d.conns, c)
	}
}

func (d *Door) wait(l *list.List, c net.Conn) {
	d.conns[c] = place{l, l.PushBack(waiting{c, d.now()})}
}

// Listen wraps a listener of a server whose ConnState is State. One goroutine at a time may accept.
func (d *Door) Listen(l net.Listener) net.Listener { return &listener{Listener: l, door: d} }

type listener struct {
	net.Listener
	door     *Door
	refusing []*refused // from the oldest; some may have gone
}

// Accept gives the next connection for which there is room.
func (l *listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil || l.door.room() {
			return c, err
		}
		l.door.cfg.Refused()
		if len(l.refusing) == maxRefusing {
			l.refusing[0].end()
			l.refusing = append(l.refusing[:0], l.refusing[1:]...)
		}
		l.refusing = append(l.refusing, refuse(c))
	}
}

// room reports whether there is room for another connection, and makes room if it can.
func (d *Door) room() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.cfg.Most <= 0 || len(d.conns)+d.cfg.Others() < d.cfg.Most {
		return true
	}
	return d.evict(&d.idle, served) || d.evict(&d.fresh, d.cfg.Silent)
}

// evict closes the oldest connection of a list, if it has waited this long.
func (d *Door) evict(l *list.List, least time.Duration) bool {
	oldest := l.Front()
	if oldest == nil {
		return false
	}
	w := oldest.Value.(waiting)
	if d.now().Sub(w.since) < least {
		return false
	}
	l.Remove(oldest)
	delete(d.conns, w.conn)
	_ = w.conn.Close() // it had no request that could fail
	return true
}

// refused is a connection for which there is no room. It has been answered, and has a moment to read that.
type refused struct {
	conn  net.Conn
	since time.Time
	gone  chan struct{} // closed when the connection is
}

// refuse answers a connection for which there is no room. It is closed soon.
func refuse(c net.Conn) *refused {
	r := &refused{conn: c, since: time.Now(), gone: make(chan struct{})}
	_ = c.SetDeadline(r.since.Add(refuseFor))
	_, err := io.WriteString(c, refusal) // does not wait: the system has room for so little
	go func() {                          // ends by the deadline at the latest
		defer close(r.gone)
		defer c.Close()
		if err != nil {
			return
		}
		if half, ok := c.(interface{ CloseWrite() error }); ok {
			_ = half.CloseWrite()
		}
		_, _ = io.CopyN(io.Discard, c, 64<<10) // closing with unread data would take the answer away
	}()
	return r
}

// end waits until a connection is gone, and closes it if it has had its moment.
func (r *refused) end() {
	late := time.NewTimer(time.Until(r.since.Add(refuseLeast)))
	defer late.Stop()
	select {
	case <-r.gone:
	case <-late.C:
		_ = r.conn.Close()
	}
}
