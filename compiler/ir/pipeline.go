package ir

// Pipeline is a checked pipeline over tables: its source, then its stages. Expressions over rows refer to the current row by
// a Local of the stage's Row. A pipeline inside such an expression is a QueryExpr; its Query has no plan of its own, since
// it becomes part of the enclosing plan. Uses of pipes are already expanded.
type Pipeline struct {
	Pos    Pos
	Table  *Table // the source; read policies are not yet applied
	Stages []Stage
}

// Stage is one stage of a pipeline.
type Stage interface {
	Node
	isStage()
	rebuild(part func(Expr) Expr) Stage
}

// FilterStage keeps the rows for which Cond holds.
type FilterStage struct {
	Pos  Pos
	Row  *Var
	Cond Expr
}

// SortStage orders the rows; the planner appends the key.
type SortStage struct {
	Pos  Pos
	Row  *Var
	Keys []ListSortKey
}

// LimitStage keeps the first N rows. PageStage makes keyset pages of N rows.
type (
	LimitStage struct {
		Pos Pos
		N   int64
	}
	PageStage struct {
		Pos Pos
		N   int64
	}
)

// JoinStage adds a field As to each row. The field is a record with Fields of the row of Right whose On equals Left.
type JoinStage struct {
	Pos      Pos
	Row      *Var
	Right    *Table
	Optional bool
	Left     []Expr   // over Row
	On       []*Field // fields of Right: its key or a unique set
	As       string
	Fields   []*Field // the fields of Right that are kept
	Nested   *Record  // the type of the field As, without the optional
	Out      *Record  // the type of the rows after the stage: the input's fields in order; As replaces a field of its name or comes last
}

// MapStage turns each row into a record (Fields, Out) or one value (X).
type MapStage struct {
	Pos    Pos
	Row    *Var
	Fields []FieldInit
	Out    *Record
	X      Expr
}

// GroupStage makes one row per group: first the Keys, then the Aggs.
type GroupStage struct {
	Pos  Pos
	Row  *Var
	Keys []FieldInit // fields of Out
	Aggs []GroupAgg
	Out  *Record
}

// GroupAgg is one aggregate of a group.
type GroupAgg struct {
	Field *Field // of Out
	Func  string // count sum avg min max
	X     Expr   // over Row; nil for count
}

// ReduceStage reduces the rows to one value and ends the pipeline: count sum avg min max first any all.
type ReduceStage struct {
	Pos  Pos
	Func string
	Row  *Var
	X    Expr // over Row; nil for count and first
	T    Type // the type of the value
}

// FindStage returns the row with this key, or null, and ends the pipeline. Keys are in the order of the table's key and do
// not depend on a row.
type FindStage struct {
	Pos  Pos
	Keys []Expr
}

func (*FilterStage) isStage() {}
func (*SortStage) isStage()   {}
func (*LimitStage) isStage()  {}
func (*PageStage) isStage()   {}
func (*JoinStage) isStage()   {}
func (*MapStage) isStage()    {}
func (*GroupStage) isStage()  {}
func (*ReduceStage) isStage() {}
func (*FindStage) isStage()   {}
