package abuse

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"
)

// The neighbour of a long attack runs in a process of its own, and the attackers make way for it and for the server: attackers come from
// other machines, so they take neither its processors nor those of the neighbour. See rest.

// neighbourOf names the environment variable with the address of the server: set, the test program is a neighbour.
const neighbourOf = "ABUSE_NEIGHBOUR_OF"

// order is what such a process is asked to do. A further line ends Use.
type order struct {
	Alone  bool          `json:"alone,omitzero"` // of the first order, which connects it
	Within time.Duration `json:"within,omitzero"`
	Churn  bool          `json:"churn,omitzero"`
	Every  time.Duration `json:"every,omitzero"` // of Use
	Cycles int           `json:"cycles,omitzero"`
}

type report struct {
	Times Times  `json:"times"`
	Err   string `json:"err,omitzero"`
}

// serveNeighbour is such a process.
func serveNeighbour(addr string) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	in, out := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	orders := make(chan order)
	go func() { // ends with the process
		defer close(orders)
		for {
			var o order
			if in.Decode(&o) != nil {
				return
			}
			orders <- o
		}
	}()
	first := <-orders
	n, err := NewNeighbour(ctx, &Server{Addr: addr}, first.Alone, first.Within)
	if err != nil {
		return err
	}
	if err := out.Encode(report{}); err != nil {
		return err
	}
	for o := range orders {
		var r report
		if o.Churn {
			err = n.Churn(ctx)
		} else {
			r.Times, err = useUntil(ctx, n, o, orders)
		}
		if err != nil {
			r.Err = err.Error()
		}
		if err := out.Encode(r); err != nil {
			return err
		}
	}
	return nil
}

// useUntil uses the server until it has done so often, or until the next order.
func useUntil(ctx context.Context, n Neighbour, o order, next <-chan order) (Times, error) {
	if o.Cycles > 0 {
		return n.Use(ctx, o.Every, o.Cycles)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { // ends with the next order
		<-next
		cancel()
	}()
	return n.Use(ctx, o.Every, 0)
}

// remote is a neighbour in a process of its own.
type remote struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	orders  *json.Encoder
	reports *json.Decoder
	rested  func()
}

// apart is the StartNeighbour of one in a process of its own.
func apart(ctx context.Context, s *Server, alone bool, within time.Duration) (Neighbour, error) {
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), neighbourOf+"="+s.Addr)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	n := &remote{cmd: cmd, in: in, orders: json.NewEncoder(in), reports: json.NewDecoder(out), rested: func() {}}
	if _, err = n.ask(order{Alone: alone, Within: within}); err == nil {
		n.rested, err = rest()
	}
	if err != nil {
		n.Close()
		return nil, err
	}
	return n, nil
}

func (n *remote) ask(o order) (Times, error) {
	if err := n.orders.Encode(o); err != nil {
		return nil, fmt.Errorf("the neighbour has ended: %w", err)
	}
	var r report
	if err := n.reports.Decode(&r); err != nil {
		return nil, fmt.Errorf("the neighbour has ended: %w", err)
	}
	if r.Err != "" {
		return r.Times, errors.New(r.Err)
	}
	return r.Times, nil
}

// Use is part of Neighbour.
func (n *remote) Use(ctx context.Context, every time.Duration, cycles int) (Times, error) {
	if cycles == 0 {
		defer context.AfterFunc(ctx, func() { _ = n.orders.Encode(order{}) })() // an error is that of the answer as well
	}
	return n.ask(order{Every: every, Cycles: cycles})
}

// Churn is part of Neighbour.
func (n *remote) Churn(context.Context) error {
	_, err := n.ask(order{Churn: true})
	return err
}

// Close is part of Neighbour.
func (n *remote) Close() {
	n.rested()
	n.in.Close()
	_ = n.cmd.Process.Kill() // it may have ended
	_ = n.cmd.Wait()
}
