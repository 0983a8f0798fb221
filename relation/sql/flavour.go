// Package sql makes SQL of plans, with the meaning that package relation defines. A Flavour says how a database spells it, and what it
// can compute with that very meaning. The rest of a plan is computed in Go, above what the database gives.
package sql

import "github.com/livec-lang/livec/relation"

// Flavour is how a database spells SQL. A function that gives "" says that the database cannot compute this as package relation
// defines it.
type Flavour struct {
	Name string // for messages

	Placeholder func(n int) string // of the parameter n, counted from 1
	Types       map[relation.Kind]string
	Table       string // what follows the columns of CREATE TABLE
	True, False string
	Text        func(s string) string // a literal; also of defaults of columns
	Bytes       func(b []byte) string
	Float       func(x float64) string
	Same        string // the operator for = where null equals null
	Differ      string // and for <>
	Collate     string // follows a text whose order matters, so that texts compare by code point; "" where the database does
	NullsFirst  bool   // nulls are first in an ascending order, and last in a descending one, unless something else is said

	// Arith is an arithmetic operator on two ints or two floats that are not null. It fails where the result is out of range.
	Arith func(op relation.Op, float bool, l, r string) string
	// Function calls a function of eval.Functions by its name.
	Function func(name string, args []string) string
	// Member is a member of a JSON value, of a kind; null where there is none of this kind.
	Member func(x string, path []string, kind relation.Kind) string
	// InList reports whether a JSON list holds a value of a kind. null is in no list unless nullable.
	InList func(x, list string, of relation.Kind, nullable bool) string
	// Aggregate is an aggregate of a group. x is a condition that is never null for Any and All. Count and Known are written
	// without it, and an enumeration comes as ints.
	Aggregate func(fn relation.AggFunc, x string, kind relation.Kind) string
	// Pack makes one value of the columns of a record, and Unpack gives a column of one.
	Pack   func(columns []string) string
	Unpack func(record string, column int) string

	// Pushes tells which nodes and expressions the database is asked to compute, by their kind. nil for all that it can.
	Pushes func(p relation.Part) bool
}

// spelt is what a function of a flavour gives, or why it gives nothing.
func spelt(sql string, what relation.Part) (string, error) {
	if sql == "" {
		return "", &notPushed{what}
	}
	return sql, nil
}
