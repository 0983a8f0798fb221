// Package diag holds what the compiler has to say about a program.
package diag

import "github.com/livec-lang/livec/lang/source"

// Code is the stable name of a kind of diagnostic, such as LIVE0107.
type Code string

// Codes of what becomes of pipelines.
const (
	CodeUnplannable  Code = "LIVE0410" // a pipeline has no relational form
	CodeNotLive      Code = "LIVE0411" // a pipeline cannot be kept up to date exactly
	CodeMissingIndex Code = "LIVE0412" // a query looks through a table row by row
)

// Severity tells whether a diagnostic keeps a program from being built.
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

// HasErrors tells whether the program cannot be built.
func (l List) HasErrors() bool {
	for _, d := range l {
		if d.Severity == Error {
			return true
		}
	}
	return false
}
