// Package relation has relational plans: the meaning of the pipelines of the language, as data.
//
// The compiler makes plans, and a generated server contains them as Go literals. There a plan is used in two ways: as a SQL
// statement, and as a chain of incremental operators (package livequery). Both follow the meaning that this package defines:
//
//   - Logic is two-valued. null equals null, and comes before every other value.
//   - Text compares by code point, enums by the order of their declaration, and false comes before true.
//   - int is a 64-bit integer within ±(2⁵³−1); time and duration are whole milliseconds.
//   - The left side of AND, OR, a coalesce and an IN is always computed, and the whole fails if it does, even if the right side alone
//     decides the result or there is nothing to compare with. AND and OR compute the right side only if the left one does not decide.
//     OneOf, a list that is written out, computes all of its elements.
//   - Every order is total: ties are broken by the key of the rows, in the direction of the last sort key.
//
// Analyses visit plans with Walk, Children and Input, which know the parts of every node and expression. An analysis that treats
// kinds differently panics for an unknown kind, or assumes the worst.
//
// The compiler and the runtime import this package. It imports neither.
package relation
