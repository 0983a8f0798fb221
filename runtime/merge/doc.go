// Package merge is what the merges of the language mean: how an event changes the value that a client holds. The server keeps the state of channels with it, the test harness
// that of its clients, and the client library follows the same rules; testdata/cases.json is the conformance suite for both.
package merge
