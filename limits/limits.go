// Package limits lists every bound of a server: its name, its default, what it counts, and what a client sees that runs into it. The
// compiler reads it for the settings of `app`, the runtime for its flags and environment, and docs/limits.md shows it as a table. It knows
// nothing of how a bound is kept; runtime/govern does.
package limits

import (
	"fmt"
	"strings"
	"unicode"
)

// Unit is what the value of a limit means.
type Unit uint8

// The units. Values of durations are in milliseconds, those of sizes in bytes.
const (
	Count Unit = iota
	Bytes
	Duration
	PerSecond      // events
	BytesPerSecond // bytes
)

// Scope is what a limit counts for.
type Scope uint8

// The scopes. A caller is the user of a call or, if nobody is signed in, its address; an IPv6 address counts by its /64.
const (
	PerServer Scope = iota
	PerConnection
	PerUser
	PerAddress
	PerCaller
	PerCall
	PerTopic
	PerQuery
)

// String is the scope for people.
func (s Scope) String() string {
	return [...]string{"server", "connection", "user", "address", "caller", "call", "topic", "query"}[s]
}

// Limit describes one bound.
type Limit struct {
	ID       ID
	Name     string // as a setting of `app`, such as maxConnections
	Unit     Unit
	Scope    Scope
	Default  int64
	Share    int64  // the default is this part of the limit Of, such as 8 for an eighth; Default is 0 then
	Of       ID     // a limit before this one; for a limit of PerCaller with a Share, that of the server which callers share
	Computed string // how the server finds the default, for people; Default is 0 then
	Min      int64  // smaller values are refused
	Bounds   string // what is bounded, for people
	Outcome  string // what happens at the bound, for people; codes in backquotes
}

// All lists the limits in the order of their IDs.
func All() []*Limit { return all }

var all = func() []*Limit {
	list := make([]*Limit, len(table))
	for i := range table {
		table[i].ID = ID(i)
		list[i] = &table[i]
	}
	return list
}()

var byName = func() map[string]*Limit {
	m := make(map[string]*Limit, len(table))
	for _, l := range all {
		m[l.Name] = l
	}
	return m
}()

// Lookup finds a limit by its name; nil if there is none.
func Lookup(name string) *Limit { return byName[name] }

// Names lists the names of all limits.
func Names() []string {
	names := make([]string, len(all))
	for i, l := range all {
		names[i] = l.Name
	}
	return names
}

// Limit gives the description of a limit.
func (id ID) Limit() *Limit { return all[id] }

// String is the name of the limit.
func (id ID) String() string { return all[id].Name }

// Go is the name of the limit as an identifier of Go: that of its ID.
func (l *Limit) Go() string { return strings.ToUpper(l.Name[:1]) + l.Name[1:] }

// Flag is the name of the flag that sets the limit, such as max-connections.
func (l *Limit) Flag() string { return strings.Join(words(l.Name), "-") }

// Env is the name of the environment variable that sets the limit, such as LIVE_MAX_CONNECTIONS.
func (l *Limit) Env() string { return "LIVE_" + strings.ToUpper(strings.Join(words(l.Name), "_")) }

// words gives the words of a name in camel case.
func words(name string) []string {
	var out []string
	start := 0
	for i, r := range name {
		if unicode.IsUpper(r) {
			out = append(out, name[start:i])
			start = i
		}
	}
	out = append(out, name[start:])
	for i, w := range out {
		out[i] = strings.ToLower(w)
	}
	return out
}

// Check reports why a value cannot be set; nil if it can.
func (l *Limit) Check(v int64) error {
	if v < l.Min {
		return fmt.Errorf("%s is at least %s", l.Name, l.Format(l.Min))
	}
	return nil
}

// Example is a value of the unit, as one writes it in the language.
func (l *Limit) Example() string {
	switch l.Unit {
	case Bytes, BytesPerSecond:
		return l.Format(max(l.Default, l.Min, 64<<10))
	case Duration, Count, PerSecond:
		return l.Format(max(l.Default, l.Min))
	}
	panic(fmt.Sprintf("limit %s has unit %d", l.Name, l.Unit))
}

// Counted reports whether a server counts what is in use of this limit as a whole.
func (l *Limit) Counted() bool {
	return l.Scope == PerServer && (l.Unit == Count || l.Unit == Bytes) && l.ID != Memory
}

// value is the default of a limit, given the values of the limits before it.
func (l *Limit) value(before []int64) int64 {
	if l.Share > 0 {
		return max(before[l.Of]/l.Share, l.Min)
	}
	return l.Default
}
