package ast

// Clause is a clause of an entry point, a guard or another declaration. The checker decides which clauses are allowed where.
type Clause interface {
	Node
	// Word is the clause's first word.
	Word() string
}

type (
	// PublicClause is `public`.
	PublicClause struct{ At }
	// GuardClause is `guard a, b(x)`.
	GuardClause struct {
		At
		Uses []*GuardUse
	}
	// ValueClause is a word and one expression: `access expr`, `gate expr`, `verify expr`, `replay 1000` or `replay 10m`, `expire 3s`,
	// `timeout 5s`, `debounce 500ms`, `throttle 50ms`, `page 20`.
	ValueClause struct {
		At
		Keyword string
		X       Expr
	}
	// RateClause is `rate N per D by user`, `… by ip` or `… by (expr)`.
	RateClause struct {
		At
		Limit Expr
		Per   Expr
		By    Ident // user, ip; empty for an expression
		Key   Expr
	}
	// MergeClause is `merge crud`, `merge latest 100` …
	MergeClause struct {
		At
		Kind Ident
		Max  Expr // of latest
	}
	// KeyClause is `key field` or `key (a, b)`.
	KeyClause struct {
		At
		Names []Ident
	}
	// PrependClause is `prepend`.
	PrependClause struct{ At }
	// DeltaClause is `delta { version { … } diff(since) { … } }`.
	DeltaClause struct {
		At
		Version *Block
		Since   *Param // its type may be nil
		Diff    *Block
	}
	// OnClause is `on subscribe { … }` or `on unsubscribe { … }`.
	OnClause struct {
		At
		Event Ident
		Body  *Block
	}
	// SourcesClause is `on a, b` of a derived stream.
	SourcesClause struct {
		At
		Names []Ident
	}
	// WritableClause is `writable` or `writable guard w`.
	WritableClause struct {
		At
		Guards []*GuardUse
	}
	// TZClause is `tz "Europe/Vienna"`.
	TZClause struct {
		At
		Zone *StringLit
	}
)

// Word implements Clause.
func (c *ValueClause) Word() string { return c.Keyword }

// The words of the other clauses.
func (*PublicClause) Word() string   { return "public" }
func (*GuardClause) Word() string    { return "guard" }
func (*RateClause) Word() string     { return "rate" }
func (*MergeClause) Word() string    { return "merge" }
func (*KeyClause) Word() string      { return "key" }
func (*PrependClause) Word() string  { return "prepend" }
func (*DeltaClause) Word() string    { return "delta" }
func (*OnClause) Word() string       { return "on" }
func (*SourcesClause) Word() string  { return "on" }
func (*WritableClause) Word() string { return "writable" }
func (*TZClause) Word() string       { return "tz" }
