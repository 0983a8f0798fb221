// Package eval computes relation.Expr in Go, with exactly the meaning that the SQL of package sqlite has: order, equality, arithmetic
// and built-in functions. The operators of live queries use it, and the store registers its functions with the database, so that
// wherever SQL's own meaning differs there is one implementation for both.
package eval
