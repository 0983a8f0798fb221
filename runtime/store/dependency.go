package store

import "github.com/livec-lang/livec/relation"

// Dependency is a set of rows that somebody has read: the rows of a table whose columns have these values. Without columns it is all rows.
type Dependency struct {
	Table  *relation.Table
	Cols   []int
	Values []relation.Value // one for each of Cols
}
