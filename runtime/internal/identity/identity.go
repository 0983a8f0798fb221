// Package identity says who calls: what is kept of the request, the user that the app has found, and how long that is valid.
package identity

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/livec-lang/livec/runtime/internal/watch"
)

// Identity is who a caller is, according to the app's upgrade. The zero value is an anonymous caller.
type Identity struct {
	User any    // the result of upgrade; nil for an anonymous caller
	Key  string // of the user; "" for an anonymous caller
	Turn string // what the user takes turns by with others; "" for an anonymous caller, whose network counts
	Credentials

	// The rest is for the identity of a connection.
	Seq   uint64        // the commit at which upgrade found it
	Reads watch.ReadSet // what upgrade has read: if that changes, the identity may change
	Stale atomic.Bool   // a row of Reads has changed since, or is not watched any more
}

// TurnOf is what a caller takes turns by with others; see store.Turn. who may be nil.
func TurnOf(from *Caller, who *Identity) string {
	if who != nil && who.Turn != "" {
		return who.Turn
	}
	return from.Turn
}

// TurnOfUser is the Turn of the user with a key; "" for none.
func TurnOfUser(key string) string {
	if key == "" {
		return ""
	}
	return "u" + key
}

// System is the identity of what the server runs on its own behalf. It has no user.
var System = &Identity{}

// Credentials are the sessions and tokens that a result relies on. The zero value relies on none.
type Credentials struct {
	Until time.Time // when the first of them expires; zero: never
	Proof string    // identifies them: with other credentials, the result may differ
}

// Rely adds a session or token that expires at until.
func (c *Credentials) Rely(until time.Time, proof string) {
	if c.Until.IsZero() || until.Before(c.Until) {
		c.Until = until
	}
	c.Proof += proof
}

// Clock gives the instant of calls.
type Clock interface{ Now() time.Time }

// Expired reports whether one of the credentials has expired by now.
func (c *Credentials) Expired(clock Clock) bool {
	return !c.Until.IsZero() && !clock.Now().Before(c.Until)
}

// SessionChange is what a call does to the session cookie of its caller, if it succeeds.
type SessionChange struct {
	Changed bool
	Token   string // of the session that the call has started; "" if it has ended the caller's session
	Cookie  string // the value of the cookie, with the token
	Ends    time.Time
	Mark    string // what is stored of the change, to repeat it; it has no secret
}

// assumed is the context key of the user.
type assumed struct{}

// Assume makes requests with this context belong to a user, or to nobody if it is nil, without asking upgrade. It is for tests.
func Assume(ctx context.Context, user any) context.Context {
	return context.WithValue(ctx, assumed{}, assumedUser{user})
}

type assumedUser struct{ user any }

// Assumed gives the user that Assume has put into a context, and whether it has.
func Assumed(ctx context.Context) (user any, ok bool) {
	u, ok := ctx.Value(assumed{}).(assumedUser)
	return u.user, ok
}
