// Package diag holds what the compiler has to say about a program.
package diag

import "github.com/livec-lang/livec/lang/source"

// Severity reports whether a diagnostic keeps a program from being built.
type Severity uint8

// The severities.
const (
	Error Severity = iota + 1
	Warning
)

// Label is a place in the text, with what to see there.
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
	Fix       *Fix     // where there is one right answer
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

// List is diagnostics in the order they were found.
type List []Diagnostic

// HasErrors reports whether the program cannot be built.
func (l List) HasErrors() bool {
	for _, d := range l {
		if d.Severity == Error {
			return true
		}
	}
	return false
}
