// Package relation holds relational plans: what a pipeline of the language means, as plain data.
//
// A plan is made by the compiler, written into the generated server as a Go literal, and there has two lives: as one static SQL
// statement, and as a chain of incremental operators (package livequery). Both share the meaning that this package defines:
//
//   - Logic is two-valued. null equals null, and is before every other value in order.
//   - Text compares by code point, enumerations by their declared order, false is before true.
//   - int is a 64-bit integer within ±(2⁵³−1); time and duration are whole milliseconds.
//   - Every order is total: ties are broken by the key of the rows.
//
// Analyses go through plans with Walk, Children and Input, which know the parts of every node and expression. Where one treats kinds
// in different ways, it panics for a kind that it does not know, or takes the careful case.
//
// The package is imported by the compiler and by the runtime, and imports neither.
package relation
