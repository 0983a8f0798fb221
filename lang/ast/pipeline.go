package ast

// StageWords are the first words of the stages that are followed by a value without parentheses.
var StageWords = []string{"filter", "sort", "limit", "page", "join", "map", "group"}

// Stage is one stage of a pipeline.
type Stage interface {
	Node
	stage()
}

type (
	// FilterStage is `filter expr`.
	FilterStage struct {
		At
		Cond Expr
	}
	// SortStage is `sort .a desc` or `sort (.a desc, .b)`.
	SortStage struct {
		At
		Keys []*SortKey
	}
	// LimitStage is `limit n`, PageStage `page n`.
	LimitStage struct {
		At
		N Expr
	}
	PageStage struct {
		At
		N Expr
	}
	// JoinStage is `join User? on .author as author { .name, .avatar }`; On has several for a composite key: `on (.a, .b)`.
	JoinStage struct {
		At
		Table    Ident
		Optional bool
		On       []Expr
		As       Ident      // empty: the name of the `on` field
		Fields   *RecordLit // nil: all fields
	}
	// MapStage is `map { … }` (a *RecordLit) or `map expr`.
	MapStage struct {
		At
		X Expr
	}
	// GroupStage is `group .room { .room, n: count() }` or `group (.a, .b) { … }`.
	GroupStage struct {
		At
		Keys   []Expr
		Record *RecordLit
	}
	// CallStage is a stage that looks like a call, such as `count()`, `find(id)`, or a pipe: `visible`, `visible(room)`.
	CallStage struct {
		At
		Name   Ident
		Args   []Expr
		Parens bool // whether it has parentheses
	}
	// BadStage is a stage that could not be parsed. It has a diagnostic.
	BadStage struct{ At }
)

// SortKey is one key of a sort.
type SortKey struct {
	At
	X    Expr
	Desc bool
	Word string // as written: desc, asc or ""
}

func (*FilterStage) stage() {}
func (*SortStage) stage()   {}
func (*LimitStage) stage()  {}
func (*PageStage) stage()   {}
func (*JoinStage) stage()   {}
func (*MapStage) stage()    {}
func (*GroupStage) stage()  {}
func (*CallStage) stage()   {}
func (*BadStage) stage()    {}
