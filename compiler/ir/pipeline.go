package ir

// Pipeline is a checked pipeline over tables: its source, then its stages. Expressions over rows refer to the current row by a
// Local of the stage's Row; a pipeline inside such an expression is a QueryExpr whose Query has no plan of its own, since it
// becomes part of the plan around it. Pipes are already written out in place.
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

// LimitStage keeps the first N rows, PageStage makes keyset pages of N.
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

// JoinStage gives each row one more field As, a record of Fields of the row of Right whose On equals Left.
type JoinStage struct {
	Pos      Pos
	Row      *Var
	Right    *Table
	Optional bool
	Left     []Expr   // over Row
	On       []*Field // fields of Right: its key or a unique set
	As       string
	Fields   []*Field // kept of Right
	Nested   *Record  // the type of the field As, without its optional
	Out      *Record  // the type of the rows after the stage: those of the input in order, with As in its place or at the end
}

// MapStage reshapes each row, into a record (Fields, Out) or one value (X).
type MapStage struct {
	Pos    Pos
	Row    *Var
	Fields []FieldInit
	Out    *Record
	X      Expr
}

// GroupStage makes one row of each group: the Keys, then the Aggs.
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

// ReduceStage ends a pipeline in one value: count sum avg min max first any all.
type ReduceStage struct {
	Pos  Pos
	Func string
	Row  *Var
	X    Expr // over Row; nil for count and first
	T    Type // of the value
}

// FindStage ends a pipeline in the row with this key, or null. Keys are in the order of the table's key and do not depend on a row.
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
