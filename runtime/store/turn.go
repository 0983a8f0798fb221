package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/livec-lang/livec/internal/fair"
	"github.com/livec-lang/livec/limits"
)

// Turn says for whom a transaction runs, so that callers take turns. It is part of the context that Submit and Read get. A transaction
// without one is the server's own: it waits with its like only, is never refused, and has no bound of time.
type Turn struct {
	Caller string // those with the same one share a place in the order of turns
	Name   string // of the entry point
	Kind   Kind
	Must   bool // it waits for as long as its context allows and is not refused: what was acknowledged or has changed depends on it
	Most   Most // of the result of each query

	Lanes  *fair.Lanes // for those that take long; nil: they need none
	work   *fair.Work  // of the transaction and of the code that runs in it; nil before it takes long
	writes bool
}

// Step is called now and then by what takes long, in a transaction of the turn or around it, on its goroutine. It waits if there is no lane
// for it, until ctx or the deadline ends; the zero deadline is none. Only a transaction that writes does not wait: all other writes would,
// too.
func (t *Turn) Step(ctx context.Context, now, deadline time.Time) error {
	if t.Lanes == nil {
		return nil
	}
	if t.writes {
		t.lane().Insist(now)
		return nil
	}
	return t.lane().Step(ctx, now, deadline)
}

// Enter is Step for what is known to take long.
func (t *Turn) Enter(ctx context.Context, deadline time.Time) error {
	if t.Lanes == nil {
		return nil
	}
	return t.lane().Enter(ctx, deadline)
}

func (t *Turn) lane() *fair.Work {
	if t.work == nil {
		t.work = t.Lanes.Work(t.Caller)
	}
	return t.work
}

// Write notes that the transaction of the turn has the writer, until Rest.
func (t *Turn) Write() {
	if t.Lanes != nil {
		t.writes = true
	}
}

// Rest gives back the lane, such as at the end of a transaction, or before something else that takes long.
func (t *Turn) Rest() {
	if t.Lanes != nil {
		t.work.End()
		t.writes = false
	}
}

// Most bounds the result of a query. Zero values mean no bound.
type Most struct {
	Rows  int
	Bytes int // about, as Row.Size counts them
}

// TooLarge is the error of a query whose result exceeds a bound. It was not read to its end.
type TooLarge struct {
	Most  Most
	Bytes bool // it is the bound of bytes
}

func (e *TooLarge) Error() string {
	if e.Bytes {
		return fmt.Sprintf("the result of the query has more than %d bytes", e.Most.Bytes)
	}
	return fmt.Sprintf("the result of the query has more than %d rows", e.Most.Rows)
}

// Kind is what a transaction is for. Reads of different kinds do not wait for each other.
type Kind uint8

// The kinds.
const (
	Own   Kind = iota // of the server itself, such as the rows of live queries
	Check             // whether a connection or a subscription is allowed
	Calls             // of rpcs and the values of streams
)

// ErrOvertime is the kind of all Overtime errors. They are a context.DeadlineExceeded too: the language's TIMEOUT.
var ErrOvertime = errors.New("overtime")

// Overtime is the error of a transaction that was stopped and undone since it took longer than a limit allows.
type Overtime struct{ Limit limits.ID }

func (e *Overtime) Error() string {
	return "the transaction took longer than is allowed, and was undone (limit " + e.Limit.String() + ")"
}

// Is makes it an ErrOvertime and a context.DeadlineExceeded.
func (e *Overtime) Is(target error) bool {
	return target == ErrOvertime || target == context.DeadlineExceeded
}

// ErrOverloaded is the kind of all Overloaded errors: the language's OVERLOADED.
var ErrOverloaded = errors.New("overloaded")

// Overloaded is the error of a transaction that was refused before it began, since too many wait.
type Overloaded struct {
	Limit      limits.ID     // that is reached
	Why        string        // for people; "" means that too many calls wait
	RetryAfter time.Duration // 0 if it is not known
}

func (e *Overloaded) Error() string {
	if e.Why != "" {
		return e.Why
	}
	return "too many calls wait (limit " + e.Limit.String() + ")"
}

// Is makes it an ErrOverloaded.
func (e *Overloaded) Is(target error) bool { return target == ErrOverloaded }

// Bounded is a transaction with a bound of time. A Tx may implement it.
type Bounded interface {
	// Deadline is when the transaction is stopped; zero: never.
	Deadline() time.Time
}

// DeadlineOf is when a transaction is stopped; zero: never, or there is none.
func DeadlineOf(tx Tx) time.Time {
	if b, ok := tx.(Bounded); ok {
		return b.Deadline()
	}
	return time.Time{}
}

// Writer is a transaction that knows whether it has written. A Tx may implement it.
type Writer interface {
	// Wrote reports whether the transaction has written, or tried to.
	Wrote() bool
}

// Healthy is a store that knows whether it can be used. A Store may implement it.
type Healthy interface {
	// Health is why the store cannot be written at present; nil if it could be the last time.
	Health() error
}

// turnContext is a context with a Turn.
type turnContext struct {
	context.Context
	turn Turn
}

type turnKey struct{}

// WithTurn gives a context for transactions of a turn.
func WithTurn(ctx context.Context, turn Turn) context.Context {
	return &turnContext{ctx, turn}
}

// Value is part of context.Context.
func (c *turnContext) Value(key any) any {
	if key == (turnKey{}) {
		return &c.turn
	}
	return c.Context.Value(key)
}

var own Turn

// TurnOf gives the turn of a context; if it has none, the server's own. The caller must not change it.
func TurnOf(ctx context.Context) *Turn {
	if t, ok := ctx.Value(turnKey{}).(*Turn); ok {
		return t
	}
	return &own
}
