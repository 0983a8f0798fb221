// Package store is the seam between the runtime and a database. A backend runs transactions and hands out what each commit changed, in commit order; the
// backends (package sqlite; others later) pass one conformance suite, package storetest.
package store

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/livec-lang/livec/relation"
)

// Errors that a backend gives, wrapped with what it knows. Test for them with errors.Is.
var (
	ErrUnique      = errors.New("a unique value is taken")          // the language's CONFLICT
	ErrClosed      = errors.New("the store is closed")              // the language's UNAVAILABLE
	ErrUnavailable = errors.New("the database cannot be used")      // disk full, lost connection: UNAVAILABLE
	ErrDrift       = errors.New("the database has another schema")  // at start
	ErrLocked      = errors.New("the database is in use elsewhere") // at start: SQLite serves one process
)

// Store is a database.
type Store interface {
	// Submit runs fn in a serializable transaction. fn runs alone, on the store's writer; several calls may share one physical commit, each
	// behind a savepoint of its own. An error of fn, or a panic, undoes all that fn did. A fn that changed nothing yields a Commit with
	// Seq 0. A call whose context has ended when its turn comes is not run. Calls that one goroutine submits run in that order.
	//
	// done is called once, after the commit is durable and after it was handed to the subscriber of OnCommit. It runs on the store's
	// goroutine and must not block.
	Submit(ctx context.Context, fn func(Tx) error, done func(Commit, error))

	// Read runs fn on one consistent snapshot. Readers run in parallel with each other and with the writer. The write methods of its Tx give an error.
	Read(ctx context.Context, fn func(Tx) error) error

	// BeforeCommit sets the hooks of all write transactions, in the order in which they run. They are set once, before the first Submit.
	BeforeCommit(hooks ...CommitHook)

	// OnCommit sets the function that receives every commit that changed rows, one at a time, in the order of Seq, before the calls in it are answered. It is set once, before the first Submit.
	OnCommit(fn func(Commit))

	// Close waits for what was submitted, then closes the database.
	Close() error
}

// Tx is a transaction. It belongs to the fn it was given to.
type Tx interface {
	// Seq is the sequence of the last commit that this transaction sees.
	Seq() uint64

	// Query runs a query. Parameters are in the order of q.Params. Rows have the columns of q.Out; a query that gives one value yields
	// one row of one column.
	Query(q *relation.Query, params ...relation.Value) ([]relation.Row, error)

	// Get is the row of t with this key, or nil.
	Get(t *relation.Table, key relation.Row) (relation.Row, error)

	// Insert adds a row with all columns set. ErrUnique if its key or a unique set is taken.
	Insert(t *relation.Table, row relation.Row) error

	// Update replaces old, a row as read in this transaction, by new. The key may change. ErrUnique as for Insert.
	Update(t *relation.Table, old, new relation.Row) error

	// Delete removes old, a row as read in this transaction.
	Delete(t *relation.Table, old relation.Row) error
}

// Toucher is a transaction that writes, and knows of the commits before it that are not durable yet and were handed to nobody.
// A Tx may be one.
type Toucher interface {
	// Touched is the last commit that this transaction sees and that has changed a row of t, or one before which nobody has; 0
	// if none has since the store was opened. It may be later than the last such commit, but not earlier.
	Touched(t *relation.Table) uint64
}

// Commit is what one transaction changed. Changes of hidden tables are stored with it but are no part of it, and a transaction that changed nothing else has Seq 0.
type Commit struct {
	Seq     uint64   // grows by one with each commit that changed rows
	Changes []Change // net: at most one for each row, in the order of the first change of each
}

// PanicError is the error of a transaction whose fn panicked.
type PanicError struct {
	Value any    // what it panicked with
	Stack []byte // of the goroutine at that point, as runtime/debug.Stack writes it
}

// Recover, when it is deferred, gives a panic as a PanicError in err.
func Recover(err *error) {
	if p := recover(); p != nil {
		*err = &PanicError{Value: p, Stack: debug.Stack()}
	}
}

func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Unwrap is the error that fn panicked with, if it was one.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}
