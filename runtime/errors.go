package runtime

import (
	"errors"
	"time"
)

// Codes of the errors that the system itself gives. An app adds its own.
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
	CodeUseHTTP      = "USE_HTTP"
	CodeInternal     = "INTERNAL"
)

// Error is a failure that the client is told: fail, require, a guard, a refused argument. Any other error reaches the client as INTERNAL without details, and the
// error hook with all of them.
type Error struct {
	Code       string
	Message    string
	Issues     []Issue       // for VALIDATION
	RetryAfter time.Duration // for RATE_LIMITED
}

// Issue is one thing that is wrong with the arguments.
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

// Fail is the error of `fail CODE "message"`.
func Fail(code, message string) *Error { return &Error{Code: code, Message: message} }

// CodeOf is the code that the client is told for err.
func CodeOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return CodeInternal
}
