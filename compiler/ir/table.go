package ir

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

// Policy is a row policy: the condition Cond over Row.
type Policy struct {
	Row  *Var
	Cond Expr
}
