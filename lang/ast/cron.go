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
	At       *EventRef  // the field whose time it waits for: Name is the field
	Clauses  []Clause   // tz, timeout
	Body     *Block
}

// Keyword is part of Decl.
func (*Cron) Keyword() string { return "cron" }

// EventRef is `Order.created(order)`, `Order.updated(new, old)`, `track(vehicle).created(fix)` or `Lot.endsAt(lot)`.
type EventRef struct {
	At
	Source Ident
	Args   []Ident // parameters of the stream, as names that the event binds; nil where none are written
	Name   Ident   // the event, or the field of a table
	Binds  []Ident
}
