package relation

import (
	"slices"
	"strings"
)

// SystemPrefix begins the names of system tables: those that the runtime declares for its own features. No table of an app has it.
const SystemPrefix = "_live_"

// Table is a stored table. Columns are in declared order; positions in Key, Unique, Index and rows refer to them. Stores know a table
// by its address.
type Table struct {
	Name    string // in the database
	Columns Schema
	Key     []int   // columns of the primary key
	Unique  [][]int // further unique column sets
	Index   [][]int // secondary indexes, in column order

	// Hidden has changes of the table stored with their transaction but left out of its commit: for tables of the runtime that
	// nobody watches.
	Hidden bool

	// Defaults are constants by column: string, int64, float64 or bool. They are the values of rows that are older than the
	// column. Only stores read it, where they make the table.
	Defaults map[int]any
}

// System reports whether the name of the table is one of a system table. Databases do not tell capital letters from small ones.
func (t *Table) System() bool {
	return len(t.Name) >= len(SystemPrefix) && strings.EqualFold(t.Name[:len(SystemPrefix)], SystemPrefix)
}

// HasSecrets reports whether a column of the table, or a value in one, never leaves the server.
func (t *Table) HasSecrets() bool {
	return slices.ContainsFunc(t.Columns, func(c Column) bool { return c.Secret || c.Visible != nil })
}

// KeyOf is the key of a row of the table.
func (t *Table) KeyOf(r Row) Row {
	key := make(Row, len(t.Key))
	for i, c := range t.Key {
		key[i] = r[c]
	}
	return key
}
