package runtime

import (
	"github.com/livec-lang/livec/runtime/internal/fault"
)

// Codes of the errors that the system itself gives. An app adds its own.
const (
	CodeValidation   = fault.CodeValidation
	CodeUnauthorized = fault.CodeUnauthorized
	CodeForbidden    = fault.CodeForbidden
	CodeNotFound     = fault.CodeNotFound
	CodeConflict     = fault.CodeConflict
	CodeRateLimited  = fault.CodeRateLimited
	CodeTimeout      = fault.CodeTimeout
	CodeTooLarge     = fault.CodeTooLarge
	CodeMalformed    = fault.CodeMalformed
	CodeUnavailable  = fault.CodeUnavailable
	CodeUseHTTP      = fault.CodeUseHTTP
	CodeInternal     = fault.CodeInternal
)

// Error is a failure that the client is shown: fail, require, a guard, a refused argument. It has a Code, a Message, the Issues of a
// VALIDATION and the RetryAfter of a RATE_LIMITED. Any other error reaches the client as INTERNAL without details, and the error hook
// with all of them.
type Error = fault.Error

// Issue is one thing that is wrong with the arguments: a Path, which is a JSON Pointer (RFC 6901) into them, and a Message.
type Issue = fault.Issue

// Fail is the error of `fail CODE "message"`.
func Fail(code, message string) *Error { return &Error{Code: code, Message: message} }

// CodeOf is the code that the client is shown for err.
func CodeOf(err error) string { return fault.CodeOf(err) }
