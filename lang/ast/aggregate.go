package ast

// Aggregate is incremental reducers over a table or a stream:
//
//	aggregate stats on Order public {
//	  count: int = 0 { created(o) => count + 1  deleted(o) => count - 1 }
//	  avg = if count > 0 then 1 / count else 0
//	}
type Aggregate struct {
	Head
	Params  []*Param
	On      Ident
	OnArgs  []Expr
	Clauses []Clause
	Fields  []*AggregateField
}

// Keyword implements Decl.
func (*Aggregate) Keyword() string { return "aggregate" }

// AggregateField is one field: stored (Type, Init, Reducers) or computed (Init alone).
type AggregateField struct {
	At
	Doc      []string
	Name     Ident
	Type     Type // nil where computed
	Init     Expr
	Reducers []*Reducer
}

// Reducer is `created(o) => expr`.
type Reducer struct {
	At
	Event Ident
	Binds []Ident
	Value Expr
}
