package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// client is one WebSocket. It reads and writes frames itself, to use little of the machine that it shares with the server.
type client struct {
	conn net.Conn
	r    *bufio.Reader
}

func dial(ctx context.Context, addr string, buffer int) (*client, error) {
	return dialFrom(ctx, "", addr, buffer)
}

// dialFrom connects from an address of this machine, or from the usual one if it is empty.
func dialFrom(ctx context.Context, from, addr string, buffer int) (*client, error) {
	var local net.Dialer
	if from != "" {
		local.LocalAddr = &net.TCPAddr{IP: net.ParseIP(from)}
	}
	d := websocket.Dialer{
		Subprotocols: []string{"live.v1"}, HandshakeTimeout: 30 * time.Second, ReadBufferSize: 64, WriteBufferSize: 64,
		NetDialContext: local.DialContext,
	}
	ws, resp, err := d.DialContext(ctx, "ws://"+addr+"/_live/ws", http.Header{})
	if err != nil {
		if resp != nil {
			err = fmt.Errorf("%w: %s", err, resp.Status)
		}
		return nil, err
	}
	// None of our servers sends first, so no data has been buffered during the handshake.
	return &client{conn: ws.NetConn(), r: bufio.NewReaderSize(ws.NetConn(), buffer)}, nil
}

// frameOf is a text frame from a client (RFC 6455 §5.2). Its mask is zero, which leaves the text as it is.
func frameOf(text string) []byte {
	b := []byte{0x81}
	switch n := len(text); {
	case n < 126:
		b = append(b, 0x80|byte(n))
	default:
		b = binary.BigEndian.AppendUint16(append(b, 0x80|126), uint16(n))
	}
	return append(append(b, 0, 0, 0, 0), text...)
}

// header reads the header of a frame of the server and gives the length of its text. It skips pings.
func (c *client) header() (int, error) {
	for {
		b, err := c.r.Peek(2)
		if err != nil {
			return 0, err
		}
		op, n, skip := b[0], int(b[1]&0x7f), 2
		switch n {
		case 126:
			if b, err = c.r.Peek(4); err != nil {
				return 0, err
			}
			n, skip = int(binary.BigEndian.Uint16(b[2:])), 4
		case 127:
			if b, err = c.r.Peek(10); err != nil {
				return 0, err
			}
			n, skip = int(binary.BigEndian.Uint64(b[2:])), 10
		}
		if _, err := c.r.Discard(skip); err != nil {
			return 0, err
		}
		switch op {
		case 0x81:
			return n, nil
		case 0x88:
			reason := make([]byte, n)
			_, _ = io.ReadFull(c.r, reason)
			return 0, fmt.Errorf("the server closed the connection: %q", reason)
		}
		if _, err := c.r.Discard(n); err != nil {
			return 0, err
		}
	}
}

// text reads one frame.
func (c *client) text() (string, error) {
	n, err := c.header()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	_, err = io.CopyN(&b, c.r, int64(n))
	return b.String(), err
}

// say sends a text and reads one frame.
func (c *client) say(text string) (string, error) {
	if _, err := c.conn.Write(frameOf(text)); err != nil {
		return "", err
	}
	return c.text()
}

// dialAll connects n clients, some at a time, and prepares each.
func dialAll(ctx context.Context, addr string, n, buffer int, prepare func(*client) error) ([]*client, error) {
	const atOnce = 16
	clients, errs := make([]*client, n), make(chan error, atOnce)
	for w := range atOnce {
		go func() {
			for i := w; i < n; i += atOnce {
				c, err := dial(ctx, addr, buffer)
				if err == nil {
					err = prepare(c)
				}
				if err != nil {
					errs <- err
					return
				}
				clients[i] = c
			}
			errs <- nil
		}()
	}
	var first error
	for range atOnce {
		if err := <-errs; err != nil && first == nil {
			first = err
		}
	}
	if first != nil {
		closeAll(clients)
		return nil, first
	}
	return clients, nil
}

func closeAll(clients []*client) {
	for _, c := range clients {
		if c != nil {
			c.conn.Close()
		}
	}
}
