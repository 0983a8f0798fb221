// Package merge defines the merges of the language: how an event changes the value that a client holds. The server keeps the state of
// channels with it, and the test harness that of its clients. The client library follows the same rules; testdata/cases.json is the
// conformance suite for both.
package merge
