package runtime

import (
	"context"
	"log/slog"
	"time"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/ratelimit"
	"github.com/livec-lang/livec/runtime/store"
)

// Call is one run of an entry point: its caller, its instant, its transaction, and what it does once the transaction has committed. It belongs to one goroutine, and to nobody once the entry point has returned.
type Call struct {
	ctx     context.Context
	path    string // the entry point, module/name
	server  *Server
	caller  *caller
	conn    *conn // that it came over; nil for none
	who     *identity
	user    any
	userKey string // "" for an anonymous caller
	now     time.Time
	tx      store.Tx
	ids     idSource
	after   []func()
	session sessionChange
	standing
	limits  ratelimit.Limiter
	limited []string // what this call was counted for, by Limit
	logger  *slog.Logger
	commit  uint64 // of its transaction, once that is done; 0 if it changed nothing
	signals bool   // it has sent signals
	reached int    // connections that its signals have come to
	effort  effort
	hashes  *hashes       // nil without a rehearsal
	timeout time.Duration // of the entry point; 0 is the default
	added   any           // Hidden.Added, in the computation of a derived stream
}

// Context ends when the call's time is up or the server stops and, for a call that writes nothing, when the caller is gone.
func (c *Call) Context() context.Context { return c.ctx }

// Path is the entry point, as module/name.
func (c *Call) Path() string { return c.path }

// IP is the address of the caller.
func (c *Call) IP() string { return c.caller.ip }

// User is what the app's upgrade gave for the caller, or nil.
func (c *Call) User() any { return c.user }

// Now is the instant of the call, the same for its whole transaction, in UTC with millisecond precision.
func (c *Call) Now() time.Time {
	if c.now.IsZero() { // few calls that write nothing ask, and a clock takes longer to read than such a call to run
		c.now = c.server.now()
	}
	return c.now
}

// Tx is the call's transaction; nil for a call of mode Pure.
func (c *Call) Tx() store.Tx { return c.tx }

// Log is the app's logger, with the entry point as an attribute.
func (c *Call) Log() *slog.Logger { return c.logger.With("entry_point", c.path) }

// AfterCommit has fn run once the transaction is durable, in the order of the calls of AfterCommit; never if the call fails.
func (c *Call) AfterCommit(fn func()) { c.after = append(c.after, fn) }

// NewID gives the next id of the call: a UUIDv7 (RFC 9562) drawn from the seed that the client sent, so that a retry makes the same ids.
func (c *Call) NewID() string { return c.ids.next(c.Now(), &c.server.ids) }

// Rows runs a compiled query and gives its rows.
func (c *Call) Rows(q *relation.Query, params ...relation.Value) ([]relation.Row, error) {
	return c.tx.Query(q, params...)
}

// Value runs a compiled query whose result is one value, and returns the value.
func (c *Call) Value(q *relation.Query, params ...relation.Value) (relation.Value, error) {
	rows, err := c.tx.Query(q, params...)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0][0], nil
}
