package ir

import "github.com/livec-lang/livec/relation"

// Table is a stored table with its row type.
type Table struct {
	Pos Pos
	Row *Record
	Rel *relation.Table // columns, key, indexes and static SQL; Row.Fields[i].Column leads here

	ReadIf  *Policy // nil where the table has none; already part of every plan
	WriteIf *Policy
}

// Policy is a row policy: Cond over Row, the row tested.
type Policy struct {
	Row  *Var
	Cond Expr
}
