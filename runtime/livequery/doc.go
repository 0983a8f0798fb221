// Package livequery keeps the results of queries right while the data changes, and tells what has changed as events.
//
// The result of a query with certain parameters is a window, shared by all who follow it. A commit is routed to the windows it
// concerns by the values that their queries ask for, a hash lookup, and applied to each: in memory where the rows of the commit
// tell all that is needed, else by reading from one snapshot of the database what they do not tell. Which plan goes which way says
// package relation/chain. docs/live-queries.md has the algorithm and why it is right.
package livequery
