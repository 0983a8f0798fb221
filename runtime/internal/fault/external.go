package fault

import "errors"

// External is the error of an extern function. Only its own code decides what clients are shown of it.
type External struct{ Err error }

func (e *External) Error() string { return e.Err.Error() }

// Is is for errors.Is.
func (e *External) Is(target error) bool { return errors.Is(e.Err, target) }

// As is for errors.As. It hides an Error: whether a client is shown it depends on its code.
func (e *External) As(target any) bool {
	if _, hidden := target.(**Error); hidden {
		return false
	}
	return errors.As(e.Err, target)
}

// Coded is an error with a code; runtime.Coded documents it.
type Coded interface {
	error
	LiveCode() string
}

// ofApps are the system codes that an app may use without declaring them.
var ofApps = map[string]bool{
	CodeValidation: true, CodeUnauthorized: true, CodeForbidden: true, CodeNotFound: true, CodeConflict: true, CodeRateLimited: true,
	CodeOverloaded: true, CodeUnavailable: true,
}

// declared gives the error that a client is shown for the error of an extern function, and whether it has a code that clients may see.
func (r *Reporter) declared(external *External, to **Error) bool {
	var own *Error
	var coded Coded
	switch {
	case errors.As(external.Err, &own):
	case errors.As(external.Err, &coded):
		own = &Error{Code: coded.LiveCode(), Message: coded.Error()}
	default:
		return false
	}
	if !ofApps[own.Code] && !r.Codes[own.Code] {
		return false
	}
	*to = own
	return true
}
