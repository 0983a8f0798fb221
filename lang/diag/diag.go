// Package diag has the diagnostics of the compiler, and the formats in which they are written.
package diag

import "github.com/livec-lang/livec/lang/source"

// Severity says whether a diagnostic prevents a build.
type Severity uint8

// The severities.
const (
	Error Severity = iota + 1
	Warning
)

// Label is a position in the text with a remark.
type Label struct {
	File *source.File
	Span source.Span
	Text string
}

// Diagnostic is one finding.
type Diagnostic struct {
	Code      Code
	Severity  Severity
	Message   string
	Primary   Label
	Secondary []Label
	Help      []string // what to do about it
	Fix       *Fix     // if there is exactly one correction
}

// Fix replaces parts of the text. Its edits do not overlap.
type Fix struct {
	Title string
	Edits []Edit
}

// Edit replaces one span.
type Edit struct {
	File *source.File
	Span source.Span
	Text string
}

// List is a list of diagnostics in the order in which they were found.
type List []Diagnostic

// HasErrors reports whether the list contains an error.
func (l List) HasErrors() bool {
	for _, d := range l {
		if d.Severity == Error {
			return true
		}
	}
	return false
}
