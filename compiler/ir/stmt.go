package ir

// Stmt is a statement.
type Stmt interface {
	Node
	isStmt()
}

// Block is a list of statements with a scope of its own.
type Block struct{ Stmts []Stmt }

// Let binds a name to a value.
type Let struct {
	Pos  Pos
	Var  *Var
	Init Expr
}

// If is a conditional statement. Else is nil if absent; `else if` is an Else with one If.
type If struct {
	Pos  Pos
	Cond Expr
	Then *Block
	Else *Block
}

// For runs Body for each element of a list, or for each key and value of a map.
type For struct {
	Pos   Pos
	Var   *Var // the element, or the key of a map
	Value *Var // the value of a map; nil for a list
	Over  Expr
	Body  *Block
}

// Return ends the body. X is nil if there is no result; otherwise its type is exactly the result type.
type Return struct {
	Pos Pos
	X   Expr
}

// Fail ends the call with an error.
type Fail struct {
	Pos     Pos
	Code    string
	Message Expr // a string; nil if there is none
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

// Match runs the block of the arm whose pattern equals X.
type Match struct {
	Pos  Pos
	X    Expr
	Arms []MatchArm
}

// MatchArm is one arm of a match statement. If Values is nil, it is the arm `_`.
type MatchArm struct {
	Values []Expr // literals
	Bind   *Var   // the narrowed value of a union variant; nil if it is not used
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
