// Package identity says who calls: what is kept of the request, which user the app has found, and how long that holds.
package identity

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/livec-lang/livec/runtime/internal/watch"
)

// Identity is who a caller is, as the app's upgrade has found. The zero value is an anonymous caller.
type Identity struct {
	User any    // what upgrade gave; nil for an anonymous caller
	Key  string // of the user; "" for an anonymous caller
	Credentials

	// Of the identity that a connection keeps.
	Seq   uint64        // the commit at which upgrade found it
	Reads watch.ReadSet // what upgrade read: when that changes, the identity may change
	Stale atomic.Bool   // a row of Reads has changed since, or the watch of them has ended
}

// System is the identity of what the server runs by itself. It has no user.
var System = &Identity{}

// Credentials are the sessions and tokens that an answer relies on. The zero value relies on none.
type Credentials struct {
	Until time.Time // the first of them expires then; zero for never
	Proof string    // names all of them: with others, the answer may differ
}

// Rely adds a session or token that expires at until.
func (c *Credentials) Rely(until time.Time, proof string) {
	if c.Until.IsZero() || until.Before(c.Until) {
		c.Until = until
	}
	c.Proof += proof
}

// Clock tells the instant of calls.
type Clock interface{ Now() time.Time }

// Expired reports whether one of the credentials has expired by now.
func (c *Credentials) Expired(clock Clock) bool {
	return !c.Until.IsZero() && !clock.Now().Before(c.Until)
}

// SessionChange is what a call does to the session cookie of its caller, once it has succeeded.
type SessionChange struct {
	Changed bool
	Token   string // of the session that the call has started; "" where it has ended the caller's
	Cookie  string // the value that carries the token
	Ends    time.Time
}

// assumed is the key of the user in a context.
type assumed struct{}

// Assume makes connections of a request with this context speak for a user, or for nobody with nil, and not for the user of its headers:
// upgrade is not asked. Only tests do it.
func Assume(ctx context.Context, user any) context.Context {
	return context.WithValue(ctx, assumed{}, assumedUser{user})
}

type assumedUser struct{ user any }

// Assumed is the user that Assume has put into a context, and whether it has.
func Assumed(ctx context.Context) (user any, ok bool) {
	u, ok := ctx.Value(assumed{}).(assumedUser)
	return u.user, ok
}
