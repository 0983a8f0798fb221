package ast

// Guard runs before an entry point:
//
//	guard member(board: id) -> { membership: Membership } guard signedIn { … }
type Guard struct {
	Head
	Params  []*Param
	Result  Type // a *RecordType; nil where it adds nothing
	Clauses []Clause
	Body    *Block
}

// Keyword is part of Decl.
func (*Guard) Keyword() string { return "guard" }

// FileGuard covers all entry points of a file: a line `guard a, b(x)`.
type FileGuard struct {
	Head
	Uses []*GuardUse
}

// Keyword is part of Decl.
func (*FileGuard) Keyword() string { return "guard" }

// GuardUse names a guard, with arguments where it has parameters.
type GuardUse struct {
	At
	Name Ident
	Args []Expr
}
