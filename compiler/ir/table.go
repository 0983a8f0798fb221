package ir

import "strings"

// Table is a stored table with its row type.
type Table struct {
	Pos Pos
	Row *Record

	Key    []*Field // of Row; `id` unless the table declares another key
	Unique [][]*Field
	Index  [][]*Field

	ReadIf  *Policy // nil where the table has none; already part of every plan
	WriteIf *Policy
	Asked   bool // a write checks the read policy of one row, so the policy is also compiled as a query of its own
}

// StoredName is the name of the table in the database: module_Name, so that tables of different modules do not collide.
// The checker refuses two tables whose names differ only in case. The names that SQLite keeps for itself begin with
// `sqlite_`, so a module `sqlite` has an underscore in front.
func (t *Table) StoredName() string {
	name := strings.ReplaceAll(t.Row.Module, "/", "_") + "_" + t.Row.Name
	if strings.HasPrefix(strings.ToLower(name), "sqlite_") {
		return "_" + name
	}
	return name
}

// Policy is a row policy: the condition Cond over Row.
type Policy struct {
	Row  *Var
	Cond Expr
}
