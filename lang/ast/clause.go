package ast

// Clause is a clause of an entry point, a guard or another declaration. Which may stand where is for the checker to say.
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
	// AccessClause is `access expr`, GateClause `gate expr`, VerifyClause `verify expr`.
	AccessClause struct {
		At
		X Expr
	}
	GateClause struct {
		At
		X Expr
	}
	VerifyClause struct {
		At
		X Expr
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
	// ReplayClause is `replay 1000` or `replay 10m`.
	ReplayClause struct {
		At
		X Expr
	}
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
	// ExpireClause is `expire 3s`, TimeoutClause `timeout 5s`, DebounceClause `debounce 500ms`, ThrottleClause `throttle 50ms`, PageClause `page 20`.
	ExpireClause struct {
		At
		X Expr
	}
	TimeoutClause struct {
		At
		X Expr
	}
	DebounceClause struct {
		At
		X Expr
	}
	ThrottleClause struct {
		At
		X Expr
	}
	PageClause struct {
		At
		X Expr
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

// The words of the clauses.
func (*PublicClause) Word() string   { return "public" }
func (*GuardClause) Word() string    { return "guard" }
func (*AccessClause) Word() string   { return "access" }
func (*GateClause) Word() string     { return "gate" }
func (*VerifyClause) Word() string   { return "verify" }
func (*RateClause) Word() string     { return "rate" }
func (*MergeClause) Word() string    { return "merge" }
func (*KeyClause) Word() string      { return "key" }
func (*PrependClause) Word() string  { return "prepend" }
func (*ReplayClause) Word() string   { return "replay" }
func (*DeltaClause) Word() string    { return "delta" }
func (*OnClause) Word() string       { return "on" }
func (*SourcesClause) Word() string  { return "on" }
func (*ExpireClause) Word() string   { return "expire" }
func (*TimeoutClause) Word() string  { return "timeout" }
func (*DebounceClause) Word() string { return "debounce" }
func (*ThrottleClause) Word() string { return "throttle" }
func (*PageClause) Word() string     { return "page" }
func (*WritableClause) Word() string { return "writable" }
func (*TZClause) Word() string       { return "tz" }
