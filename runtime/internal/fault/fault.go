// Package fault has the errors that clients are shown, and turns any other error into one of them.
package fault

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/ratelimit"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/wire"
)

// Codes of the errors that the server itself returns. An app adds its own.
const (
	CodeValidation   = "VALIDATION"
	CodeUnauthorized = "UNAUTHORIZED"
	CodeForbidden    = "FORBIDDEN"
	CodeNotFound     = "NOT_FOUND"
	CodeConflict     = "CONFLICT"
	CodeRateLimited  = "RATE_LIMITED"
	CodeTimeout      = "TIMEOUT"
	CodeTooLarge     = "PAYLOAD_TOO_LARGE"
	CodeMalformed    = "MALFORMED"
	CodeUnavailable  = "UNAVAILABLE"
	CodeOverloaded   = "OVERLOADED"
	CodeResultSize   = "RESULT_TOO_LARGE"
	CodeUseHTTP      = "USE_HTTP"
	CodeInternal     = "INTERNAL"
)

// Error is an error that the client is shown; runtime.Error documents it.
type Error struct {
	Code       string
	Message    string
	Issues     []Issue       // for VALIDATION
	RetryAfter time.Duration // for RATE_LIMITED and OVERLOADED; 0 if it is not known
}

// Issue is one error in the arguments.
type Issue struct {
	Path    string `json:"path"` // JSON Pointer (RFC 6901) into the arguments
	Message string `json:"message"`
}

func (e *Error) Error() string {
	if e.Message == "" {
		return e.Code
	}
	return e.Code + ": " + e.Message
}

// Unavailable is the error of a server that cannot serve a client at present.
var Unavailable = &Error{Code: CodeUnavailable, Message: "The server cannot do this now; try again"}

// Overloaded is the error of what a bound of the server has refused: nothing of it was done. It may succeed once wait has passed; 0 if
// that is not known. The message says which bound it was.
func Overloaded(message string, wait time.Duration) *Error {
	return &Error{Code: CodeOverloaded, Message: message, RetryAfter: wait}
}

// NoMemory is the error of a client that has reached a limit of memory: that of the server or, if it has its share, that of a caller. who
// names the caller, such as "This address", and what says what the memory would be for.
func NoMemory(reached limits.ID, who, what string) *Error {
	message := "The server has no memory left"
	if reached.Limit().Scope == limits.PerCaller {
		message = who + " has its share of the memory"
	}
	return Overloaded(fmt.Sprintf("%s for %s (limit %s)", message, what, reached), time.Second)
}

// NoRoom is NoMemory for an answer, which counts for the address.
func NoRoom(reached limits.ID) *Error { return NoMemory(reached, "This address", "answers") }

// ResultTooLarge is the error of a result beyond a limit. Trying again does not help.
func ResultTooLarge(what string) *Error {
	return &Error{Code: CodeResultSize, Message: "The result is too large: " + what}
}

// CodeOf gives the code that the client is shown for err.
func CodeOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return CodeInternal
}

// Refusal gives the error of the app with which a check refused, and whether err is one. Its result may change with the rows that the check
// has read. Errors of arguments, rates and the server itself are not refusals.
func Refusal(err error) (refusal *Error, ok bool) {
	if !errors.As(err, &refusal) {
		return nil, false
	}
	switch refusal.Code {
	case CodeValidation, CodeRateLimited, CodeUnavailable, CodeOverloaded, CodeResultSize, CodeTimeout, CodeInternal:
		return nil, false
	}
	return refusal, true
}

// retryable is an error of a store: the transaction conflicted with another one, and may succeed when it runs again.
type retryable interface{ Retry() bool }

// Retryable reports whether the transaction that failed with err may succeed when it runs again.
func Retryable(err error) bool {
	var r retryable
	return errors.As(err, &r) && r.Retry()
}

// Passes reports whether the same may succeed later without a change of the app or its data: the server has too much to do, was too slow or
// cannot use its database at present. An error that is not known counts as passing: who drops it may lose a change for good. What the app
// has refused, a result that is too large and a panic do not pass; and the end of the server is not an error to come back from.
func Passes(err error) bool {
	var known *Error
	var large *store.TooLarge
	var panicked *store.PanicError
	switch {
	case errors.As(err, &known):
		return known.Code == CodeOverloaded || known.Code == CodeUnavailable || known.Code == CodeTimeout || known.Code == CodeRateLimited
	case errors.As(err, &large), errors.As(err, &panicked), errors.Is(err, store.ErrClosed), errors.Is(err, context.Canceled):
		return false
	}
	return true
}

// Protect runs fn and returns its panic as an error.
func Protect(fn func() error) (err error) {
	defer store.Recover(&err)
	return fn()
}

// Wire converts an error to the form of the wire protocol.
func Wire(e *Error) *wire.Failure {
	f := &wire.Failure{Code: e.Code, Message: e.Message, RetryAfter: e.RetryAfter}
	for _, issue := range e.Issues {
		f.Issues = append(f.Issues, wire.Issue(issue))
	}
	return f
}

// TooDeep is the error of arguments or an event that are nested deeper than the decoders go. The message around them is one more level.
var TooDeep = &Error{Code: CodeValidation, Message: fmt.Sprintf("A value is nested deeper than %d levels", wire.MaxDepth-1)}

// TooLarge is the error of data that has more bytes than limit.
func TooLarge(limit int) *Error {
	return &Error{Code: CodeTooLarge, Message: fmt.Sprintf("At most %d bytes are allowed here", limit)}
}

// RateLimited is the error of an event that exceeds a rate, until wait has passed.
func RateLimited(r ratelimit.Rate, wait time.Duration) *Error {
	return &Error{Code: CodeRateLimited, Message: "At most " + r.String() + "; try again later", RetryAfter: wait}
}
