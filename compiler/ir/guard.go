package ir

// Guard runs before an entry point. It fails, or it passes and may add fields to ctx.
type Guard struct {
	Pos    Pos
	Module string
	Name   string
	Doc    []string
	Params []*Var
	Adds   *Record // the record it returns; its fields become fields of ctx. nil if there is none
	Access Access  // guards it builds on
	Body   *Block
}

// Access is what protects an entry point, in the order in which it runs.
type Access struct {
	Public bool
	Guards []GuardUse // guards of the file first
	Allow  Expr       // the `access` condition; nil if absent. false fails with FORBIDDEN
	Gate   Expr       // streams; nil if absent
	Text   string     // as written, for the contract: "public", "guard signedIn"
}

// GuardUse is one guard with its arguments. A guard that several others build on appears once, before all of them.
type GuardUse struct {
	Guard *Guard
	Args  []Expr
}

// Upgrade determines the user of a connection.
type Upgrade struct {
	Pos    Pos
	Module string
	Doc    []string
	Result Type // Optional of the user type
	Body   *Block
}
