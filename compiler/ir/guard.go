package ir

// Guard runs before an entry point: it fails, or passes and may enrich ctx.
type Guard struct {
	Pos    Pos
	Module string
	Name   string
	Doc    []string
	Params []*Var
	Adds   *Record // the record it returns, whose fields become fields of ctx; nil where none
	Access Access  // guards it builds on
	Body   *Block
}

// Access is what covers an entry point, in the order it runs.
type Access struct {
	Public bool
	Guards []GuardUse // file guards first
	Allow  Expr       // `access`; nil where absent. false fails with FORBIDDEN
	Gate   Expr       // streams; nil where absent
	Text   string     // as written, for the contract: "public", "guard signedIn"
}

// GuardUse is one guard with its arguments. A guard that several others build on appears once, before all of them.
type GuardUse struct {
	Guard *Guard
	Args  []Expr
}

// Upgrade says who a connection is.
type Upgrade struct {
	Pos    Pos
	Module string
	Doc    []string
	Result Type // Optional of the user type
	Body   *Block
}
