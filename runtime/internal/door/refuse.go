package door

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

const (
	maxRefusing = 16                    // connections that are refused at a time and have a moment to ask, and to read why
	refuseFor   = time.Second           // that moment
	refuseLeast = 50 * time.Millisecond // the moment that they have at least, however many are refused
)

// Listen wraps a listener of a server whose ConnState is State. One goroutine at a time may accept. What it starts ends when it is closed.
func (d *Door) Listen(l net.Listener) net.Listener {
	out := &listener{Listener: l, door: d, reserve: reserve{addr: l.Addr(), conns: make(chan net.Conn), closed: make(chan struct{})}}
	out.refuser = &http.Server{
		Handler: http.HandlerFunc(d.refusal), ReadTimeout: refuseFor, WriteTimeout: refuseFor, ErrorLog: log.New(io.Discard, "", 0),
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return context.WithValue(ctx, whyKey{}, c.(*refused).why)
		},
	}
	out.refuser.SetKeepAlivesEnabled(false)
	go func() { _ = out.refuser.Serve(&out.reserve) }() // until out is closed
	return out
}

type listener struct {
	net.Listener
	door     *Door
	refusing []*refused   // from the oldest; some may have gone
	refuser  *http.Server // answers them
	reserve  reserve      // from which it gets them
}

// Accept gives the next connection for which there is room.
func (l *listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		switch why := l.door.room(c); why {
		case welcome:
			return l.door.enter(c), nil
		case full:
			l.door.cfg.Refused()
			l.refuse(c, why)
		case crowded:
			l.door.cfg.Crowded()
			l.refuse(c, why)
		}
	}
}

// Close is part of net.Listener.
func (l *listener) Close() error {
	_ = l.refuser.Close()
	return l.Listener.Close()
}

// refuse has a connection answered that finds all places taken. It is closed soon.
func (l *listener) refuse(c net.Conn, why verdict) {
	l.refusing = slices.DeleteFunc(l.refusing, (*refused).left)
	if len(l.refusing) == maxRefusing {
		if why == crowded && time.Since(l.refusing[0].since) < refuseLeast {
			_ = c.Close() // nobody waits for those who come again and again
			return
		}
		l.refusing[0].end()
		l.refusing = append(l.refusing[:0], l.refusing[1:]...)
	}
	r := &refused{Conn: c, why: why, since: time.Now(), gone: make(chan struct{})}
	r.leave = sync.OnceFunc(func() { close(r.gone) })
	l.refusing = append(l.refusing, r)
	select {
	case l.reserve.conns <- r:
	case <-l.reserve.closed:
		_ = r.Close()
	}
}

type whyKey struct{}

// refusal answers a request of a connection that was refused. Those who ask whether the server is well get their answer.
func (d *Door) refusal(w http.ResponseWriter, r *http.Request) {
	if h, pattern := d.cfg.Health.Handler(r); pattern != "" {
		h.ServeHTTP(w, r)
		return
	}
	status, code, message := http.StatusServiceUnavailable, "OVERLOADED", "There are too many open connections"
	if r.Context().Value(whyKey{}) == crowded {
		status, code, message = http.StatusTooManyRequests, "RATE_LIMITED", "There are too many open connections from this address"
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Retry-After", "5")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, `{"error":{"code":"`+code+`","message":"`+message+`"}}`) // it may be gone
}

// reserve is a listener that gives the connections that are refused.
type reserve struct {
	addr   net.Addr
	conns  chan net.Conn
	once   sync.Once
	closed chan struct{}
}

// Accept is part of net.Listener.
func (r *reserve) Accept() (net.Conn, error) {
	select {
	case c := <-r.conns:
		return c, nil
	case <-r.closed:
		return nil, net.ErrClosed
	}
}

// Close is part of net.Listener.
func (r *reserve) Close() error {
	r.once.Do(func() { close(r.closed) })
	return nil
}

// Addr is part of net.Listener.
func (r *reserve) Addr() net.Addr { return r.addr }

// refused is a connection that found all places taken.
type refused struct {
	net.Conn
	why   verdict
	since time.Time
	gone  chan struct{} // closed when the connection is
	leave func()
}

// Close is part of net.Conn.
func (r *refused) Close() error {
	defer r.leave()
	return r.Conn.Close()
}

// CloseWrite is for net/http, which leaves a client that has sent more a moment to read the answer.
func (r *refused) CloseWrite() error {
	if half, ok := r.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

func (r *refused) left() bool {
	select {
	case <-r.gone:
		return true
	default:
		return false
	}
}

// end waits until a connection is gone, and closes it if it has had its moment: a longer one if its request is about to be read.
func (r *refused) end() {
	for _, most := range []time.Duration{refuseLeast, refuseFor} {
		if most == refuseFor && !unread(r.Conn) {
			break
		}
		late := time.NewTimer(time.Until(r.since.Add(most)))
		defer late.Stop()
		select {
		case <-r.gone:
			return
		case <-late.C:
		}
	}
	_ = r.Close()
}
