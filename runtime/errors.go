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

// Coded is an error of an extern function that the caller is shown, with its text: LiveCode gives the code. The function can return an
// *Error too, as Fail makes it. The code must be one that the app uses in `fail`, `require` or a guard, or one of VALIDATION, UNAUTHORIZED,
// FORBIDDEN, NOT_FOUND, CONFLICT, RATE_LIMITED, OVERLOADED and UNAVAILABLE. With any other the error is like one without a code: the
// caller gets INTERNAL, and the log its text.
type Coded = fault.Coded

// Extern passes on the result of an extern function. Of its error only the code decides what the caller is shown.
func Extern[T any](result T, err error) (T, error) { return result, ExternError(err) }

// ExternError is Extern for a function without a result.
func ExternError(err error) error {
	if err == nil {
		return nil
	}
	return &fault.External{Err: err}
}

// CodeOf gives the code that the client is shown for err.
func CodeOf(err error) string { return fault.CodeOf(err) }
