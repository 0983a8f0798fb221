// Package gomod has generated code find the runtime: it adds what a Go module lacks to import it, by editing go.mod and go.sum, without the
// network where the runtime's own files tell all.
package gomod

// Runtime is the module that generated code imports.
const Runtime = "github.com/livec-lang/livec"
