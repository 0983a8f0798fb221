package relation

import (
	"slices"
	"strings"
)

// SystemPrefix begins the names of system tables, which the runtime declares for its own features. No table of an app has this prefix.
const SystemPrefix = "_live_"

// Table is a stored table. Columns are in the order of declaration; Key, Unique, Index and rows refer to them by
// position. Stores identify a table by its address.
type Table struct {
	Name    string // in the database
	Columns Schema
	Key     []int   // columns of the primary key
	Unique  [][]int // further unique column sets
	Index   [][]int // secondary indexes, in column order

	// Hidden tables are stored in a transaction, but their changes are not part of the commit. This is for tables of
	// the runtime that nothing watches.
	Hidden bool

	// Defaults are constants by column: string, int64, float64 or bool. Rows that are older than a column have its
	// default. Only stores use it, when they create a table or add columns.
	Defaults map[int]any
}

// System reports whether this is a system table. The test ignores case, as databases do.
func (t *Table) System() bool {
	return len(t.Name) >= len(SystemPrefix) && strings.EqualFold(t.Name[:len(SystemPrefix)], SystemPrefix)
}

// HasSecrets reports whether a column of the table, or a value in one, never leaves the server.
func (t *Table) HasSecrets() bool {
	return slices.ContainsFunc(t.Columns, func(c Column) bool { return c.Secret || c.Visible != nil })
}

// KeyOf returns the key of a row of the table.
func (t *Table) KeyOf(r Row) Row {
	key := make(Row, len(t.Key))
	for i, c := range t.Key {
		key[i] = r[c]
	}
	return key
}
