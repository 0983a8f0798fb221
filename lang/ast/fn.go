package ast

// Fn is a pure function:
//
//	fn full(u: User) -> string = "{u.first} {u.last}"
//	fn f(params) -> T { … }
type Fn struct {
	Head
	Params []*Param
	Result Type
	Value  Expr
	Body   *Block
}

// Keyword is part of Decl.
func (*Fn) Keyword() string { return "fn" }

// Extern is a Go function with a typed signature:
//
//	extern fn sendMail(to: string(email), body: string) from "example.com/app/mail" retryable
type Extern struct {
	Head
	Params    []*Param
	Result    Type // nil where none
	Package   *StringLit
	Retryable bool
}

// Keyword is part of Decl.
func (*Extern) Keyword() string { return "extern" }
