package check

import (
	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/compiler/resolve"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
)

// aggregate checks an incremental reducer. A stored field changes with each event; a computed field is derived from the
// stored ones.
func (c *checker) aggregate(m *module, d *ast.Aggregate) {
	if c.aggregates[d] != nil { // a scenario has checked it already
		return
	}
	rec := &ir.Record{Pos: m.namePos(d), Module: m.Name, Name: resolve.Pascal.Of(d.Name.Name), Doc: d.Doc, Anonymous: true}
	c.aggregates[d] = rec
	p := m.pending(&d.Name, "aggregate", d.Name.Name)
	b := c.body(m, "aggregate", m.Name+"/"+d.Name.Name)
	p.Params = c.params(m, d.Params, d.Name.Name)
	b.declareParams(p.Params, d.Params)
	b.once(d.Clauses, "aggregate", "public", "guard", "access", "gate", "rate")
	p.Access = b.access(d, d.Clauses)
	b.system, b.pure = true, true
	fields := map[string]*ir.Var{}
	for _, f := range d.Fields {
		c.spelled(m, &f.Name, "field", resolve.Camel)
		if old := fields[f.Name.Name]; old != nil {
			b.errorf(f.Name.Span, diag.CodeDuplicateField, "the field `%s` appears twice", f.Name.Name).also(old.Pos, "first here")
			continue
		}
		if f.Type == nil { // computed: from the fields above
			b.push()
			b.bindFields(fields)
			x := b.infer(f.Init, nil)
			p.Shown = append(p.Shown, x)
			b.pop()
			fields[f.Name.Name] = &ir.Var{Pos: m.pos(&f.Name), Name: f.Name.Name, Type: types.Widen(x.Type())}
			rec.Fields = append(rec.Fields, &ir.Field{Pos: m.pos(&f.Name), Name: f.Name.Name, Doc: f.Doc, Type: types.Widen(x.Type()), Column: -1})
			c.declareField(rec.Fields[len(rec.Fields)-1])
			continue
		}
		t := c.typ(m, f.Type, naming{d.Name.Name + resolve.Pascal.Of(f.Name.Name)})
		if f.Init != nil { // otherwise the parser has reported it
			p.Shown = append(p.Shown, b.expr(f.Init, t))
		}
		fields[f.Name.Name] = &ir.Var{Pos: m.pos(&f.Name), Name: f.Name.Name, Type: t}
		rec.Fields = append(rec.Fields, &ir.Field{Pos: m.pos(&f.Name), Name: f.Name.Name, Doc: f.Doc, Type: t, Column: -1})
		c.declareField(rec.Fields[len(rec.Fields)-1])
		events := map[string]bool{}
		for _, r := range f.Reducers {
			if events[r.Event.Name] && r.Event.Name != "" {
				b.errorf(r.Event.Span, diag.CodeDuplicateField, "`%s` appears twice", r.Event.Name).help("write one reducer for each event of a field")
			}
			events[r.Event.Name] = true
			b.push()
			b.bindFields(fields)
			b.event(&ast.EventRef{At: r.At, Source: d.On, Name: r.Event, Binds: r.Binds})
			p.Shown = append(p.Shown, b.expr(r.Value, t))
			b.pop()
		}
	}
}

func (b *body) bindFields(fields map[string]*ir.Var) {
	for _, v := range fields {
		b.scope.names[v.Name] = &local{v: v, used: true}
	}
}
