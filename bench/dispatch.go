package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"runtime"
	"time"

	"github.com/livec-lang/livec/bench/order"
)

const rounds = 5

// dispatch measures one call within this process, from the text of its message to that of its answer. Live's figure includes all that a
// call costs except the network: the outbound queue, rate limits, metrics and the encoding of the answer. The baseline does only the work
// of encoding/json and jsonschema.
func dispatch(ctx context.Context, report func(figure)) error {
	s, stop, err := newLive(ctx, wide)
	if err != nil {
		return err
	}
	defer stop()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "/_live/ws", nil)
	if err != nil {
		return err
	}
	var reply []byte
	local := s.Connect(request, func(frame []byte) { reply = append(reply[:0], frame...) }, nil)
	defer local.Close()
	local.Send([]byte(hello))
	frame, want := []byte(orderCall(1)), []byte(`{"t":"ok","id":1,"v":9900,"s":0}`)
	fastCall := func() error {
		local.Send(frame)
		if !bytes.Equal(reply, want) {
			return fmt.Errorf("the server says %s", reply)
		}
		return nil
	}
	base, err := newNaive()
	if err != nil {
		return err
	}
	naiveCall := func() error {
		reply, err := base.call(frame)
		if err == nil && !bytes.Equal(reply, want) {
			err = fmt.Errorf("the baseline says %s", reply)
		}
		return err
	}

	var fast, slow, ratios []float64
	for range dispatchRounds {
		for _, side := range []struct {
			call  func() error
			times *[]float64
		}{{fastCall, &fast}, {naiveCall, &slow}} {
			ns, err := cpuPerCall(dispatchFor, side.call)
			if err != nil {
				return err
			}
			*side.times = append(*side.times, ns)
		}
		ratios = append(ratios, slow[len(slow)-1]/fast[len(fast)-1])
	}
	f, b := median(fast), median(slow)
	report(figure{
		Name: "dispatch", Value: round3(f), Unit: "ns/call of the processor",
		Against: fmt.Sprintf("encoding/json + jsonschema/v5: %.0f", b), Ratio: round3(median(ratios)),
	})
	return nil
}

// Rounds are short and many, since the speed of a shared processor changes from one moment to the next.
const (
	dispatchRounds = 25
	dispatchFor    = 60 * time.Millisecond
)

// cpuPerCall runs fn for a while and gives the CPU time of this process for one call, in nanoseconds, with the collection of its garbage.
func cpuPerCall(d time.Duration, fn func() error) (float64, error) {
	const each = 250 // between two looks at the clock
	runtime.GC()     // the other side's garbage
	start, n := ownCPU(), 0
	for ownCPU()-start < d {
		for range each {
			if err := fn(); err != nil {
				return 0, err
			}
		}
		n += each
	}
	return float64(ownCPU()-start) / float64(n), nil
}

// perCall runs fn for a while and gives the nanoseconds of one call.
func perCall(d time.Duration, fn func() error) (float64, error) {
	const each = 100 // between two looks at the clock
	start, n := time.Now(), 0
	for time.Since(start) < d {
		for range each {
			if err := fn(); err != nil {
				return 0, err
			}
		}
		n += each
	}
	return float64(time.Since(start)) / float64(n), nil
}

var hello = `{"t":"hello","v":1,"h":"` + order.Hash() + `"}`

var answered = []byte(`{"t":"ok"`)
