package abuse

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"
)

// Attack is something that a client must not be able to do to a server.
type Attack struct {
	ID, Name string
	Flags    []string // of the server, such as smaller limits
	Env      []string // of the server
	Files    int      // the most files that the server may have open; 0 for no limit of its own
	Alone    bool     // the neighbour opens no connections, since the attack takes all that there may be
	Prepare  func(ctx context.Context, t *Target) error
	Run      func(ctx context.Context, t *Target) error // attacks until ctx ends, or until it has done enough

	Reached []string                                   // limits that the attack runs into
	Sees    []string                                   // what the attackers are answered among others: codes of errors, statuses, close codes
	Until   func(t *Target) error                      // what has not happened yet without which the attack is not over
	Check   func(ctx context.Context, t *Target) error // what must hold at the end of the attack
}

// Target is what is attacked.
type Target struct {
	*Server
	Outcomes
	Apart       StartNeighbour     // starts a neighbour in a process of its own; nil for one in this process
	Long        time.Duration      // how long the attack goes on; 0 for a moment
	Took        time.Duration      // how long it went on
	During      map[string]float64 // the most that was in use of each limit during the attack
	Start       Figures            // before the attack
	Quiet, Busy Times              // of the neighbour, before and during the attack
	End         Figures            // at the end of the attack
}

// Lasts is how long an attack goes on at least, unless it has done enough before.
func (t *Target) Lasts() time.Duration {
	if t.Long > 0 {
		return t.Long
	}
	return 1500 * time.Millisecond
}

// Pick gives the short or the long value of something.
func Pick[T any](t *Target, short, long T) T {
	if t.Long > 0 {
		return long
	}
	return short
}

// Memory is the GOMEMLIMIT of the servers, in bytes.
const Memory = 256 << 20

// memoryRoom is what a process may have above GOMEMLIMIT: its code, the database's files in memory, and what the collector has not seen
// yet.
const memoryRoom = 64 << 20

// each runs attackers side by side until all have ended. When ctx ends, what fails is no error: its connections are cut.
func each(ctx context.Context, n int, attack func(ctx context.Context, i int) error) error {
	group, ctx := errgroup.WithContext(ctx)
	for i := range n {
		group.Go(func() error {
			if err := attack(ctx, i); err != nil && ctx.Err() == nil {
				return fmt.Errorf("attacker %d: %w", i, err)
			}
			return nil
		})
	}
	return group.Wait()
}

// Conduct runs an attack on a server that was started for it: quiet, attack, and what is left. It gives the first thing that does not hold.
func (t *Target) Conduct(ctx context.Context, a Attack) error {
	if a.Prepare != nil {
		if err := a.Prepare(ctx, t); err != nil {
			return fmt.Errorf("preparing: %w", err)
		}
	}
	n, err := t.neighbour(ctx, a.Alone)
	if err != nil {
		return err
	}
	defer n.Close()
	if t.Quiet, err = n.Use(ctx, time.Millisecond, Pick(t, 10, 200)); err != nil {
		return fmt.Errorf("before the attack: %w", err)
	}
	if t.Start, err = t.Figures(ctx); err != nil {
		return err
	}
	if err := t.attack(ctx, a, n); err != nil {
		return err
	}
	if err := t.judge(a); err != nil {
		return err
	}
	if a.Check != nil {
		if err := a.Check(ctx, t); err != nil {
			return err
		}
	}
	return t.recover(ctx, n)
}

// neighbour connects a neighbour: one in a process of its own, if there shall be one, and otherwise one in this process.
func (t *Target) neighbour(ctx context.Context, alone bool) (Neighbour, error) {
	within := Pick(t, 10*time.Second, 30*time.Second)
	if t.Apart != nil {
		return t.Apart(ctx, t.Server, alone, within)
	}
	return NewNeighbour(ctx, t.Server, alone, within)
}

// patience is how much longer an attack goes on until it has run into what it must run into.
const patience = 20 * time.Second

// attack runs the attackers beside the neighbour.
func (t *Target) attack(ctx context.Context, a Attack, n Neighbour) error {
	start := time.Now()
	during, stop := context.WithTimeout(ctx, t.Lasts()+patience)
	defer stop()
	group, ctx := errgroup.WithContext(ctx)
	context.AfterFunc(ctx, stop) // after the first that fails
	group.Go(func() error {
		defer stop()
		if err := a.Run(during, t); err != nil {
			return fmt.Errorf("the attack: %w", err)
		}
		return nil
	})
	group.Go(func() (err error) {
		t.Busy, err = n.Use(during, 10*time.Millisecond, 0)
		return err
	})
	group.Go(func() error {
		defer stop()
		return t.watch(during, func() bool { return time.Since(start) >= t.Lasts() && t.missing(a) == nil })
	})
	err := group.Wait()
	t.Took = time.Since(start)
	if err != nil {
		return fmt.Errorf("%w (attackers saw %s)", err, t.Outcomes.String())
	}
	return nil
}

// watch notes the most that is in use of each limit, until it is enough or ctx ends.
func (t *Target) watch(during context.Context, enough func() bool) error {
	t.During = map[string]float64{}
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		f, err := t.Figures(ctx)
		cancel()
		if err != nil {
			return fmt.Errorf("metrics during the attack: %w", err)
		}
		t.End = f
		for _, name := range budgets {
			t.During[name] = max(t.During[name], f.Limit("live_limit_used", name))
		}
		if enough() {
			return nil
		}
		select {
		case <-tick.C:
		case <-during.Done():
			return nil
		}
	}
}

// missing says what the attack has not run into.
func (t *Target) missing(a Attack) error {
	for _, name := range a.Reached {
		if t.End.Limit("live_limit_reached_total", name) <= t.Start.Limit("live_limit_reached_total", name) {
			return fmt.Errorf("nothing ran into %s (attackers saw %s)", name, t.Outcomes.String())
		}
	}
	for _, outcome := range a.Sees {
		if t.Count(outcome) == 0 {
			return fmt.Errorf("attackers did not see %s but %s", outcome, t.Outcomes.String())
		}
	}
	if a.Until != nil {
		return a.Until(t)
	}
	return nil
}

// budgets are the limits of memory.
var budgets = []string{"maxQueueMemory", "maxTopicMemory", "maxWindowMemory", "maxRateMemory"}

// judge looks at what happened during the attack.
func (t *Target) judge(a Attack) error {
	peak, err := t.PeakMemory()
	if err != nil {
		return err
	}
	if peak > Memory+memoryRoom {
		return fmt.Errorf("the server took %d MiB, of %d", peak>>20, Memory>>20)
	}
	for _, name := range budgets {
		value := t.End.Limit("live_limit_value", name)
		if used := t.During[name]; used > value*5/4+1<<20 { // what already runs may go a quarter beyond it
			return fmt.Errorf("%.0f bytes were in use of %s, which is %.0f", used, name, value)
		}
	}
	if err := t.missing(a); err != nil {
		return err
	}
	if n := t.Count("INTERNAL"); n > 0 {
		return fmt.Errorf("attackers saw INTERNAL %d times", n)
	}
	return nil
}

// recover waits until the server is as it was. The neighbour's calls make garbage, so that memory is collected.
func (t *Target) recover(ctx context.Context, n Neighbour) error {
	ctx, cancel := context.WithTimeout(ctx, Pick(t, 20*time.Second, 60*time.Second))
	defer cancel()
	room := map[string]float64{"go_goroutines": 10, "process_open_fds": 8, "go_memstats_heap_alloc_bytes": 24 << 20}
	return poll(ctx, func() error {
		for range 20 {
			if err := n.Churn(ctx); err != nil {
				return err
			}
		}
		f, err := t.Figures(ctx)
		if err != nil {
			return err
		}
		var left []error
		for name, more := range room {
			if f[name] > t.Start[name]+more {
				left = append(left, fmt.Errorf("afterwards %s is %.0f, before it was %.0f", name, f[name], t.Start[name]))
			}
		}
		return errors.Join(left...)
	})
}
