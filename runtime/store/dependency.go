package store

import "github.com/livec-lang/livec/relation"

// Dependency is rows of a table that somebody has read: those whose columns have these values. Without columns it is any row.
type Dependency struct {
	Table  *relation.Table
	Cols   []int
	Values []relation.Value // one for each of Cols
}
