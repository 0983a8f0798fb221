package gateway

import (
	"net/http"
	"strconv"

	"github.com/livec-lang/livec/runtime/internal/fault"
)

// WriteJSON answers with a body of JSON.
func WriteJSON(w http.ResponseWriter, body []byte) { write(w, http.StatusOK, body) }

// writeValue answers with a value, as JSON.
func writeValue(w http.ResponseWriter, value []byte) {
	WriteJSON(w, append(append([]byte(`{"value":`), value...), '}'))
}

// WriteError answers with an error, and the status of its code.
func WriteError(w http.ResponseWriter, e *fault.Error) { writeFailure(w, status(e.Code), e) }

func writeFailure(w http.ResponseWriter, status int, e *fault.Error) {
	f := fault.Wire(e)
	if e.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.FormatInt(f.Seconds(), 10))
	}
	write(w, status, append(f.Append([]byte(`{"error":`)), '}'))
}

func write(w http.ResponseWriter, status int, body []byte) {
	h := w.Header()
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(body) // fails if the peer is gone
}

// status is the HTTP status of an error code. Codes of apps are 422 (RFC 9110 §15.5.21).
func status(code string) int {
	switch code {
	case fault.CodeValidation, fault.CodeMalformed:
		return http.StatusBadRequest
	case fault.CodeUnauthorized:
		return http.StatusUnauthorized
	case fault.CodeForbidden:
		return http.StatusForbidden
	case fault.CodeNotFound:
		return http.StatusNotFound
	case fault.CodeConflict:
		return http.StatusConflict
	case fault.CodeTooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.CodeRateLimited:
		return http.StatusTooManyRequests
	case fault.CodeInternal:
		return http.StatusInternalServerError
	case fault.CodeUnavailable, fault.CodeOverloaded:
		return http.StatusServiceUnavailable
	case fault.CodeTimeout:
		return http.StatusGatewayTimeout
	default:
		return http.StatusUnprocessableEntity
	}
}
