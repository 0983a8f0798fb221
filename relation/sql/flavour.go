// Package sql compiles plans to SQL with the meaning that package relation defines. A Flavour describes the SQL of a database, and what
// the database can compute with exactly that meaning. Go computes the rest of a plan from the results.
package sql

import "github.com/livec-lang/livec/relation"

// Flavour is the SQL of a database. A function that returns "" says that the database cannot compute this as package relation defines it.
type Flavour struct {
	Name string // for messages

	Placeholder func(n int) string // the placeholder of parameter n, counted from 1
	Types       map[relation.Kind]string
	Table       string // the text after the columns in CREATE TABLE
	True, False string
	Text        func(s string) string // a literal; also for defaults of columns
	Bytes       func(b []byte) string
	Float       func(x float64) string
	Same        string // the operator for an equality in which null equals null
	Differ      string // the negation of Same
	Collate     string // the text after a string whose order matters, so that strings compare by code point; "" if the database does so
	NullsFirst  bool   // by default, nulls are first in ascending order and last in descending order

	// Arith returns an arithmetic operation on two ints or two floats that are not null. It must fail if the result is out of range.
	Arith func(op relation.Op, float bool, l, r string) string
	// Function returns a call of a function of eval.Functions.
	Function func(name string, args []string) string
	// Member returns a member of a JSON value as a kind; null if there is no member of this kind.
	Member func(x string, path []string, kind relation.Kind) string
	// InList returns a test whether a JSON list contains a value of a kind. A list contains no null unless nullable is
	// set. If fallible is set, computing x may fail, and it must fail with an empty list too.
	InList func(x, list string, of relation.Kind, nullable, fallible bool) string
	// Aggregate returns an aggregate of a group. For Any and All, x is a condition that is never null. It is not called
	// for Count and Known. Enums are passed as ints.
	Aggregate func(fn relation.AggFunc, x string, kind relation.Kind) string
	// Pack combines the columns of a record into one value. Unpack extracts a column from it.
	Pack   func(columns []string) string
	Unpack func(record string, column int) string

	// Pushes says which nodes and expressions the database should compute, by kind. nil means everything that it can.
	Pushes func(p relation.Part) bool
}

// supported returns the result of a function of a flavour, or an error if the result is empty.
func supported(sql string, what relation.Part) (string, error) {
	if sql == "" {
		return "", &notPushed{what}
	}
	return sql, nil
}
