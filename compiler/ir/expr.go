package ir

import "github.com/livec-lang/livec/relation"

// Expr is an expression. Type is exact: wherever the language converts, the IR has a node (Wrap, Unwrap, ToFloat, Check).
type Expr interface {
	Node
	Type() Type
	Where() Pos
	rebuild(part func(Expr) Expr) Expr // a copy whose parts are what part gives for them
}

// At holds what all expressions share.
type At struct {
	Pos Pos
	T   Type
}

// Type is the expression's type.
func (a *At) Type() Type { return a.T }

// Where is the expression's place.
func (a *At) Where() Pos { return a.Pos }

// Lit is a literal. Value is string, int64, float64, bool, or nil for null; a duration is int64 milliseconds. The type tells an
// enum's literal from a string.
type Lit struct {
	At
	Value any
}

// Local is a variable.
type Local struct {
	At
	Var *Var
}

// CtxUser, CtxIP and CtxPath are ctx.user (Optional of the user type), ctx.ip and ctx.path.
type (
	CtxUser struct{ At }
	CtxIP   struct{ At }
	CtxPath struct{ At }
)

// CtxAdded is a field that a guard's record added to ctx.
type CtxAdded struct {
	At
	Guard *Guard
	Field *Field
}

// EnvRef is env.NAME.
type EnvRef struct {
	At
	Env *EnvVar
}

// FieldOf is x.field. With Safe, x is optional and so is the result (x?.field).
type FieldOf struct {
	At
	X     Expr
	Field *Field
	Safe  bool
}

// Index is xs[i] (fails out of range) or m[key] (optional result).
type Index struct {
	At
	X, I Expr
}

// Unary is !x or -x.
type Unary struct {
	At
	Op relation.Op
	X  Expr
}

// Binary is l op r, both of one type (after conversion) except for times and durations: time-time gives a duration, time±duration a
// time, duration*int a duration. == and != on optionals compare null-safely. && and || do not evaluate R needlessly. + on ints, and
// - and *, fail on overflow.
type Binary struct {
	At
	Op   relation.Op
	L, R Expr
}

// In is x in list, or key in map.
type In struct {
	At
	X, List Expr
}

// Cond is `if c then a else b`.
type Cond struct {
	At
	If, Then, Else Expr
}

// MatchExpr is a match that gives a value.
type MatchExpr struct {
	At
	X    Expr
	Arms []MatchExprArm
}

// MatchExprArm is one arm. A nil Values is the arm `_`.
type MatchExprArm struct {
	Values []Expr
	Bind   *Var
	X      Expr
}

// Interp is an interpolated string; the parts are strings already (Call of the builtin `string` where need be).
type Interp struct {
	At
	Parts []Expr
}

// FieldInit is one member of a record literal or of a write.
type FieldInit struct {
	Field *Field
	Name  string // for Log, where there is no field
	X     Expr
}

// RecordLit makes a record. Fields are in the record's order and complete: defaults are filled in, and members of a spread are
// FieldOf nodes.
type RecordLit struct {
	At
	Fields []FieldInit
}

// ListLit makes a list.
type ListLit struct {
	At
	Elems []Expr
}

// MapLit makes a map.
type MapLit struct {
	At
	Keys, Values []Expr
}

// CallFn calls a function of the app, CallExtern one written in Go.
type (
	CallFn struct {
		At
		Fn   *Fn
		Args []Expr
	}
	CallExtern struct {
		At
		Extern *Extern
		Args   []Expr
	}
)

// Builtin calls a built-in function: now newId string lower trim length startSession session … The list with its types is
// compiler/check/signature.
type Builtin struct {
	At
	Name string
	Args []Expr
}

// QueryExpr runs a pipeline over tables.
type QueryExpr struct {
	At
	Query *Query
}

// ListPipe runs a pipeline over a list value in memory.
type ListPipe struct {
	At
	List   Expr
	Stages []ListStage
}

// ListStage is one stage of a ListPipe: filter sort limit map count sum avg min max first find any all. Row stands for the current
// element in X and Keys.
type ListStage struct {
	Name string
	Row  *Var
	X    Expr // the condition, the mapped value, the summed value, the count of limit, the key of find
	Keys []ListSortKey
	T    Type // after the stage
}

// ListSortKey is one key of a sort stage.
type ListSortKey struct {
	X    Expr
	Desc bool
}

// Wrap makes T? of T. Unwrap makes T of T? where the checker has proved that it is not null. ToFloat makes a float of an int.
// ToEnum and FromEnum convert between an enum and a string; ToEnum fails unless the string is one of its values.
type (
	Wrap struct {
		At
		X Expr
	}
	Unwrap struct {
		At
		X Expr
	}
	ToFloat struct {
		At
		X Expr
	}
	ToEnum struct {
		At
		X Expr
	}
	FromEnum struct {
		At
		X Expr
	}
)

// Fit makes a record of one type of a record of another with the same fields, or of more fields.
type Fit struct {
	At
	X Expr
}

// Check tests the refinement of T on X when it runs, and fails with VALIDATION at Path.
type Check struct {
	At
	X    Expr
	Path string // such as "text", "items/0"
}

// As validates a json value against T: x as T.
type As struct {
	At
	X Expr
}

// Insert adds a row and gives it. Fields are complete, in the table's order.
type Insert struct {
	At
	Table  *Table
	Fields []FieldInit
}

// Upsert inserts or updates by By, columns of the key or of one unique set. Fields are complete and used for an insert; Set are
// those the author named, which an update assigns. With Asks, a stored row that the read policy hides is refused.
type Upsert struct {
	At
	Table  *Table
	By     []int
	Fields []FieldInit
	Set    []FieldInit
	Asks   bool
}

// UpdateRow changes one row and gives it anew. In Set, Old stands for the stored row. With Patch, a value of T.patch, its present
// members are assigned. With Asks, a row that the read policy hides is not there.
type UpdateRow struct {
	At
	Table *Table
	Row   Expr
	Old   *Var
	Set   []FieldInit
	Patch Expr
	Asks  bool
}

// UpdateWhere changes the rows that Query finds and gives their number.
type UpdateWhere struct {
	At
	Table *Table
	Query *Query
	Old   *Var
	Set   []FieldInit
}

// DeleteRow deletes one row; with Asks, one that the read policy hides is not there. DeleteWhere deletes the rows that Query finds
// and gives their number.
type (
	DeleteRow struct {
		At
		Table *Table
		Row   Expr
		Asks  bool
	}
	DeleteWhere struct {
		At
		Table *Table
		Query *Query
	}
)
