package relation

// Query is a plan under a name, with what those who run it ask of it. Package chain makes queries of plans. A query is not changed
// once it is made: stores and live queries know it by its address.
type Query struct {
	Name   string   // for messages and metrics: the stream, or the rpc and a number
	Plan   Node     // a Reduce at the root gives one value, any other root rows
	Params []Column // the parameters, in order of their index
	Out    Schema   // the columns of a result row; one column where the plan gives one value
	Reads  []Read   // the tables it looks at, each once for each set of columns that must equal a parameter
	Few    bool     // few rows of its table pass its filters: it is cheaper to look up what it needs of other tables one by one

	// Statements are the further queries that keep this one up to date. A query without any is run once for each answer.
	Statements []Statement
}

// Read is one table that a query looks at, narrowed by the columns that must equal a parameter for a row to matter. Without columns
// any row matters.
type Read struct {
	Table  *Table
	Cols   []int
	Params []int
}

// IsValue reports whether the query gives one value instead of rows.
func (q *Query) IsValue() bool {
	_, ok := q.Plan.(*Reduce)
	return ok
}
