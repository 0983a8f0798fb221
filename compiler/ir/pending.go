package ir

// Pending is a declaration or clause that is checked but has no back end yet. What stands in it is kept for the analyses.
type Pending struct {
	Pos     Pos
	Keyword string // as people write it: cron, effect, delta
	Name    string
	On      *Event // of an effect: what it waits for
	Params  []*Var // of an aggregate
	Access  Access // of an aggregate
	Body    *Block // of what runs
	Doors   []Expr // conditions that let somebody in: `verify` of a webhook
	Shown   []Expr // values that clients reach: those of an aggregate
}

// Event is an event of a table, a published stream or a channel; exactly one of them is set.
type Event struct {
	Pos     Pos
	Table   *Table
	Stream  *Stream
	Channel *Channel
	Name    string
}
