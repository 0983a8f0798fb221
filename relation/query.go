package relation

// Query is a plan with a name and what is needed to run it. Package chain makes queries from plans. A query must not be
// changed once it is made: stores and live queries identify it by its address.
type Query struct {
	Name   string   // for messages and metrics: the stream, or the rpc and a number
	Plan   Node     // one value if the root is a Reduce, otherwise rows
	Params []Column // the parameters, in order of their index
	Out    Schema   // the columns of a result row; one column if the result is one value
	Reads  []Read   // the tables that it reads, each once for each set of columns that must equal a parameter
	Few    bool     // few rows of its table pass its filters, so it is cheaper to look up rows of other tables one by one

	// Statements are the queries that keep this one live. A query without any runs once for each call.
	Statements []Statement
}

// Read is one table that a query reads. A row only matters if its Cols equal Params. Without columns every row matters.
type Read struct {
	Table  *Table
	Cols   []int
	Params []int
}

// IsValue reports whether the query has one value instead of rows.
func (q *Query) IsValue() bool {
	_, ok := q.Plan.(*Reduce)
	return ok
}
