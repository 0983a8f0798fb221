package value

import (
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// Length reports whether a text has least to most code points, as JSON Schema counts them. A negative most means no bound.
func Length(s string, least, most int) bool {
	if len(s) >= least*utf8.UTFMax && (most < 0 || len(s) <= most) {
		return true
	}
	n := utf8.RuneCountInString(s)
	return n >= least && (most < 0 || n <= most)
}

var isEmail, isURL = jsonschema.Formats["email"], jsonschema.Formats["uri"]

// Email reports whether a text is an email address (RFC 5322 §3.4.1), by the same rules as the JSON Schemas.
func Email(s string) bool { return isEmail(s) }

// URL reports whether a text is a URL with a scheme (RFC 3986 §4.3), by the same rules as the JSON Schemas.
func URL(s string) bool { return isURL(s) }
