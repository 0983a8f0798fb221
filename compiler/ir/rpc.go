package ir

import "time"

// RPC is a callable entry point.
type RPC struct {
	Pos     Pos
	Module  string
	Name    string
	Doc     []string
	Params  []*Var
	Result  Type // Void if there is none
	Access  Access
	Rates   []Rate
	Timeout time.Duration // 0 = default
	Body    *Block
}

// RateBy selects by what a rate limit counts calls.
type RateBy uint8

// The ways to count.
const (
	ByUser RateBy = iota + 1 // an anonymous caller is counted by connection
	ByIP
	ByExpr
)

// Rate is a `rate N per D by …` clause.
type Rate struct {
	Pos   Pos
	Limit int64
	Per   time.Duration
	By    RateBy
	Key   Expr // for ByExpr
}
