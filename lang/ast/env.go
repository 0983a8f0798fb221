package ast

// Env is the typed settings of the app:
//
//	env { STRIPE_SECRET: string  LIMIT: int = 10 }
type Env struct {
	Head
	Vars []*Field
}

// Keyword implements Decl.
func (*Env) Keyword() string { return "env" }
