package ir

// Pending is a declaration or clause that is checked but has no back end yet. Its parts are kept for the analyses.
type Pending struct {
	Pos     Pos
	Keyword string // as authors write it: cron, effect, delta
	Name    string
	On      *Event // of an effect: the event that triggers it
	Params  []*Var // of an aggregate
	Access  Access // of an aggregate
	Body    *Block // the code that runs
	Verify  []Expr // conditions of `verify`, which protect a webhook
	Shown   []Expr // values that clients receive: those of an aggregate
}

// Event is an event of a table, a published stream or a channel. Exactly one of the three is set.
type Event struct {
	Pos     Pos
	Table   *Table
	Stream  *Stream
	Channel *Channel
	Name    string
}
