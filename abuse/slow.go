package abuse

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// slowAttacks hold what the server has few of, and do nothing with it.
var slowAttacks = []Attack{
	{
		ID: "A7", Name: "send bodies a byte at a time",
		Flags:   []string{"--body-wait", "500ms"},
		Reached: []string{"bodyWait"},
		Run: func(ctx context.Context, t *Target) error {
			return each(ctx, Pick(t, 100, 1000), func(ctx context.Context, attacker int) error {
				for ctx.Err() == nil {
					if err := t.trickle(ctx, Address(attacker)); err != nil {
						return err
					}
				}
				return nil
			})
		},
		Until: func(t *Target) error {
			if n, all := t.Count("cut"), Pick(t, 100, 1000); n < all {
				return fmt.Errorf("only %d of %d slow bodies were cut", n, all)
			}
			return nil
		},
	},
	{
		ID: "A7c", Name: "send most of a large message, and then only pongs",
		Reached: []string{"maxQueueMemory"}, Sees: []string{"4002"},
		Run: func(ctx context.Context, t *Target) error {
			return each(ctx, Pick(t, 200, 400), func(ctx context.Context, attacker int) error {
				for ctx.Err() == nil {
					if err := t.unfinished(ctx, Address(attacker)); err != nil {
						return err
					}
				}
				return nil
			})
		},
	},
	{
		ID: "A21", Name: "hold more connections than there may be open files",
		Files: 256, Alone: true,
		Sees: []string{"503"}, Reached: []string{"maxConnections"},
		Run: func(ctx context.Context, t *Target) error {
			return each(ctx, 300, func(ctx context.Context, attacker int) error {
				c, err := t.dial(ctx, Address(attacker%10))
				if err != nil || c == nil {
					return err
				}
				defer c.Close()
				<-ctx.Done()
				return nil
			})
		},
		Check: healthy,
	},
	{
		ID: "A21c", Name: "begin bodies and headers and leave them, from one address, where few connections may be open",
		Files: 256, Sees: []string{"cut"}, Reached: []string{"maxConnectionsPerAddress"},
		Run: func(ctx context.Context, t *Target) error {
			return each(ctx, 300, func(ctx context.Context, attacker int) error { return t.halfSent(ctx, Address(0), attacker) })
		},
		Check: healthy,
	},
	{
		ID: "A21d", Name: "begin bodies and leave them, from many addresses, where few connections may be open",
		Files: 256, Alone: true, Sees: []string{"cut"}, Reached: []string{"maxConnections"},
		Run: func(ctx context.Context, t *Target) error {
			return each(ctx, 300, func(ctx context.Context, attacker int) error { return t.halfSent(ctx, Address(attacker%10), 0) })
		},
		Check: healthy,
	},
	{
		ID: "A21b", Name: "connect and say nothing, again and again, where few connections may be open",
		Files: 256, Alone: true, Reached: []string{"maxConnections"},
		Run: func(ctx context.Context, t *Target) error {
			return each(ctx, 1+silent, func(ctx context.Context, attacker int) error {
				if attacker == silent {
					return t.getIn(ctx, Address(10))
				}
				return t.silent(ctx, Address(attacker%10))
			})
		},
		Until: func(t *Target) error {
			if n := t.Count("silenced"); n < silent {
				return fmt.Errorf("only %d silent connections made room", n)
			}
			if n := t.Count("in"); n < 20 {
				return fmt.Errorf("an honest client got in %d times", n)
			}
			return nil
		},
		Check: func(_ context.Context, t *Target) error {
			if in, out := t.Count("in"), t.Count("out"); 10*out > in {
				return fmt.Errorf("an honest client got in %d times, and %d times it did not", in, out)
			}
			return nil
		},
	},
}

// healthy asks whether the server is well.
func healthy(ctx context.Context, t *Target) error {
	client := HTTP(Address(10))
	defer client.CloseIdleConnections()
	reply, err := t.Get(ctx, client, "/healthz")
	if err == nil && reply.Status != http.StatusOK {
		err = fmt.Errorf("/healthz answers %d", reply.Status)
	}
	return err
}

// halfSent sends the start of a body or, if the attacker is odd, of an upgrade, again and again when it is cut.
func (t *Target) halfSent(ctx context.Context, from string, attacker int) error {
	start := fmt.Sprintf(postHead, "text", 100, "[")
	if attacker%2 == 1 {
		start = "GET /_live/ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
	}
	pause := time.NewTicker(200 * time.Millisecond)
	defer pause.Stop()
	for ctx.Err() == nil {
		if conn, err := t.raw(ctx, from, start); err == nil { // if it was cut meanwhile, it fails
			_, _ = io.Copy(io.Discard, conn)
			conn.Close()
		}
		if ctx.Err() == nil {
			t.Saw("cut")
		}
		select {
		case <-pause.C:
		case <-ctx.Done():
		}
	}
	return nil
}

// unfinished sends the first fragment of a message, and pongs after it, until the connection is closed.
func (t *Target) unfinished(ctx context.Context, from string) error {
	c, err := t.dial(ctx, from)
	if err != nil || c == nil {
		return err
	}
	defer c.Close()
	closed := make(chan error, 1)
	go func() { closed <- t.count(c) }() // ends with the connection
	const size = 1_900_000
	head := []byte{websocket.BinaryMessage, 0x80 | 127, 0, 0, 0, 0, 0, size >> 16, size >> 8 & 0xff, size & 0xff}
	fragment := append(head, make([]byte, 4+size)...)
	_, _ = c.ws.NetConn().Write(fragment) // if it fails, the reader knows why
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-closed:
			return err
		case <-tick.C:
			_, _ = c.ws.NetConn().Write([]byte{0x80 | websocket.PongMessage, 0x80, 0, 0, 0, 0})
		}
	}
}

// silent is how many attackers of A21b say nothing.
const silent = 300

// silent connects and says nothing, again and again when it was closed.
func (t *Target) silent(ctx context.Context, from string) error {
	pause := time.NewTicker(100 * time.Millisecond)
	defer pause.Stop()
	for ctx.Err() == nil {
		conn, err := t.raw(ctx, from, "")
		if err == nil {
			_, _ = conn.Read(make([]byte, 1))
			conn.Close()
			if ctx.Err() == nil {
				t.Saw("silenced")
			}
		}
		select {
		case <-pause.C:
		case <-ctx.Done():
		}
	}
	return nil
}

// getIn connects again and again, as an honest client.
func (t *Target) getIn(ctx context.Context, from string) error {
	for ctx.Err() == nil {
		reply, err := func() (Reply, error) {
			client := HTTP(from)
			defer client.CloseIdleConnections()
			return t.Get(ctx, client, "/healthz")
		}()
		switch {
		case ctx.Err() != nil:
		case err == nil && reply.Status == http.StatusOK:
			t.Saw("in")
		default:
			t.Saw("out")
		}
	}
	return nil
}

// raw sends the start of a request over a connection that reads little ahead.
func (t *Target) raw(ctx context.Context, from, start string) (net.Conn, error) {
	conn, err := dialer(from).DialContext(ctx, "tcp", t.Addr)
	if err != nil {
		return nil, err
	}
	if err := conn.(*net.TCPConn).SetReadBuffer(4096); err != nil {
		conn.Close()
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	_, err = conn.Write([]byte(start))
	return &until{conn, stop}, err
}

// until is a connection that is closed when its context ends, at the latest.
type until struct {
	net.Conn
	forget func() bool
}

// Close is part of net.Conn.
func (u *until) Close() error {
	u.forget()
	return u.Conn.Close()
}

const postHead = "POST /_live/rpc/abuse/%s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"

// trickle sends a body a byte at a time, until the server cuts the connection.
func (t *Target) trickle(ctx context.Context, from string) error {
	conn, err := t.raw(ctx, from, fmt.Sprintf(postHead, "text", 1000, ""))
	if err != nil {
		return err
	}
	defer conn.Close()
	cut := make(chan struct{})
	go func() { // ends with the connection
		defer close(cut)
		for r := bufio.NewReader(conn); ; {
			if _, err := r.ReadByte(); err != nil {
				return
			}
		}
	}()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			_, _ = conn.Write([]byte(" ")) // if it fails, the reader ends
		case <-cut:
			if ctx.Err() == nil {
				t.Saw("cut")
			}
			return nil
		}
	}
}

// ignore asks for large answers, one after the other, and never reads them. The system has room for some.
func (t *Target) ignore(ctx context.Context, from string, answers int) error {
	const args = `[1000000]`
	conn, err := t.raw(ctx, from, strings.Repeat(fmt.Sprintf(postHead, "text", len(args), args), answers))
	if err != nil {
		return err
	}
	defer conn.Close()
	<-ctx.Done()
	return nil
}
