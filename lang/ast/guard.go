package ast

// Guard runs before an entry point:
//
//	guard member(board: id) -> { membership: Membership } guard signedIn { … }
type Guard struct {
	Head
	Params  []*Param
	Result  Type // a *RecordType; nil if the guard adds nothing
	Clauses []Clause
	Body    *Block
}

// Keyword implements Decl.
func (*Guard) Keyword() string { return "guard" }

// FileGuard covers all entry points of a file: a line `guard a, b(x)`.
type FileGuard struct {
	Head
	Uses []*GuardUse
}

// Keyword implements Decl.
func (*FileGuard) Keyword() string { return "guard" }

// GuardUse is the use of a guard, with its arguments.
type GuardUse struct {
	At
	Name Ident
	Args []Expr
}
