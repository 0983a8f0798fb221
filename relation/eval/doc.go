// Package eval computes relational expressions and plans in Go, with exactly the meaning of the SQL of package sqlite:
// order, equality, arithmetic and built-in functions. The operators of live queries use it. The store registers its
// functions with the database, so that there is one implementation wherever SQL has another meaning.
package eval
