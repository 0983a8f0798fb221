// Package invoke runs all generated code: calls of rpcs, checks, the values of streams, the code for subscribers who come and go, upgrade,
// and what the server runs on its own behalf. So all code has the same transactions, time limits, retries and handling of panics.
package invoke

import (
	"time"

	"github.com/livec-lang/livec/limits"
)

// Mode is how a run may use the database. The compiler derives it from the footprint.
type Mode uint8

// The modes.
const (
	Pure  Mode = iota // uses no table: no transaction
	Read              // one consistent snapshot
	Write             // one serializable transaction
)

// maxTries bounds the runs of a transaction: the first one, and three more after conflicts.
const maxTries = 4

// Spec is what all runs of an entry point have in common.
type Spec struct {
	Path     string // module/name
	Mode     Mode
	Timeout  time.Duration // 0: limits.CallTime
	External bool          // calls extern functions, which may be slow
	Session  bool          // starts or ends a session: see rehearse.go
}

// timeout is how long a run may take.
func (r *Runner) timeout(s *Spec) time.Duration {
	if s.Timeout <= 0 {
		return r.CallTime()
	}
	return s.Timeout
}

// CallTime is how long a run may take that says nothing else, and how long the server itself waits at most for the store or the engine, on
// behalf of a client. It is limits.CallTime.
func (r *Runner) CallTime() time.Duration { return r.cfg.Govern.Time(limits.CallTime) }

// overtime is the limit of the time of transactions.
func overtime(m Mode) limits.ID {
	if m == Write {
		return limits.MaxWriteTime
	}
	return limits.MaxReadTime
}
