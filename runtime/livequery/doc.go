// Package livequery keeps the results of queries up to date while the data changes, and emits the differences as events.
//
// The result of a query with certain parameters is a window, which all of its followers share. A commit is routed to the windows that it
// concerns by the values in their queries, with a hash lookup, and applied to each: in memory if the rows of the commit are enough, else by
// reading the rest from one snapshot of the database. Package relation/chain decides which way a plan takes. docs/live-queries.md describes
// the algorithm and why it is correct.
package livequery
