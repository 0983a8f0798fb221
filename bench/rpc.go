package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
)

const (
	rpcConns  = 50
	rpcWindow = 32 // calls that a connection has open
	rpcFor    = 1500 * time.Millisecond
)

// rpcPipelined measures calls of many connections, each of which has several open. The baseline sends the same frames back without reading
// them.
func rpcPipelined(ctx context.Context, report func(figure)) error {
	var window []byte
	for i := range rpcWindow {
		window = append(window, frameOf(orderCall(i+1))...)
	}
	type side struct {
		server  *process
		clients []*client
		count   func(*client) error
		rates   []float64
		cpu     []float64
	}
	sides := map[string]*side{"live": {count: readAnswers}, "gorilla": {count: readEchoes}}
	for name, s := range sides {
		var err error
		if s.server, err = startServer(ctx, name); err != nil {
			return err
		}
		defer s.server.stop()
		s.clients, err = dialAll(ctx, s.server.addr, rpcConns, 64<<10, func(c *client) error { _, err := c.say(hello); return err })
		if err != nil {
			return err
		}
		defer closeAll(s.clients)
	}
	for round := range rounds + 1 {
		for _, name := range []string{"live", "gorilla"} {
			s := sides[name]
			before, err := s.server.stats(ctx, false)
			if err != nil {
				return err
			}
			start := time.Now()
			done := make(chan result, rpcConns)
			for _, c := range s.clients {
				go func() { done <- pump(c, window, start.Add(rpcFor), s.count) }()
			}
			calls := 0
			for range s.clients {
				r := <-done
				if r.err != nil {
					return r.err
				}
				calls += r.calls
			}
			took := time.Since(start)
			after, err := s.server.stats(ctx, false)
			if err != nil {
				return err
			}
			if round > 0 { // the first warms up
				s.rates = append(s.rates, float64(calls)/took.Seconds())
				s.cpu = append(s.cpu, float64(after.CPU-before.CPU)/float64(calls))
			}
		}
	}
	l, g := sides["live"], sides["gorilla"]
	a, b := median(l.rates), median(g.rates)
	report(figure{
		Name: "rpc_pipelined", Value: round3(a), Unit: "calls/s",
		Against: fmt.Sprintf("raw gorilla echo: %.0f", b), Ratio: round3(a / b),
	})
	a, b = median(l.cpu), median(g.cpu)
	report(figure{
		Name: "rpc_pipelined_cpu", Value: round3(a), Unit: "ns/call of the server",
		Against: fmt.Sprintf("raw gorilla echo: %.0f", b), Ratio: round3(b / a),
	})
	return nil
}

type result struct {
	calls int
	err   error
}

// pump sends windows of calls, each as soon as the one before is answered.
func pump(c *client, window []byte, until time.Time, count func(*client) error) (r result) {
	for time.Now().Before(until) {
		if _, r.err = c.conn.Write(window); r.err != nil {
			return r
		}
		if r.err = count(c); r.err != nil {
			return r
		}
		r.calls += rpcWindow
	}
	return r
}

// readAnswers reads until each call of a window is answered.
func readAnswers(c *client) error {
	var text [16 << 10]byte
	for left := rpcWindow; left > 0; {
		n, err := c.header()
		if err != nil {
			return err
		}
		if n > len(text) {
			return fmt.Errorf("a frame of %d bytes", n)
		}
		if _, err := io.ReadFull(c.r, text[:n]); err != nil {
			return err
		}
		ok := bytes.Count(text[:n], answered)
		if ok == 0 {
			return fmt.Errorf("the server says %s", text[:n])
		}
		left -= ok
	}
	return nil
}

func readEchoes(c *client) error {
	for range rpcWindow {
		n, err := c.header()
		if err != nil {
			return err
		}
		if _, err := c.r.Discard(n); err != nil {
			return err
		}
	}
	return nil
}

// serveGorilla sends every message back.
func serveGorilla(context.Context) (*server, error) {
	up := websocket.Upgrader{Subprotocols: []string{"live.v1"}}
	return &server{handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ws, err := up.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer ws.Close()
		for {
			kind, b, err := ws.ReadMessage()
			if err != nil {
				return
			}
			if err := ws.WriteMessage(kind, b); err != nil {
				return
			}
		}
	})}, nil
}
