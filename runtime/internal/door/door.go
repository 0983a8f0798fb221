// Package door keeps the number of network connections below what the system allows, so that there are files left for the database and
// for those who ask whether the server is well. Connections of HTTP that wait for another request make room, the oldest first, then those
// that have not sent a first one. When none can, further ones are refused with an answer.
package door

import (
	"container/list"
	"io"
	"net"
	"net/http"
	"net/netip"
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

// patience is how long a connection has waited for a request when it makes room. The request of one that has waited less may be on its way.
const patience = time.Second

// Config is what a Door needs.
type Config struct {
	Most    int           // connections; 0 for no bound
	Wait    time.Duration // for a peer to take each 64 KiB of what it is sent
	Others  func() int    // connections that were taken from net/http
	Refused func()        // is called for each connection that is refused, or closed before its first request
}

// Door counts the connections of HTTP servers. Its methods may be called from any goroutine.
type Door struct {
	cfg Config
	now func() time.Time

	mu    sync.Mutex
	conns map[net.Conn]place   // those with a request have the zero value
	fresh list.List            // waiting, those without a first request, from the oldest
	from  map[netip.Prefix]int // of those, by where they come from
	idle  list.List            // waiting, those without another request, from the oldest
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
	from  netip.Prefix // of one without a first request
}

// New makes a Door.
func New(cfg Config) *Door {
	return &Door{cfg: cfg, now: time.Now, conns: map[net.Conn]place{}, from: map[netip.Prefix]int{}}
}

// State notes the state of a connection; see http.Server.ConnState.
func (d *Door) State(c net.Conn, s http.ConnState) {
	if paced, ok := c.(*Conn); ok {
		if s == http.StateIdle {
			paced.rest()
		} else {
			paced.wake()
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if p := d.conns[c]; p.list != nil {
		d.forget(p)
	}
	switch s {
	case http.StateNew:
		from := origin(c)
		d.from[from]++
		d.conns[c] = place{&d.fresh, d.fresh.PushBack(waiting{conn: c, since: d.now(), from: from})}
	case http.StateIdle:
		d.conns[c] = place{&d.idle, d.idle.PushBack(waiting{conn: c, since: d.now()})}
	case http.StateActive:
		d.conns[c] = place{}
	case http.StateHijacked, http.StateClosed:
		delete(d.conns, c)
	}
}

// forget ends the wait of a connection. It needs the lock.
func (d *Door) forget(p place) waiting {
	w := p.list.Remove(p.at).(waiting)
	if p.list == &d.fresh {
		if d.from[w.from]--; d.from[w.from] == 0 {
			delete(d.from, w.from)
		}
	}
	return w
}

// origin is where a connection comes from: its address or, for IPv6, its /64.
func origin(c net.Conn) netip.Prefix {
	tcp, ok := c.RemoteAddr().(*net.TCPAddr)
	if !ok {
		return netip.Prefix{}
	}
	ip, bits := tcp.AddrPort().Addr().Unmap(), 32
	if ip.Is6() {
		bits = 64
	}
	from, _ := ip.Prefix(bits) // only an address that is not valid has none
	return from
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
		if err != nil {
			return nil, err
		}
		if l.door.room(c) {
			return NewConn(c, l.door.cfg.Wait), nil
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
func (d *Door) room(c net.Conn) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.cfg.Most <= 0 || len(d.conns)+d.cfg.Others() < d.cfg.Most {
		return true
	}
	return d.evictIdle() || d.evictFresh(origin(c))
}

// evictIdle closes the connection that has waited longest for another request, if it has waited long enough. It needs the lock.
func (d *Door) evictIdle() bool {
	oldest := d.idle.Front()
	if oldest == nil || d.now().Sub(oldest.Value.(waiting).since) < patience {
		return false
	}
	d.evict(place{&d.idle, oldest})
	return true
}

// looked is how many connections without a first request are compared when one of them makes room.
const looked = 8

// evictFresh closes a connection without a first request: one that has waited long enough or, however short it has waited, one that comes
// from where more of them come than from where the newcomer does. So those who connect and say nothing, again and again, hold no place that
// somebody else needs; and of many who come at once, the first keep theirs. It needs the lock.
func (d *Door) evictFresh(newcomer netip.Prefix) bool {
	var oldest, crowd *list.Element
	for at, n := d.fresh.Front(), 0; at != nil && n < looked; at, n = at.Next(), n+1 {
		w := at.Value.(waiting)
		if unread(w.conn) {
			continue // it has said something, which is about to be read
		}
		if oldest == nil {
			oldest, crowd = at, at
		}
		if d.from[w.from] > d.from[crowd.Value.(waiting).from] {
			crowd = at
		}
	}
	switch {
	case oldest == nil:
		return false
	case d.from[crowd.Value.(waiting).from] > d.from[newcomer]+1:
		oldest = crowd
	case d.now().Sub(oldest.Value.(waiting).since) < patience:
		return false
	}
	d.evict(place{&d.fresh, oldest})
	d.cfg.Refused()
	return true
}

func (d *Door) evict(p place) {
	w := d.forget(p)
	delete(d.conns, w.conn)
	_ = w.conn.Close() // it had no request that could fail
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
