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

// Bounds of a run.
const (
	DefaultTimeout = 30 * time.Second
	maxTries       = 4 // the first run, and three more after conflicts
)

// Spec is what all runs of an entry point have in common.
type Spec struct {
	Path     string // module/name
	Mode     Mode
	Timeout  time.Duration // 0: DefaultTimeout
	External bool          // calls extern functions, which may be slow
	Session  bool          // starts or ends a session: see rehearse.go
}

func (s *Spec) timeout() time.Duration {
	if s.Timeout <= 0 {
		return DefaultTimeout
	}
	return s.Timeout
}

// overtime is the limit of the time of transactions.
func overtime(m Mode) limits.ID {
	if m == Write {
		return limits.MaxWriteTime
	}
	return limits.MaxReadTime
}
