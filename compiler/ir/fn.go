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
	System bool // a second form of a function, for policies and code without a caller: its queries read past the policies
}

// Extern is a Go function with a typed signature: func(ctx context.Context, params…) (Result, error). If Result is Void, the
// Go function returns only an error.
type Extern struct {
	Pos       Pos
	Module    string
	Name      string // in Live; the Go name starts with an upper-case letter
	Doc       []string
	Params    []*Var
	Result    Type
	Package   string // import path
	Retryable bool
}
