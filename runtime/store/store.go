// Package store is what the runtime needs of a database. A store runs transactions, and passes on what each commit has changed, in the
// order of the commits. It knows no feature of the runtime: a feature declares its tables like an app ([relation.Table]), reads and writes
// them through [Tx], and may run a [CommitHook] in each transaction.
//
// Package sqlite implements it. Package storetest has the tests that every implementation passes.
package store

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/livec-lang/livec/relation"
)

// Errors of a store, wrapped with details. Test for them with errors.Is.
var (
	ErrUnique      = errors.New("a unique value is already in use")                // the language's CONFLICT
	ErrClosed      = errors.New("the store is closed")                             // the language's UNAVAILABLE
	ErrUnavailable = errors.New("the database cannot be used")                     // disk full, lost connection: UNAVAILABLE
	ErrDrift       = errors.New("the schema of the database does not fit the app") // when it is opened
	ErrLocked      = errors.New("the database is in use by another process")       // when it is opened: SQLite serves one process
)

// Store is a database.
type Store interface {
	// Submit runs fn in a serializable transaction. fn runs alone, on the store's writer. Several calls may share one physical commit, each
	// within a savepoint of its own. An error of fn undoes all that fn did, and so does a panic. A call whose context has ended before its
	// turn is not run. Calls that one goroutine submits run in that order.
	//
	// The store calls done once, after the commit is durable and after the function of OnCommit has returned. done runs on the store's
	// goroutine and must not block. The Commit of a call that changed nothing has Seq 0.
	Submit(ctx context.Context, fn func(Tx) error, done func(Commit, error))

	// Read runs fn on one consistent snapshot. Readers run in parallel with each other and with the writer. The methods of Tx that write
	// give an error.
	Read(ctx context.Context, fn func(Tx) error) error

	// BeforeCommit sets the hooks of all write transactions, in the order in which they run. It must be called once, before the first Submit.
	BeforeCommit(hooks ...CommitHook)

	// OnCommit sets the function that gets every commit that changed rows: one at a time, in the order of Seq, before the calls in it are
	// answered. It must be called once, before the first Submit.
	OnCommit(fn func(Commit))

	// Close waits for the calls that were submitted, then closes the database.
	Close() error
}

// Tx is a transaction. It ends when the function that it was passed to returns.
type Tx interface {
	// Seq is the sequence of the last commit that this transaction sees.
	Seq() uint64

	// Query runs a query. params are in the order of q.Params. Rows have the columns of q.Out. A query of one value returns one row with one
	// column.
	Query(q *relation.Query, params ...relation.Value) ([]relation.Row, error)

	// Get is the row of t with this key, or nil.
	Get(t *relation.Table, key relation.Row) (relation.Row, error)

	// Insert inserts a row with all columns set. The error is ErrUnique if its key or the values of a unique set exist already.
	Insert(t *relation.Table, row relation.Row) error

	// Update replaces old, a row as read in this transaction, with new. The key may change. The error is ErrUnique as for Insert.
	Update(t *relation.Table, old, new relation.Row) error

	// Delete removes old, a row as read in this transaction.
	Delete(t *relation.Table, old relation.Row) error
}

// Toucher is a write transaction that knows the commits before it that are not durable yet and that OnCommit has not got. A Tx may
// implement it.
type Toucher interface {
	// Touched is a commit that this transaction sees, at or after the last one that changed a row of t. It is 0 if none has since the
	// store was opened.
	Touched(t *relation.Table) uint64
}

// Commit is what one transaction has changed. It does not include changes of hidden tables: if a transaction changed nothing else, Seq is
// 0.
type Commit struct {
	Seq     uint64   // grows by one with each commit that changed rows
	Changes []Change // net: at most one for each row, in the order of the first change of each
}

// PanicError is the error of a transaction whose fn panicked.
type PanicError struct {
	Value any    // what it panicked with
	Stack []byte // of the goroutine at that point, as runtime/debug.Stack writes it
}

// Recover, when deferred, turns a panic into a PanicError in err.
func Recover(err *error) {
	if p := recover(); p != nil {
		*err = Panicked(p)
	}
}

// Panicked is the error of what has panicked with a value. It is called while that panics.
func Panicked(value any) *PanicError { return &PanicError{Value: value, Stack: debug.Stack()} }

func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Unwrap is the error that fn panicked with, if it was one.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}
