package check

import (
	"time"
	_ "time/tzdata" // so that zones are the same on every machine

	"github.com/robfig/cron/v3"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
)

// systemBody is the body of what runs without a caller.
func (c *checker) systemBody(m *module, d ast.Decl) *body {
	name := ""
	if n := d.Named(); n != nil {
		name = n.Name
	}
	b := c.body(m, d.Keyword(), m.Name+"/"+name)
	b.system, b.write, b.result = true, true, voidT
	return b
}

// cron checks what runs on a clock.
func (c *checker) cron(m *module, d *ast.Cron) {
	m.pending(&d.Name, "cron", d.Name.Name)
	b := c.systemBody(m, d)
	b.once(d.Clauses, "cron", "tz", "timeout")
	if d.Schedule != nil {
		text := literalText(d.Schedule)
		if _, err := cron.ParseStandard(text); err != nil {
			b.errorf(d.Schedule.Span, diag.CodeSchedule, "%q is no schedule: %v", text, err).help("five fields: minute, hour, day of the month, month, day of the week, such as \"*/5 * * * *\"")
		}
	}
	if d.Every != nil {
		b.duration(d.Every, "`every`")
	}
	if d.At != nil {
		b.cronAt(d.At)
	}
	if z := clause[*ast.TZClause](d.Clauses); z != nil && z.Zone != nil {
		if name := literalText(z.Zone); name == "Local" || !zone(name) {
			b.errorf(z.Zone.Span, diag.CodeSchedule, "there is no time zone %q", name).help("zones are named as in the IANA database, such as \"Europe/Vienna\"")
		}
	}
	b.block(d.Body)
	c.unusedLocals(b)
}

func zone(name string) bool {
	_, err := time.LoadLocation(name)
	return err == nil
}

// cronAt checks `at Lot.endsAt(lot)`: at the time that a field of a row holds.
func (b *body) cronAt(x *ast.EventRef) {
	t := b.eventTable(x)
	if t == nil {
		b.bindAll(x, bad)
		return
	}
	f := fieldOf(t.Row, x.Name.Name)
	switch {
	case f == nil:
		b.unknownFieldOf(&x.Name, t.Row)
	case !isScalar(elem(f.Type), ir.Time):
		b.errorf(x.Name.Span, diag.CodeSchedule, "`%s` is `%s`, not a time", f.Name, ir.TypeString(f.Type))
	}
	b.bindAll(x, t.Row)
}

func (b *body) bindAll(x *ast.EventRef, t ir.Type) {
	for i := range x.Binds {
		b.declareVar(&x.Binds[i], t, false)
	}
}

// eventTable is the table that an event is of; nil if it is none.
func (b *body) eventTable(x *ast.EventRef) *ir.Table {
	if x.Source.Name == "" {
		return nil
	}
	s := b.m.lookup(x.Source.Name)
	if s == nil {
		b.errorf(x.Source.Span, diag.CodeUnknownName, "there is no table or stream `%s`", x.Source.Name).suggest(b.m, x.Source.Span, x.Source.Name, b.m.Names())
		return nil
	}
	if d, ok := s.Decl.(*ast.Table); ok {
		return b.c.table(b.c.home(s), d)
	}
	return nil
}
