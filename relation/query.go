package relation

// Query is a plan with what was derived from it at compile time. It is data only: a generated server holds it as a literal, registers it once and runs it many times.
type Query struct {
	Name   string   // for messages and metrics: the stream, or the rpc and a number
	Plan   Node     // a Reduce at the root gives one value, any other root rows
	Params []Column // the parameters, in order of their index
	Out    Schema   // the columns of a result row; one column where the plan gives one value
	Key    []int    // columns of Out that identify a row; empty for one value
	SQL    string   // the whole query; binds Binds
	Binds  []int    // the parameter for each placeholder of SQL, in order
	Reads  []Read   // what the query looks at: for routing and dependencies
	Live   *Live    // what the incremental operators need besides the plan; nil for a one-shot query
}

// Read is one table that a query looks at, narrowed by the columns that must equal a parameter for a row to matter. No columns: any row matters.
type Read struct {
	Table  *Table
	Cols   []int
	Params []int
}

// Live is the further static statements with which a live query keeps itself, made by package relation/sqlite (or another dialect).
type Live struct {
	Statements []Statement
}

// Statement is one static statement with a role that the operator chain knows it by, such as "refill" or "join 0".
type Statement struct {
	Role  string
	SQL   string
	Binds []int // parameters by index; further binds, if the role has any, follow them
	Out   Schema
}

// IsValue tells whether the query gives one value instead of rows.
func (q *Query) IsValue() bool {
	_, ok := q.Plan.(*Reduce)
	return ok
}
