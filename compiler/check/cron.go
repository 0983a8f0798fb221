package check

import (
	"time"
	_ "time/tzdata" // so that time zones are the same on every machine

	"github.com/livec-lang/livec/compiler/check/constant"
	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
)

// systemBody returns the body of code that runs without a caller.
func (c *checker) systemBody(m *module, d ast.Decl) *body {
	name := ""
	if n := d.Named(); n != nil {
		name = n.Name
	}
	b := c.body(m, d.Keyword(), m.Name+"/"+name)
	b.system, b.write, b.result = true, true, types.Void
	return b
}

// cron checks a declaration that runs by the clock.
func (c *checker) cron(m *module, d *ast.Cron) {
	p := m.pending(&d.Name, "cron", d.Name.Name)
	b := c.systemBody(m, d)
	b.once(d.Clauses, "cron", "tz", "timeout")
	if d.Schedule != nil {
		b.schedule(d.Schedule)
	}
	if d.Every != nil {
		b.duration(d.Every, "`every`")
	}
	if d.At != nil {
		b.cronAt(d.At)
	}
	if z := clause[*ast.TZClause](d.Clauses); z != nil && z.Zone != nil {
		if d.Schedule == nil && (d.Every != nil || d.At != nil) {
			b.errorf(z.Span, diag.CodeClause, "`tz` needs a schedule of five fields").
				help("remove `tz`: `every` and `at` do not depend on the time zone")
		}
		if name := constant.Text(z.Zone); name == "Local" || !zone(name) {
			b.errorf(z.Zone.Span, diag.CodeSchedule, "there is no time zone %q", name).
				help("use a name of the IANA time zone database, such as \"Europe/Vienna\"")
		}
	}
	p.Body = b.block(d.Body)
	c.unusedLocals(b)
}

func zone(name string) bool {
	_, err := time.LoadLocation(name)
	return err == nil
}

// cronAt checks `at Lot.endsAt(lot)`, which runs at the time in a field of a row.
func (b *body) cronAt(x *ast.EventRef) {
	t := b.eventTable(x)
	if t == nil {
		b.bindAll(x, types.Bad)
		return
	}
	f := types.FieldOf(t.Row, x.Name.Name)
	b.m.useField(x.Name.Span, f)
	switch {
	case f == nil:
		b.unknownFieldOf(&x.Name, t.Row)
	case f.Secret:
		b.errorf(x.Name.Span, diag.CodeSecretDecides, "the secret field `%s` would decide when this runs, and others can see its effects",
			f.Name).also(f.Pos, "marked `secret` here").help("store the time in a field that is not secret")
	case !types.IsScalar(types.Elem(f.Type), ir.Time):
		b.errorf(x.Name.Span, diag.CodeSchedule, "`%s` is `%s`, not a time", f.Name, ir.TypeString(f.Type))
	}
	if len(x.Binds) > 1 {
		b.errorf(x.Binds[1].Span, diag.CodeArguments, "`at` binds one name, the row")
	}
	b.bindAll(x, t.Row)
}

func (b *body) bindAll(x *ast.EventRef, t ir.Type) {
	for i := range x.Binds {
		b.declareVar(&x.Binds[i], t, false)
	}
}

// eventTable returns the table of an event; nil if it is not an event of a table.
func (b *body) eventTable(x *ast.EventRef) *ir.Table {
	if x.Source.Name == "" {
		return nil
	}
	s := b.m.refer(x.Source.Name, x.Source.Span)
	if s == nil {
		b.errorf(x.Source.Span, diag.CodeUnknownName, "there is no table, stream or channel `%s`", x.Source.Name).
			suggest(b.m, x.Source.Span, x.Source.Name, b.m.declared("table", "stream", "channel"))
		return nil
	}
	if d, ok := s.Decl.(*ast.Table); ok {
		return b.c.table(b.c.home(s), d)
	}
	return nil
}
