// Package govern keeps the bounds of one server: it knows their values, counts what is in use and what has run into a bound, and says so
// in the log. Package limits lists the bounds.
package govern

import (
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/livec-lang/livec/internal/throttle"
	"github.com/livec-lang/livec/limits"
)

// Governor keeps the bounds of one server. Its methods may be called from any goroutine. The zero value does not work: use New.
type Governor struct {
	values   []int64
	accounts []Account
	log      *slog.Logger
	lines    throttle.Log
}

// quiet is the time between two lines in the log about one bound.
const quiet = time.Minute

// New makes the governor of a server. Limits that are not set have their defaults, for a process that may use this many bytes of memory.
// log gets a warning for each bound that is reached; nil for none.
func New(set limits.Values, memory int64, log *slog.Logger) *Governor {
	values := set.Full(memory)
	if values[limits.BusyProcessors] <= 0 {
		values[limits.BusyProcessors] = int64(max(1, runtime.GOMAXPROCS(0)-1))
	}
	if values[limits.MaxConnectionsPerAddress] <= 0 {
		values[limits.MaxConnectionsPerAddress] = min(1000, Share(values[limits.MaxConnections]))
	}
	g := &Governor{values: values, accounts: make([]Account, len(limits.All())), log: log, lines: throttle.Log{Each: quiet}}
	for i := range g.accounts {
		g.accounts[i].governor, g.accounts[i].id = g, limits.ID(i)
	}
	for _, l := range limits.All() {
		if l.Scope == limits.PerCaller && l.Share > 0 {
			g.accounts[l.Of].callers = g.Quotas(l.ID)
		}
	}
	return g
}

// Share is the part of all connections that one address may have.
func Share(all int64) int64 { return (all + 3) / 4 }

// Value is the value of a limit, in its unit.
func (g *Governor) Value(id limits.ID) int64 { return g.values[id] }

// Int is the value of a limit as an int.
func (g *Governor) Int(id limits.ID) int { return int(g.values[id]) }

// Time is the value of a limit that is a duration.
func (g *Governor) Time(id limits.ID) time.Duration { return limits.Time(g.values[id]) }

// Account counts what is in use of a limit of the server.
func (g *Governor) Account(id limits.ID) *Account { return &g.accounts[id] }

// Reached counts that something ran into a bound, and logs it, but each bound at most once a minute.
func (g *Governor) Reached(id limits.ID) {
	g.accounts[id].reached.Add(1)
	if g.log == nil {
		return
	}
	l := id.Limit()
	g.lines.Write(g.log, slog.LevelWarn, l.Name, "a limit is reached",
		"limit", l.Name, "value", l.Format(g.values[id]), "setting", "--"+l.Flag()+", "+l.Env())
}

// ReachedTotal is how often something ran into a bound.
func (g *Governor) ReachedTotal(id limits.ID) uint64 { return g.accounts[id].reached.Load() }

// Account is what is in use of one limit of the server.
type Account struct {
	governor *Governor
	id       limits.ID
	used     atomic.Int64
	reached  atomic.Uint64
	callers  *Quotas // what each caller has; nil if callers have no limit

	reclaiming sync.Mutex
	reclaims   []func() bool
}

// Used is what is in use.
func (a *Account) Used() int64 { return a.used.Load() }

// Limit is the most that may be in use.
func (a *Account) Limit() int64 { return a.governor.values[a.id] }

// Take takes n into use, unless that would exceed the limit. Then it takes nothing, counts that, and returns false.
func (a *Account) Take(n int64) bool {
	if a.used.Add(n) <= a.governor.values[a.id] {
		return true
	}
	a.used.Add(-n)
	a.governor.Reached(a.id)
	return false
}

// Add takes n into use even if that exceeds the limit, or gives back -n.
func (a *Account) Add(n int64) { a.used.Add(n) }

// Reached counts that something ran into the limit; see Governor.Reached.
func (a *Account) Reached() { a.governor.Reached(a.id) }

// Full reports whether as much as the limit is in use, or more.
func (a *Account) Full() bool { return a.used.Load() >= a.governor.values[a.id] }

// OnFull adds a way to make room: free gives up the oldest of what nobody uses at present, and reports whether there was any. It is called
// by Fits and Trim, on their goroutine.
func (a *Account) OnFull(free func() bool) {
	a.reclaiming.Lock()
	defer a.reclaiming.Unlock()
	a.reclaims = append(a.reclaims, free)
}

// Fits reports whether n more can be taken into use. It makes room if there is none. It takes nothing: those who ask at the same time may
// exceed the limit together, by what each of them takes.
func (a *Account) Fits(n int64) bool {
	if a.used.Load()+n <= a.Limit() {
		return true
	}
	a.governor.Reached(a.id)
	return a.reclaim(func() bool { return a.used.Load()+n <= a.Limit() })
}

// Trim makes room if more is in use than the limit.
func (a *Account) Trim() {
	if a.used.Load() > a.Limit() {
		a.governor.Reached(a.id)
		a.reclaim(func() bool { return a.used.Load() <= a.Limit() })
	}
}

// reclaim makes room until something fits, and reports whether it does now.
func (a *Account) reclaim(fits func() bool) bool {
	a.reclaiming.Lock()
	defer a.reclaiming.Unlock()
	for _, free := range a.reclaims {
		for !fits() && free() {
			continue
		}
	}
	return fits()
}
