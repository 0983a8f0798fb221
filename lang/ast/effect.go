package ast

// Effect runs after commit:
//
//	effect confirmation on Order.created(order) { … }
type Effect struct {
	Head
	On      *EventRef
	Clauses []Clause
	Body    *Block
}

// Keyword implements Decl.
func (*Effect) Keyword() string { return "effect" }
