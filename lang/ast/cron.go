package ast

// Cron runs on a clock:
//
//	cron refresh "*/5 * * * *" tz "Europe/Vienna" { … }
//	cron tick every 1s { … }
//	cron close at Lot.endsAt(lot) { … }
type Cron struct {
	Head
	Schedule *StringLit // cron expression
	Every    Expr       // a duration
	At       *EventRef  // the field with the time at which it runs: Name is the field
	Clauses  []Clause   // tz, timeout
	Body     *Block
}

// Keyword implements Decl.
func (*Cron) Keyword() string { return "cron" }

// EventRef is `Order.created(order)`, `Order.updated(new, old)`, `track(vehicle).created(fix)` or `Lot.endsAt(lot)`.
type EventRef struct {
	At
	Source Ident
	Args   []Ident // parameters of the stream, as names that the event binds; nil if there are no parentheses
	Name   Ident   // the event, or the field of a table
	Binds  []Ident
}
