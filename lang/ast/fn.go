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

// Keyword implements Decl.
func (*Fn) Keyword() string { return "fn" }

// Extern is a Go function with a typed signature:
//
//	extern fn sendMail(to: string(email), body: string) from "example.com/app/mail" retryable
type Extern struct {
	Head
	Params    []*Param
	Result    Type // nil if there is none
	Package   *StringLit
	Retryable bool
}

// Keyword implements Decl.
func (*Extern) Keyword() string { return "extern" }
