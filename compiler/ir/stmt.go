package ir

// Stmt is a statement.
type Stmt interface {
	Node
	isStmt()
}

// Block is a list of statements with a scope of its own.
type Block struct{ Stmts []Stmt }

// Let names a value.
type Let struct {
	Pos  Pos
	Var  *Var
	Init Expr
}

// If branches. Else is nil where absent; `else if` is an Else with one If.
type If struct {
	Pos  Pos
	Cond Expr
	Then *Block
	Else *Block
}

// For runs Body for each element of a list, or each key and value of a map.
type For struct {
	Pos   Pos
	Var   *Var // the element, or the key of a map
	Value *Var // the value of a map; nil for a list
	Over  Expr
	Body  *Block
}

// Return ends the body; X is nil where there is no result, and otherwise has exactly the result type.
type Return struct {
	Pos Pos
	X   Expr
}

// Fail ends the call with an error.
type Fail struct {
	Pos     Pos
	Code    string
	Message Expr // a string; nil where none is given
}

// Require fails unless Cond holds.
type Require struct {
	Pos     Pos
	Cond    Expr
	Code    string
	Message Expr
}

// Log writes to the server's log.
type Log struct {
	Pos     Pos
	Level   string // debug info warn error
	Message Expr
	Fields  []FieldInit
}

// Do evaluates X, a write or a call, for its effect.
type Do struct {
	Pos Pos
	X   Expr
}

// Match runs the block of the arm whose pattern X equals.
type Match struct {
	Pos  Pos
	X    Expr
	Arms []MatchArm
}

// MatchArm is one arm of a match statement. A nil Values is the arm `_`.
type MatchArm struct {
	Values []Expr // literals
	Bind   *Var   // the narrowed value of a union variant; nil where not used
	Body   *Block
}

func (*Let) isStmt()     {}
func (*If) isStmt()      {}
func (*For) isStmt()     {}
func (*Return) isStmt()  {}
func (*Fail) isStmt()    {}
func (*Require) isStmt() {}
func (*Log) isStmt()     {}
func (*Do) isStmt()      {}
func (*Match) isStmt()   {}
