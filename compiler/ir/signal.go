package ir

// Signal is a typed message to all connections of one user.
type Signal struct {
	Pos    Pos
	Module string
	Name   string
	Doc    []string
	Params []*Var
}

// SendSignal sends a signal after the commit. To is the key of the user, as a string.
type SendSignal struct {
	Pos    Pos
	Signal *Signal
	Args   []Expr
	Reveal []bool // for each argument, whether it is inside of `reveal(…)`; see Publish
	To     Expr
}

func (*SendSignal) isStmt() {}
