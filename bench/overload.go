package main

import (
	"context"
	"fmt"
	"slices"
	"time"
)

const (
	overloadCallers = 20
	overloadEvery   = 10 * time.Millisecond // between two calls of a caller
	overloadFor     = 1500 * time.Millisecond
	overloadFlood   = 50 // connections that flood, with rpcWindow calls open each

	// The callers have an address of their own, as other people have. On systems other than Linux it must be added to the loopback device.
	callersAddress = "127.0.0.2"
)

// overload measures how long usual calls take while another address floods the server with calls, against a server that nobody floods. It
// does so with the limits that servers have by default, and with limits that the flood does not reach.
func overload(ctx context.Context, report func(figure)) error {
	for _, side := range []struct{ figure, server string }{{"overload", "live-limited"}, {"overload_unlimited", "live"}} {
		quiet, busy, err := overloaded(ctx, side.server)
		if err != nil {
			return err
		}
		report(figure{
			Name: side.figure, Value: round3(busy), Unit: "ms, the 99th percentile of calls beside a flood",
			Against: fmt.Sprintf("without the flood: %.3g", quiet), Ratio: round3(quiet / busy),
		})
	}
	return nil
}

// overloaded gives the medians of all rounds, in milliseconds.
func overloaded(ctx context.Context, name string) (quiet, busy float64, err error) {
	s, err := startServer(ctx, name)
	if err != nil {
		return 0, 0, err
	}
	defer s.stop()
	callers := make([]*client, overloadCallers)
	defer func() { closeAll(callers) }()
	for i := range callers {
		if callers[i], err = dialFrom(ctx, callersAddress, s.addr, 1024); err != nil {
			return 0, 0, err
		}
		if _, err := callers[i].say(hello); err != nil {
			return 0, 0, err
		}
	}
	flood, err := dialAll(ctx, s.addr, overloadFlood, 64<<10, func(c *client) error { _, err := c.say(hello); return err })
	if err != nil {
		return 0, 0, err
	}
	defer closeAll(flood)
	var window []byte
	for i := range rpcWindow {
		window = append(window, frameOf(orderCall(i+1))...)
	}
	var q, b []float64
	for range rounds {
		ms, err := callEvery(callers)
		if err != nil {
			return 0, 0, err
		}
		q = append(q, ms)
		until, done := time.Now().Add(overloadFor), make(chan result, len(flood))
		for _, c := range flood {
			go func() { done <- pump(c, window, until, readAnswers) }()
		}
		ms, err = callEvery(callers)
		for range flood {
			if r := <-done; err == nil {
				err = r.err
			}
		}
		if err != nil {
			return 0, 0, err
		}
		b = append(b, ms)
	}
	return median(q), median(b), nil
}

// callEvery has each caller call at even intervals for a while. It gives the 99th percentile of the times to the answer, in milliseconds.
func callEvery(callers []*client) (float64, error) {
	type times struct {
		ms  []float64
		err error
	}
	done := make(chan times, len(callers))
	for _, c := range callers {
		go func() {
			var t times
			tick := time.NewTicker(overloadEvery)
			defer tick.Stop()
			for range int(overloadFor / overloadEvery) {
				start := time.Now()
				if _, t.err = c.say(orderCall(1)); t.err != nil {
					break
				}
				t.ms = append(t.ms, float64(time.Since(start).Microseconds())/1000)
				<-tick.C
			}
			done <- t
		}()
	}
	var all []float64
	var failed error
	for range callers {
		t := <-done
		all = append(all, t.ms...)
		if failed == nil {
			failed = t.err
		}
	}
	if failed != nil {
		return 0, failed
	}
	slices.Sort(all)
	return all[len(all)*99/100], nil
}
