package runtime

import (
	"context"
	"errors"
	"net/http"

	"github.com/livec-lang/livec/runtime/idempotency"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/wire"
)

// retryable is an error of a store whose transaction met another one and may succeed when it is run again.
type retryable interface{ Retry() bool }

func mayRetry(err error) bool {
	var r retryable
	return errors.As(err, &r) && r.Retry()
}

// protect runs fn and gives its panic as an error.
func protect(fn func() error) (err error) {
	defer store.Recover(&err)
	return fn()
}

// errUnavailable is what clients are told when the server cannot serve them now.
var errUnavailable = &Error{Code: CodeUnavailable, Message: "The server cannot do this now; try again"}

// failure is the error that the client is told for err. Errors that are none of the client's business are logged and become INTERNAL.
func (s *Server) failure(ctx context.Context, entry string, err error) *Error {
	var known *Error
	switch {
	case errors.As(err, &known):
		return known
	case errors.Is(err, store.ErrUnique):
		return &Error{Code: CodeConflict, Message: "A value that must be unique is taken"}
	case errors.Is(err, idempotency.ErrMismatch):
		return &Error{Code: CodeConflict, Message: "The key of this call was used for another rpc or other arguments"}
	case errors.Is(err, idempotency.ErrDone):
		return &Error{Code: CodeConflict, Message: "This call has been done before; its answer was too large to be kept"}
	case errors.Is(err, context.DeadlineExceeded) || errors.Is(ctx.Err(), context.DeadlineExceeded):
		return &Error{Code: CodeTimeout, Message: "This took too long and was given up"}
	case mayRetry(err):
		return &Error{Code: CodeConflict, Message: "Others changed the same data at the same time; try again"}
	case errors.Is(err, store.ErrClosed), errors.Is(err, context.Canceled):
		return errUnavailable
	case errors.Is(err, store.ErrUnavailable):
		s.log.Error("the database cannot be used", "entry", entry, "error", err)
		return errUnavailable
	}
	var panicked *store.PanicError
	if errors.As(err, &panicked) {
		s.log.Error("panic", "entry", entry, "panic", panicked.Value, "stack", string(panicked.Stack))
	} else {
		s.log.Error("a call failed", "entry", entry, "error", err)
	}
	if s.opt.OnError != nil {
		if hook := protect(func() error { s.opt.OnError(ctx, entry, err); return nil }); hook != nil {
			s.log.Error("the error hook failed", "entry", entry, "error", hook)
		}
	}
	return &Error{Code: CodeInternal, Message: "Something went wrong on the server"}
}

// wireFailure is an error as the wire protocol carries it.
func wireFailure(e *Error) *wire.Failure {
	f := &wire.Failure{Code: e.Code, Message: e.Message, RetryAfter: e.RetryAfter}
	for _, issue := range e.Issues {
		f.Issues = append(f.Issues, wire.Issue(issue))
	}
	return f
}

// status is the HTTP status of an error code.
func status(code string) int {
	switch code {
	case CodeValidation, CodeMalformed:
		return http.StatusBadRequest
	case CodeUnauthorized:
		return http.StatusUnauthorized
	case CodeForbidden:
		return http.StatusForbidden
	case CodeNotFound:
		return http.StatusNotFound
	case CodeConflict:
		return http.StatusConflict
	case CodeTooLarge:
		return http.StatusRequestEntityTooLarge
	case CodeRateLimited:
		return http.StatusTooManyRequests
	case CodeInternal:
		return http.StatusInternalServerError
	case CodeUnavailable:
		return http.StatusServiceUnavailable
	case CodeTimeout:
		return http.StatusGatewayTimeout
	}
	return http.StatusUnprocessableEntity
}
