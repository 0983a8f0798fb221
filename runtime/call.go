package runtime

import (
	"context"
	"log/slog"
	"time"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/store"
)

// Call is one run of an entry point: its caller, its instant, its transaction, and what runs after its transaction has committed. Only one
// goroutine may use it, and nobody once the entry point has returned.
type Call struct {
	in     *invoke.Invocation
	server *Server
}

// callOf is the Call of an invocation.
func callOf(in *invoke.Invocation) *Call { return in.Face.(*Call) }

// Context ends when the time limit of the call is reached or the server stops and, for a call that does not write, when the caller
// disconnects.
func (c *Call) Context() context.Context { return c.in.Ctx }

// Path is the entry point, as module/name.
func (c *Call) Path() string { return c.in.Path }

// User is what the app's upgrade has returned for the caller, or nil.
func (c *Call) User() any { return c.in.Who.User }

// Now is the instant of the call, in UTC with millisecond precision. It stays the same for the whole call.
func (c *Call) Now() time.Time { return c.in.Now() }

// Tx is the call's transaction; nil for a call of mode Pure.
func (c *Call) Tx() store.Tx { return c.in.Tx }

// Log is the app's logger, with the entry point as an attribute.
func (c *Call) Log() *slog.Logger {
	return c.in.Log().With(c.in.By().Append([]any{"entry_point", c.in.Path})...)
}

// AfterCommit runs fn once the transaction is durable, in the order of the calls of AfterCommit. It never runs if the call fails.
func (c *Call) AfterCommit(fn func()) { c.in.AfterCommit(fn) }

// NewID gives the next id of the call: a UUIDv7 (RFC 9562) derived from the key that the client sent, so a repeated call makes the same
// ids.
func (c *Call) NewID() string { return c.in.NewID() }

// HashPassword hashes a password; see auth.HashPassword.
func (c *Call) HashPassword(password string) string { return c.in.HashPassword(password) }

// CheckPassword reports whether hash is a hash of password; see auth.CheckPassword.
func (c *Call) CheckPassword(password, hash string) (bool, error) {
	return c.in.CheckPassword(password, hash)
}

// Step counts one turn of a loop. It fails with TIMEOUT once the time limit of the call is reached.
func (c *Call) Step() error { return c.in.Step() }

// Enter begins a function that may call itself; Leave ends it. Enter fails if the recursion is too deep: overflowing the stack would end
// the process.
func (c *Call) Enter() error { return c.in.Enter() }

// Leave ends what Enter has begun.
func (c *Call) Leave() { c.in.Leave() }

// Rows runs a compiled query and returns its rows.
func (c *Call) Rows(q *relation.Query, params ...relation.Value) ([]relation.Row, error) {
	if err := c.in.Query(); err != nil {
		return nil, err
	}
	return c.in.Tx.Query(q, params...)
}

// Value runs a compiled query whose result is one value, and returns the value.
func (c *Call) Value(q *relation.Query, params ...relation.Value) (relation.Value, error) {
	rows, err := c.Rows(q, params...)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0][0], nil
}
