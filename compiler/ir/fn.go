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
	Fails  bool // whether it can fail (fail, require, a runtime check, a query): its Go form then returns an error
	Ctx    bool // whether it reads ctx, env or a table: its Go form then takes the call
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
