// Package sqlite is the flavour of SQL for SQLite.
//
// Where SQLite differs from package relation (lower beyond ASCII, the length of a text with NUL, overflow of integers,
// sums of floats), the SQL calls a function of package eval, which the store registers under the name live_….
package sqlite

import (
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/eval"
	"github.com/livec-lang/livec/relation/sql"
)

// Flavour is the flavour of SQLite. Tables are STRICT, so that a column accepts only values of its kind, and WITHOUT
// ROWID, so that the key is the order of the table. Texts compare by bytes, which is the order of their code points.
var Flavour = &sql.Flavour{
	Name:        "SQLite",
	Placeholder: func(n int) string { return "?" + strconv.Itoa(n) },
	Types: map[relation.Kind]string{
		relation.Bool: "INTEGER", relation.Int: "INTEGER", relation.Float: "REAL", relation.Text: "TEXT", relation.ID: "TEXT",
		relation.Time: "INTEGER", relation.Duration: "INTEGER", relation.Bytes: "BLOB", relation.Enum: "TEXT", relation.JSONKind: "TEXT",
	},
	Table: " STRICT, WITHOUT ROWID",
	True:  "1", False: "0",
	Text:       text,
	Bytes:      func(b []byte) string { return "x'" + hex.EncodeToString(b) + "'" },
	Float:      float,
	Same:       "IS",
	Differ:     "IS NOT",
	NullsFirst: true,
	Arith: func(op relation.Op, float bool, l, r string) string {
		return "live_" + ArithName(op, float) + "(" + l + ", " + r + ")"
	},
	Function: func(name string, args []string) string { return "live_" + name + "(" + strings.Join(args, ", ") + ")" },
	Member: func(x string, path []string, kind relation.Kind) string {
		args := make([]string, len(path))
		for i, p := range path {
			args[i] = text(p)
		}
		return fmt.Sprintf("live_member(%d, %s, %s)", kind, x, strings.Join(args, ", "))
	},
	InList:    inList,
	Aggregate: aggregate,
	Pack:      func(columns []string) string { return "live_row(" + strings.Join(columns, ", ") + ")" },
	Unpack:    func(record string, column int) string { return fmt.Sprintf("live_field(%s, %d)", record, column) },
}

// text returns a string literal.
func text(s string) string {
	if strings.ContainsRune(s, 0) {
		return "CAST(x'" + hex.EncodeToString([]byte(s)) + "' AS TEXT)"
	}
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}

// float returns a number. If the literal has a fraction or is large, Go parses it, so that it is exactly the same number.
func float(x float64) string {
	if x == math.Trunc(x) && math.Abs(x) < 1<<53 {
		return strconv.FormatFloat(x, 'f', 1, 64)
	}
	return "live_number(" + text(strconv.FormatFloat(x, 'g', -1, 64)) + ")"
}

// inList returns a test whether a list, or the names of a map, contain a value. If the list is the same for all rows,
// the test can use an index on the value. SQLite does not compute the value for an empty list, but computes all arguments of a function.
func inList(x, list string, of relation.Kind, nullable, fallible bool) string {
	switch of {
	case relation.Text, relation.ID, relation.Enum, relation.Int, relation.Duration:
		if fallible {
			break
		}
		const element = "iif(typeof(key) = 'text', key, value)"
		if nullable {
			return "EXISTS (SELECT 1 FROM json_each(" + list + ") WHERE " + element + " IS " + x + ")"
		}
		return "(" + x + " IN (SELECT " + element + " FROM json_each(" + list + ") WHERE type <> 'null'))"
	}
	return fmt.Sprintf("live_in(%d, %s, %s)", of, x, list)
}

func aggregate(fn relation.AggFunc, x string, kind relation.Kind) string {
	exact := kind == relation.Float
	switch fn {
	case relation.Sum:
		if exact {
			return "live_sum(" + x + ")"
		}
		return "live_int(coalesce(sum(" + x + "), 0))"
	case relation.ExactSum:
		return "live_exact_sum(" + x + ")"
	case relation.Avg:
		if exact {
			return "live_avg(" + x + ")"
		}
		return "(CAST(live_int(sum(" + x + ")) AS REAL) / count(" + x + "))"
	case relation.Min:
		return "min(" + x + ")"
	case relation.Max:
		return "max(" + x + ")"
	case relation.Any:
		return "coalesce(max(" + x + "), 0)"
	case relation.All:
		return "coalesce(min(" + x + "), 1)"
	}
	return ""
}

var arithNames = map[relation.Op]string{
	relation.Add: "add", relation.Subt: "sub", relation.Mul: "mul", relation.Div: "div", relation.IDiv: "idiv", relation.Mod: "mod",
}

// ArithName returns the name, without live_, of the function for an arithmetic operator.
func ArithName(op relation.Op, float bool) string {
	if float {
		return arithNames[op] + "_of_floats"
	}
	return arithNames[op] + "_of_ints"
}

// Functions returns the names of all functions that the SQL may call and SQLite does not have.
func Functions() []string {
	names := []string{
		"live_int", "live_number", "live_row", "live_field", "live_member", "live_in", "live_sum", "live_exact_sum", "live_avg",
	}
	for _, f := range eval.Functions {
		names = append(names, "live_"+f.Name)
	}
	for op := range arithNames {
		names = append(names, "live_"+ArithName(op, false), "live_"+ArithName(op, true))
	}
	return names
}
