package sqlite

import (
	"errors"
	"fmt"
	"strings"

	driver "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"github.com/livec-lang/livec/relation/function"
	"github.com/livec-lang/livec/runtime/store"
)

var (
	errReadOnly = errors.New("this transaction is read-only")
	errTxOver   = errors.New("the transaction is over")
)

// classify wraps an error of the driver into the error of package store that it means.
func classify(err error) error {
	var e *driver.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() {
	case lib.SQLITE_CONSTRAINT_UNIQUE, lib.SQLITE_CONSTRAINT_PRIMARYKEY, lib.SQLITE_CONSTRAINT_ROWID:
		return fmt.Errorf("%w: %w", store.ErrUnique, err)
	}
	switch primary(e) {
	case lib.SQLITE_ERROR: // a function of function.go failed, of whose error the driver keeps the text
		if strings.Contains(e.Error(), function.ErrSize.Error()) {
			return fmt.Errorf("%w: %w", function.ErrSize, err)
		}
	case lib.SQLITE_TOOBIG: // beyond the longest text of SQLite, a gigabyte (https://sqlite.org/limits.html)
		return fmt.Errorf("%w: %w", function.ErrSize, err)
	case lib.SQLITE_FULL, lib.SQLITE_IOERR, lib.SQLITE_READONLY, lib.SQLITE_CANTOPEN, lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB,
		lib.SQLITE_BUSY, lib.SQLITE_LOCKED, lib.SQLITE_NOMEM, lib.SQLITE_PROTOCOL:
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	return err
}

// isConstraint reports whether a row has violated a constraint. Then SQLite undoes the statement only, and the transaction can go on
// (https://sqlite.org/lang_conflict.html, ABORT).
func isConstraint(err error) bool {
	var e *driver.Error
	return errors.As(err, &e) && primary(e) == lib.SQLITE_CONSTRAINT
}

func isCode(err error, code int) bool {
	var e *driver.Error
	return errors.As(err, &e) && primary(e) == code
}

// primary is the result code without its extension (https://sqlite.org/rescode.html).
func primary(e *driver.Error) int { return e.Code() & 0xff }
