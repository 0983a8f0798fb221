package ast

// Expr is an expression.
type Expr interface {
	Node
	expr()
}

type (
	// IntLit, FloatLit, BoolLit and NullLit are literals. Text is as written, with `_`.
	IntLit struct {
		At
		Value int64
		Text  string
	}
	FloatLit struct {
		At
		Value float64
		Text  string
	}
	BoolLit struct {
		At
		Value bool
	}
	NullLit struct{ At }
	// DurationLit is a duration in milliseconds, SizeLit a size in bytes.
	DurationLit struct {
		At
		Value int64
		Text  string
	}
	SizeLit struct {
		At
		Value int64
		Text  string
	}
	// StringLit is a string. Text and interpolations alternate in any order. An empty string may have no parts.
	StringLit struct {
		At
		Parts []StringPart
		Multi bool // written with """
	}
	// Name is a variable, a table, a constant.
	Name struct {
		At
		Name string
	}
	// RowField is `.name`, a field of the current row.
	RowField struct {
		At
		Name Ident
	}
	// Member is `x.name` or `x?.name`.
	Member struct {
		At
		X    Expr
		Name Ident
		Safe bool
	}
	// Index is `x[i]`.
	Index struct {
		At
		X, I Expr
	}
	// Call is `f(args)`.
	Call struct {
		At
		Fn   Expr
		Args []Expr
	}
	// Unary is `!x` or `-x`.
	Unary struct {
		At
		Op string
		X  Expr
	}
	// Binary is `l op r` with one of * / % + - < <= > >= in == != && || ??. OpSpan is the position of the operator.
	Binary struct {
		At
		Op     string
		OpSpan At
		L, R   Expr
	}
	// As is `x as T`, Is is `x is T`.
	As struct {
		At
		X    Expr
		Type Type
	}
	Is struct {
		At
		X    Expr
		Type Type
	}
	// IfExpr is `if c then a else b`.
	IfExpr struct {
		At
		Cond, Then, Else Expr
	}
	// MatchExpr is a match with a value.
	MatchExpr struct {
		At
		X    Expr
		Arms []*MatchArm
	}
	// RecordLit is `{ name, x: 1, ...row, .field, "key": 1 }`. Type is the name before the brace, if there is one:
	// `User { name: "Ann" }`.
	RecordLit struct {
		At
		Type    *Ident
		Members []*RecordMember
	}
	// ListLit is `[a, b]`.
	ListLit struct {
		At
		Elems []Expr
	}
	// Paren is `(x)`.
	Paren struct {
		At
		X Expr
	}
	// Pipeline is `source as alias | stage | stage`.
	Pipeline struct {
		At
		Source Expr
		Alias  *Ident
		Stages []Stage
	}
	// Insert is `insert T { … }`, Upsert `upsert T { … }`.
	Insert struct {
		At
		Table  Ident
		Record *RecordLit
	}
	Upsert struct {
		At
		Table  Ident
		Record *RecordLit
	}
	// Update is `update row { … }`, `update row patch` or `update T where cond { … }`.
	Update struct {
		At
		Target Expr // a *Name of the table if Cond is set
		Cond   Expr // the condition after `where`; nil without one
		Set    *RecordLit
		Patch  Expr
	}
	// Delete is `delete row` or `delete T where cond`.
	Delete struct {
		At
		Target Expr
		Cond   Expr // the condition after `where`; nil without one
	}
	// BadExpr is an expression that could not be parsed. It has a diagnostic.
	BadExpr struct{ At }
)

// StringPart is text, or an interpolated expression. The escapes in Text are resolved.
type StringPart struct {
	At
	Text string
	X    Expr // nil for text
}

// RecordMember is one member of a record literal.
type RecordMember struct {
	At
	Name   Ident      // empty for a spread
	Key    *StringLit // of a map
	Value  Expr       // nil for the short forms `name` and `.name`; the spread row of a Spread
	Row    bool       // the short form `.name`
	Spread bool
}

func (*IntLit) expr()      {}
func (*FloatLit) expr()    {}
func (*BoolLit) expr()     {}
func (*NullLit) expr()     {}
func (*DurationLit) expr() {}
func (*SizeLit) expr()     {}
func (*StringLit) expr()   {}
func (*Name) expr()        {}
func (*RowField) expr()    {}
func (*Member) expr()      {}
func (*Index) expr()       {}
func (*Call) expr()        {}
func (*Unary) expr()       {}
func (*Binary) expr()      {}
func (*As) expr()          {}
func (*Is) expr()          {}
func (*IfExpr) expr()      {}
func (*MatchExpr) expr()   {}
func (*RecordLit) expr()   {}
func (*ListLit) expr()     {}
func (*Paren) expr()       {}
func (*Pipeline) expr()    {}
func (*Insert) expr()      {}
func (*Upsert) expr()      {}
func (*Update) expr()      {}
func (*Delete) expr()      {}
func (*BadExpr) expr()     {}
