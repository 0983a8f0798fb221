package abuse

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Neighbour is a client that wants little: it writes a note, sees it in a live list, reads, subscribes and connects, again and again.
type Neighbour interface {
	// Use does everything once in each period until ctx ends, or so many times, or until something fails or takes too long.
	Use(ctx context.Context, every time.Duration, cycles int) (Times, error)
	// Churn makes garbage in the server.
	Churn(ctx context.Context) error
	// Close ends it.
	Close()
}

// StartNeighbour connects a neighbour, and subscribes it to its list. Each thing that it does must be done within a time. If it is alone,
// it connects only now.
type StartNeighbour func(ctx context.Context, s *Server, alone bool, within time.Duration) (Neighbour, error)

// inProcess is a neighbour in this process.
type inProcess struct {
	server *Server
	client *Client
	cycles int
	alone  bool // makes no further connections
	within time.Duration
}

// neighbourAddress is the address of the neighbour. No attacker has it.
const neighbourAddress = "127.0.0.9"

// Times are how long each kind of thing took.
type Times map[string][]time.Duration

// Percentile is the time within which this part of the things of a kind were done.
func (t Times) Percentile(kind string, part float64) time.Duration {
	sorted := slices.Sorted(slices.Values(t[kind]))
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(int(part*float64(len(sorted))), len(sorted)-1)]
}

// kinds are the kinds of things that a neighbour does.
var kinds = []string{"write", "event", "read", "subscribe", "connect"}

// NewNeighbour is the StartNeighbour of one in this process.
func NewNeighbour(ctx context.Context, s *Server, alone bool, within time.Duration) (Neighbour, error) {
	n := &inProcess{server: s, alone: alone, within: within}
	var err error
	if n.client, err = s.Dial(ctx, neighbourAddress); err != nil {
		return nil, err
	}
	return n, n.client.ok(n.client.Call(ctx, "sub", "notes", `["neighbour"]`))
}

// Use is part of Neighbour.
func (n *inProcess) Use(ctx context.Context, every time.Duration, cycles int) (Times, error) {
	t := Times{}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for i := 0; cycles == 0 || i < cycles; i++ {
		if err := n.cycle(t); err != nil {
			return t, err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return t, nil
		}
	}
	return t, nil
}

func (n *inProcess) cycle(t Times) error {
	n.cycles++
	steps := []struct {
		kind string
		do   func(context.Context) error
	}{
		{"write", n.write(t)}, {"read", n.read}, {"subscribe", n.subscribe}, {"connect", n.connect},
	}
	for _, step := range steps {
		if step.kind == "connect" && (n.alone || n.cycles%8 != 0) {
			continue
		}
		ctx, cancel := context.WithTimeout(context.Background(), n.within)
		start := time.Now()
		err := step.do(ctx)
		cancel()
		if err != nil {
			return fmt.Errorf("the neighbour cannot %s within %v: %w", step.kind, n.within, err)
		}
		if step.kind != "write" {
			t[step.kind] = append(t[step.kind], time.Since(start))
		}
	}
	return nil
}

// write writes a note, and waits for its answer and for its event in the list.
func (n *inProcess) write(t Times) func(context.Context) error {
	return func(ctx context.Context) error {
		start, id := time.Now(), n.client.NewID()
		text := fmt.Sprintf("note %d", n.cycles)
		if err := n.client.Send(request("call", id, "say", fmt.Sprintf(`["neighbour",%q]`, text))); err != nil {
			return err
		}
		var failed error
		answered, seen := false, false
		_, err := n.client.Until(ctx, func(m Message) bool {
			switch {
			case m.ID == id && m.Kind != "snap":
				failed, answered = m.Err(), true
				t["write"] = append(t["write"], time.Since(start))
			case strings.Contains(string(m.Value), text):
				seen = true
				t["event"] = append(t["event"], time.Since(start))
			}
			return failed != nil || answered && seen
		})
		if failed != nil {
			return failed
		}
		return err
	}
}

func (n *inProcess) read(ctx context.Context) error {
	return n.client.ok(n.client.Call(ctx, "call", "latest", `["neighbour"]`))
}

// Close is part of Neighbour.
func (n *inProcess) Close() { n.client.Close() }

// Churn is part of Neighbour.
func (n *inProcess) Churn(ctx context.Context) error {
	return n.client.ok(n.client.Call(ctx, "call", "churn", "[]"))
}

// subscribe opens a further subscription, with arguments of its own, and ends it.
func (n *inProcess) subscribe(ctx context.Context) error {
	m, err := n.client.Call(ctx, "sub", "notes", fmt.Sprintf(`["empty %d"]`, n.cycles))
	if err := n.client.ok(m, err); err != nil {
		return err
	}
	return n.client.Send(fmt.Sprintf(`{"t":"unsub","id":%d}`, m.ID))
}

// connect opens a further connection, and closes it.
func (n *inProcess) connect(ctx context.Context) error {
	c, err := n.server.Dial(ctx, neighbourAddress)
	if err != nil {
		return err
	}
	c.Close()
	return nil
}
