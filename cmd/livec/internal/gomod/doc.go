// Package gomod makes sure that generated code finds the runtime: it edits go.mod and go.sum, and adds what is missing to import it. It
// does not need the network if the runtime's own files name everything.
package gomod

// Runtime is the module that generated code imports.
const Runtime = "github.com/livec-lang/livec"
