package ir

// Table is a stored table with its row type.
type Table struct {
	Pos Pos
	Row *Record

	Key    []*Field // of Row; `id` unless the table says otherwise
	Unique [][]*Field
	Index  [][]*Field

	ReadIf  *Policy // nil where the table has none; already part of every plan
	WriteIf *Policy
	Asked   bool // a write asks the read policy of one row, so that it is compiled by itself as well
}

// Policy is a row policy: Cond over Row, the row tested.
type Policy struct {
	Row  *Var
	Cond Expr
}
