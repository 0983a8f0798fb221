package ir

import "github.com/livec-lang/livec/relation"

// Expr is an expression. Type is exact: wherever the language converts, the IR has a node (Wrap, Unwrap, ToFloat, Check).
type Expr interface {
	Node
	Type() Type
	Where() Pos
	rebuild(part func(Expr) Expr) Expr // returns a copy with each part replaced by part(of it)
}

// At holds what all expressions have in common.
type At struct {
	Pos Pos
	T   Type
}

// Type returns the type of the expression.
func (a *At) Type() Type { return a.T }

// Where returns the position of the expression.
func (a *At) Where() Pos { return a.Pos }

// Lit is a literal. Value is a string, int64, float64, bool, or nil for null; a duration is an int64 in milliseconds. The
// type distinguishes a value of an enum from a string.
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

// Index is xs[i], which fails if i is out of range, or m[key], whose result is optional.
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

// Binary is l op r. Both operands have the same type after conversion, except with times and durations: time-time is a
// duration, time±duration a time, and duration*int a duration. == and != on optionals compare null-safely. && and ||
// evaluate R only if needed. + on ints, and - and *, fail on overflow.
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

// MatchExpr is a match that has a value.
type MatchExpr struct {
	At
	X    Expr
	Arms []MatchExprArm
}

// MatchExprArm is one arm. If Values is nil, it is the arm `_`.
type MatchExprArm struct {
	Values []Expr
	Bind   *Var
	X      Expr
}

// Interp is an interpolated string. All parts are strings: where needed, a part is a Builtin call of `string`.
type Interp struct {
	At
	Parts []Expr
}

// FieldInit is one member of a record literal or of a write.
type FieldInit struct {
	Field *Field
	Name  string // for Log, which has no Field
	X     Expr
}

// RecordLit makes a record. Fields are complete and in the order of the record: defaults are filled in, and the members of a
// spread are FieldOf nodes.
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

// CallFn calls a function of the app. CallExtern calls a function written in Go.
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

// Builtin calls a built-in function: now newId string lower trim length startSession session … Package
// compiler/check/signature lists all of them with their types.
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

// ListStage is one stage of a ListPipe: filter sort limit map count sum avg min max first find any all. X and Keys refer to
// the current element as Row.
type ListStage struct {
	Name string
	Row  *Var
	X    Expr // the condition, the mapped value, the summed value, the count of limit, the key of find
	Keys []ListSortKey
	T    Type // the type after the stage
}

// ListSortKey is one key of a sort stage.
type ListSortKey struct {
	X    Expr
	Desc bool
}

// Wrap makes a T? of a T. Unwrap makes a T of a T? that the checker has proved not to be null. ToFloat makes a float of an
// int. ToEnum and FromEnum convert between an enum and a string; ToEnum fails unless the string is one of the enum's values.
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

// Fit converts a record into a record type that has the same fields or fewer.
type Fit struct {
	At
	X Expr
}

// Check tests the refinement of T on X at run time, and fails with VALIDATION at Path.
type Check struct {
	At
	X    Expr
	Path string // such as "text", "items/0"
}

// As is `x as T`: it validates a json value against T.
type As struct {
	At
	X Expr
}

// Insert adds a row and returns it. Fields are complete and in the order of the table.
type Insert struct {
	At
	Table  *Table
	Fields []FieldInit
}

// Upsert inserts a row, or updates the row with the same values in By: the columns of the key or of one unique set. Fields
// are complete and used for an insert. Set holds the fields that the author named; an update assigns them. With Asks, the
// write fails if the read policy hides the stored row.
type Upsert struct {
	At
	Table  *Table
	By     []int
	Fields []FieldInit
	Set    []FieldInit
	Asks   bool
}

// UpdateRow changes one row and returns the new row. In Set, Old is the stored row. Patch, if set, is a value of T.patch
// whose present members are assigned. With Asks, a row that the read policy hides counts as missing.
type UpdateRow struct {
	At
	Table *Table
	Row   Expr
	Old   *Var
	Set   []FieldInit
	Patch Expr
	Asks  bool
}

// UpdateWhere changes the rows that Query finds and returns their number.
type UpdateWhere struct {
	At
	Table *Table
	Query *Query
	Old   *Var
	Set   []FieldInit
}

// DeleteRow deletes one row. With Asks, a row that the read policy hides counts as missing. DeleteWhere deletes the rows
// that Query finds and returns their number.
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
