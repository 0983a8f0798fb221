// Package door keeps the number of network connections below what the system allows, so that there are files left for the database and
// for those who ask whether the server is well. Connections of HTTP that wait for another request make room, the oldest first, then those
// that have not sent a first one. When none can, further ones are refused with an answer. No address holds more than its share.
package door

import (
	"container/list"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// patience is how long a connection has waited for a request when it makes room. The request of one that has waited less may be on its way.
const patience = time.Second

// Config is what a Door needs.
type Config struct {
	Most    int                   // connections; 0 for no bound
	Each    int                   // connections of one address
	Exempt  func(netip.Addr) bool // from Each
	Wait    time.Duration         // for a peer to take each 64 KiB of what it is sent
	Others  func() int            // connections that were taken from net/http
	Refused func()                // is called for each connection that is refused, or closed before its first request
	Crowded func()                // is called for each connection that is refused since its address has its share
	Health  *http.ServeMux        // answers who asks whether the server is well, also where all places are taken
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

	shares sync.Mutex // may be locked while mu is
	held   map[netip.Prefix]int
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
	from  netip.Prefix
}

// New makes a Door.
func New(cfg Config) *Door {
	return &Door{cfg: cfg, now: time.Now, conns: map[net.Conn]place{}, from: map[netip.Prefix]int{}, held: map[netip.Prefix]int{}}
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
		d.conns[c] = place{&d.fresh, d.fresh.PushBack(waiting{c, d.now(), from})}
	case http.StateIdle:
		d.conns[c] = place{&d.idle, d.idle.PushBack(waiting{c, d.now(), origin(c)})}
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

// verdict is whether there is a place for a connection.
type verdict uint8

const (
	welcome verdict = iota
	full            // there is none
	crowded         // its address has its share
)

// room reports whether there is room for another connection, and makes room if it can. A connection that is welcome has its place.
func (d *Door) room(c net.Conn) verdict {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.cfg.Most <= 0 {
		return welcome
	}
	from := origin(c)
	bounded := from.IsValid() && !d.cfg.Exempt(from.Addr())
	if bounded && d.holds(from) >= d.cfg.Each && !d.evictOf(from) {
		return crowded
	}
	if len(d.conns)+d.cfg.Others() >= d.cfg.Most && !d.evictIdle() && !d.evictFresh(from) {
		return full
	}
	return welcome
}

func (d *Door) holds(from netip.Prefix) int {
	d.shares.Lock()
	defer d.shares.Unlock()
	return d.held[from]
}

// enter counts a connection for its address, until it is closed.
func (d *Door) enter(c net.Conn) *Conn {
	from := origin(c)
	d.shares.Lock()
	defer d.shares.Unlock()
	d.held[from]++
	paced := NewConn(c, d.cfg.Wait)
	paced.closed = sync.OnceFunc(func() {
		d.shares.Lock()
		defer d.shares.Unlock()
		if d.held[from]--; d.held[from] == 0 {
			delete(d.held, from)
		}
	})
	return paced
}

// ofOne is how many connections are looked at when one of an address makes room for another of it.
const ofOne = 64

// evictOf closes a connection of an address that has waited long enough for a request. It needs the lock.
func (d *Door) evictOf(from netip.Prefix) bool {
	for _, l := range []*list.List{&d.idle, &d.fresh} {
		for at, n := l.Front(), 0; at != nil && n < ofOne; at, n = at.Next(), n+1 {
			w := at.Value.(waiting)
			if d.now().Sub(w.since) < patience {
				break
			}
			if w.from == from && !unread(w.conn) {
				d.evict(place{l, at})
				return true
			}
		}
	}
	return false
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
