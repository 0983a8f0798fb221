package ast

// Webhook is an HTTP entry point:
//
//	webhook stripe post "/hooks/stripe" verify expr { … }
type Webhook struct {
	Head
	Method  Ident // get, post, put, delete
	Path    *StringLit
	Clauses []Clause // verify, timeout
	Body    *Block
}

// Keyword implements Decl.
func (*Webhook) Keyword() string { return "webhook" }
