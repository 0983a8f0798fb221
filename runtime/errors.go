package runtime

import (
	"github.com/livec-lang/livec/runtime/internal/fault"
)

// Codes of the errors that the server itself returns. An app adds its own.
const (
	CodeValidation   = fault.CodeValidation
	CodeUnauthorized = fault.CodeUnauthorized
	CodeForbidden    = fault.CodeForbidden
	CodeNotFound     = fault.CodeNotFound
	CodeConflict     = fault.CodeConflict
	CodeRateLimited  = fault.CodeRateLimited
	CodeOverloaded   = fault.CodeOverloaded
	CodeTimeout      = fault.CodeTimeout
	CodeTooLarge     = fault.CodeTooLarge
	CodeMalformed    = fault.CodeMalformed
	CodeUnavailable  = fault.CodeUnavailable
	CodeResultSize   = fault.CodeResultSize
	CodeUseHTTP      = fault.CodeUseHTTP
	CodeInternal     = fault.CodeInternal
)

// Error is an error that the client is shown: fail, require, a guard, a refused argument. It has a Code, a Message, the Issues of a
// VALIDATION and the RetryAfter of a RATE_LIMITED or OVERLOADED. The client gets any other error as INTERNAL without details, and the error
// hook gets all of it.
type Error = fault.Error

// Issue is one error in the arguments: its Path is a JSON Pointer (RFC 6901) into them.
type Issue = fault.Issue

// Fail makes the error of `fail CODE "message"`.
func Fail(code, message string) *Error { return &Error{Code: code, Message: message} }

// CodeOf gives the code that the client is shown for err.
func CodeOf(err error) string { return fault.CodeOf(err) }
