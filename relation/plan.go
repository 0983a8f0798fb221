package relation

// Node is one operator of a plan. A plan is a tree of nodes. It contains only data, so a generated server can have it
// as a literal. What all analyses need from a node are methods, so that no kind of node can be forgotten.
type Node interface {
	Part
	input() Node
	onInput(in Node) Node
	schema() Schema
}

// Scan yields the rows of a table.
type Scan struct{ Table *Table }

// Filter yields the rows for which Cond is true.
type Filter struct {
	Input Node
	Cond  Expr
}

// Sort orders the rows. Ties are broken by the key of the input, which the planner appends to By, so that By is always total. What breaks
// ties has the direction of the last key of the order (TiesDesc).
type Sort struct {
	Input Node
	By    []SortKey
}

// TiesDesc reports whether the key that breaks ties of an order descends. It follows the last key, so that the newest of equal rows come
// first where the newest rows do, and one index of the database gives the whole order.
func TiesDesc(by []SortKey) bool { return len(by) > 0 && by[len(by)-1].Desc }

// SortKey is one key of an order.
type SortKey struct {
	Expr Expr
	Desc bool
}

// Limit yields the first N rows or, if the parameter Count is set, that many.
type Limit struct {
	Input Node
	N     int
	Count Expr
}

// Page yields the first N rows for each page that a subscriber has loaded. A query that is not live has one page.
type Page struct {
	Input Node
	N     int
}

// Join adds one column to each row: a nested record of the row of Right whose columns RightOn equal LeftOn. RightOn is a unique set of
// Right, so at most one row matches. Without a match, an inner join drops the row, and an optional one yields null.
type Join struct {
	Input    Node
	Right    Node // a Scan, with filters above it if the table has a read policy
	LeftOn   []Expr
	RightOn  []int
	Optional bool
	Fields   []int // columns of Right that the nested record keeps, in order
	As       string
	Replace  int // the column of Input that the record replaces, or -1 to append
}

// Map yields, for each row, one row of Exprs.
type Map struct {
	Input Node
	Exprs []Named
}

// Named is an expression with the name and type of its column.
type Named struct {
	Column
	Expr Expr
}

// Group yields one row for each distinct value of Keys: the keys, then the aggregates. Without keys it yields one row.
type Group struct {
	Input Node
	Keys  []Named
	Aggs  []NamedAgg
}

// NamedAgg is an aggregate with the name and type of its column.
type NamedAgg struct {
	Column
	Agg Agg
}

// AggFunc is a function over many rows.
type AggFunc uint8

// The aggregate functions. Without rows, Count and Sum are 0, Avg, Min, Max and First are null, Any is false, and All
// is true. The last two are only used in the state of live aggregates, not in pipelines.
const (
	Count AggFunc = iota + 1
	Sum
	Avg
	Min
	Max
	First // the first row, as a Record
	Any   // whether Expr is true for some row; if Expr is nil, whether there is a row
	All   // whether Expr is true for each row

	Known    // the number of rows for which Expr is not null
	ExactSum // the sum of floats, as bytes of eval.Sum
)

// Agg is one aggregate over the rows of a plan or a group. Expr is nil for Count and First.
type Agg struct {
	Func AggFunc
	Expr Expr
}

// Reduce ends a plan with one value. It is the root of a plan, or of a Sub.
type Reduce struct {
	Input Node
	Agg   Agg
}

var aggNames = [...]string{
	Count: "count", Sum: "sum", Avg: "avg", Min: "min", Max: "max", First: "first",
	Any: "any", All: "all", Known: "known", ExactSum: "exactSum",
}

func (f AggFunc) String() string { return aggNames[f] }
