package ir

// Fn is a pure function.
type Fn struct {
	Pos    Pos
	Module string
	Name   string
	Doc    []string
	Params []*Var
	Result Type
	Body   *Block
}

// Extern is a Go function with a typed signature: func(ctx context.Context, params…) (Result, error), without Result where that is Void.
type Extern struct {
	Pos       Pos
	Module    string
	Name      string // in Live; the Go name is the same with an upper-case first letter
	Doc       []string
	Params    []*Var
	Result    Type
	Package   string // import path
	Retryable bool
}
