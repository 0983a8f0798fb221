package ast

// Stmt is a statement.
type Stmt interface {
	Node
	stmt()
}

// Block is `{ statements }`. Its span includes the braces.
type Block struct {
	At
	Stmts []Stmt
}

type (
	// Let is `let name = expr` or `let name: T = expr`.
	Let struct {
		At
		Name Ident
		Type Type
		Init Expr
	}
	// If is `if cond { … } else …`. Else is nil, a *Block, or an *If.
	If struct {
		At
		Cond Expr
		Then *Block
		Else Stmt
	}
	// For is `for x in xs { … }` or `for key, value in map { … }`.
	For struct {
		At
		Name  Ident
		Value *Ident
		Over  Expr
		Body  *Block
	}
	// Return is `return` or `return expr`.
	Return struct {
		At
		X Expr
	}
	// Fail is `fail CODE "message"`.
	Fail struct {
		At
		Code    Ident
		Message Expr
	}
	// Require is `require expr else CODE "message"`. Code is empty if it is missing.
	Require struct {
		At
		Cond    Expr
		Code    Ident
		Message Expr
	}
	// Log is `log level "message" { fields }`.
	Log struct {
		At
		Level   Ident
		Message Expr
		Fields  *RecordLit
	}
	// ExprStmt is an expression used as a statement: a write or a call.
	ExprStmt struct {
		At
		X Expr
	}
	// Publish is `publish stream(args) event data throttle 50ms`. It has at most one of Throttle and Debounce.
	Publish struct {
		At
		Stream   Ident
		Args     []Expr
		Event    Ident
		Data     Expr
		Throttle Expr
		Debounce Expr
	}
	// SendSignal is `signal s(args) to user`.
	SendSignal struct {
		At
		Signal Ident
		Args   []Expr
		To     Expr
	}
	// MatchStmt is a match whose arms are blocks.
	MatchStmt struct {
		At
		X    Expr
		Arms []*MatchArm
	}
	// Expect is `expect expr within 1s` or `expect expr fails CODE` in a test.
	Expect struct {
		At
		X      Expr
		Within Expr
		Fails  *Ident
	}
	// BadStmt is a statement that could not be parsed. It has a diagnostic.
	BadStmt struct{ At }
)

// MatchArm is `"a", "b" => …`, `Circle c => …` or `_ => …`. Body is set in a match statement, X in an expression.
type MatchArm struct {
	At
	Values []Expr // literals, or one *Name of a record type, or null
	Rest   bool   // `_`
	Bind   *Ident
	Body   *Block
	X      Expr
}

func (*Block) stmt()      {}
func (*Let) stmt()        {}
func (*If) stmt()         {}
func (*For) stmt()        {}
func (*Return) stmt()     {}
func (*Fail) stmt()       {}
func (*Require) stmt()    {}
func (*Log) stmt()        {}
func (*ExprStmt) stmt()   {}
func (*Publish) stmt()    {}
func (*SendSignal) stmt() {}
func (*MatchStmt) stmt()  {}
func (*Expect) stmt()     {}
func (*BadStmt) stmt()    {}
