// Package invoke runs generated code. All of it runs here: calls of rpcs, checks, the values of streams, what runs when a subscriber
// comes or goes, upgrade, and what the server does by itself. So each has the same transactions, times, retries and treatment of panics.
package invoke

import (
	"time"
)

// Mode is what a run may do to the database. The compiler knows it from the footprint.
type Mode uint8

// The modes.
const (
	Pure  Mode = iota // touches no table: no transaction
	Read              // one consistent snapshot
	Write             // one serializable transaction
)

// Bounds of a run.
const (
	DefaultTimeout = 30 * time.Second
	maxTries       = 4 // the first run and three more after conflicts
)

// Spec is what all runs of an entry point have in common.
type Spec struct {
	Path     string // module/name
	Mode     Mode
	Timeout  time.Duration // DefaultTimeout unless set
	External bool          // calls functions outside of the app, which may be slow
	Session  bool          // starts or ends a session: see rehearse.go
}

func (s *Spec) timeout() time.Duration {
	if s.Timeout <= 0 {
		return DefaultTimeout
	}
	return s.Timeout
}
