// Package fail has the ways in which a command of livec fails, each with its exit code.
package fail

import (
	"errors"
	"fmt"
)

// Exit codes of livec.
const (
	CodeOK       = 0
	CodeFindings = 1 // the app has errors, or the command failed
	CodeMisuse   = 2 // an argument or flag that cannot be used
	CodeInternal = 3 // a bug in livec
)

// Error is a failure that is reported to people.
type Error struct {
	Code int
	err  error
}

func (e *Error) Error() string { return e.err.Error() }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.err }

// Findings ends a command whose findings have been shown, without a further message.
var Findings error = &Error{CodeFindings, errors.New("")}

// Exit ends livec with the exit code of the program that it has run, without a further message.
func Exit(code int) error { return &Error{code, errors.New("")} }

// Misuse reports an argument that cannot be used. The message says what to do.
func Misuse(format string, args ...any) error {
	return &Error{CodeMisuse, fmt.Errorf(format, args...)}
}

// Failed reports that the command could not be carried out. The message says what to do.
func Failed(format string, args ...any) error {
	return &Error{CodeFindings, fmt.Errorf(format, args...)}
}

// Internal reports a bug in livec.
func Internal(format string, args ...any) error {
	return &Error{CodeInternal, fmt.Errorf(format, args...)}
}

// Code is the exit code of an error: CodeFindings for one that does not come from this package.
func Code(err error) int {
	if err == nil {
		return CodeOK
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return CodeFindings
}
