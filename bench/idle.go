package main

import (
	"context"
	"fmt"

	"github.com/olahol/melody"
)

const idleConns = 2000

// idleMemory measures the resident memory of the server for a connection that has sent a message once and is silent now.
func idleMemory(ctx context.Context, report func(figure)) error {
	per := map[string]float64{}
	for _, name := range []string{"live", "melody"} {
		s, err := startServer(ctx, name)
		if err != nil {
			return err
		}
		defer s.stop()
		// A few connections first, so that what a server allocates only once is not counted.
		warm, err := dialAll(ctx, s.addr, 20, 512, func(c *client) error { return speak(c, name) })
		if err != nil {
			return err
		}
		defer closeAll(warm)
		before, err := s.stats(ctx, true)
		if err != nil {
			return err
		}
		clients, err := dialAll(ctx, s.addr, idleConns, 512, func(c *client) error { return speak(c, name) })
		if err != nil {
			return err
		}
		after, err := s.stats(ctx, true)
		closeAll(clients)
		if err != nil {
			return err
		}
		per[name] = float64(after.RSS-before.RSS) / idleConns
	}
	a, b := per["live"], per["melody"]
	report(figure{
		Name: "idle_memory", Value: round3(a), Unit: "bytes/connection",
		Against: fmt.Sprintf("bare melody: %.0f", b), Ratio: round3(b / a),
	})
	return nil
}

// speak exchanges a hello, and with Live a call as well.
func speak(c *client, server string) error {
	if _, err := c.say(hello); err != nil || server != "live" {
		return err
	}
	_, err := c.say(orderCall(1))
	return err
}

// serveMelody sends every message back, with melody in its default configuration.
func serveMelody(context.Context) (*server, error) {
	m := newMelody()
	m.HandleMessage(func(s *melody.Session, b []byte) { _ = s.Write(b) })
	return &server{handler: melodyHandler(m)}, nil
}
