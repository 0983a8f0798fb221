package ir

import "time"

// RPC is a callable entry point.
type RPC struct {
	Pos     Pos
	Module  string
	Name    string
	Doc     []string
	Params  []*Var
	Result  Type // Void where none
	Access  Access
	Rates   []Rate
	Timeout time.Duration // 0 = default
	Body    *Block
	Effects Effects
}

// RateBy is whom a rate counts.
type RateBy uint8

// The ways to count.
const (
	ByUser RateBy = iota + 1 // an anonymous caller counts by its connection
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

// Mode is what an entry point does to the database.
type Mode uint8

// The modes.
const (
	Pure Mode = iota
	Read
	Write
)

// Effects are what an entry point does, with the guards and functions it runs. Lists are sorted.
type Effects struct {
	Mode      Mode
	Reads     []*Table
	Writes    []*Table
	Externs   []*Extern
	Publishes []string // names of streams and channels: module/name
	Signals   []*Signal
	Errors    []string // codes it can give, the system's own among them only where they are certain to be possible (VALIDATION, CONFLICT, …)
	Session   bool     // starts or ends a session
	UsesUser  bool     // reads ctx.user
}
