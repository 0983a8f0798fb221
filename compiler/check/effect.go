package check

import (
	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/index"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
)

// effect checks code that runs after a commit.
func (c *checker) effect(m *module, d *ast.Effect) {
	p := m.pending(&d.Name, "effect", d.Name.Name)
	b := c.systemBody(m, d)
	b.once(d.Clauses, "effect", "timeout")
	if d.On != nil {
		p.On = b.event(d.On)
	}
	p.Body = b.block(d.Body)
	c.unusedLocals(b)
}

// event declares the rows of an event: created(row), updated(new, old), deleted(old), or the data of an event of a published
// stream or a channel. It returns the event; nil if its source is unknown.
func (b *body) event(x *ast.EventRef) *ir.Event {
	t := b.eventTable(x)
	if t == nil {
		return b.streamEvent(x)
	}
	n := map[string]int{"created": 1, "updated": 2, "deleted": 1}[x.Name.Name]
	switch {
	case n == 0:
		events := []string{"created", "updated", "deleted"}
		b.errorf(x.Name.Span, diag.CodeEvent, "rows of a table have no event `%s`", x.Name.Name).
			suggest(b.m, x.Name.Span, x.Name.Name, events).help("the events are `created(row)`, `updated(new, old)` and `deleted(old)`")
	case len(x.Binds) > n:
		b.errorf(x.Binds[n].Span, diag.CodeArguments, "`%s` binds %s", x.Name.Name, diag.Count(n, "row"))
	}
	b.m.useOwn(x.Name.Span, index.Event, x.Name.Name, nil)
	b.bindAll(x, t.Row)
	return &ir.Event{Pos: b.pos(&x.Name), Table: t, Name: x.Name.Name}
}

func (b *body) streamEvent(x *ast.EventRef) (of *ir.Event) {
	item := types.Bad
	if s := b.m.refer(x.Source.Name, x.Source.Span); s != nil {
		switch d := s.Decl.(type) {
		case *ast.Stream:
			b.c.stream(b.c.home(s), d)
			st := b.c.streams[d]
			if st.Merge == nil {
				b.errorf(x.Source.Span, diag.CodeEvent, "`%s` is not a published stream, so it has no events of its own", x.Source.Name).
					help("react to the events of the table that it reads")
				break
			}
			of = &ir.Event{Pos: b.pos(&x.Name), Stream: st, Name: x.Name.Name}
			b.eventArgs(x, st.Params)
			item = b.await(x, st.Merge, st.Value, false)
		case *ast.Channel:
			ch := b.c.channels[d]
			of = &ir.Event{Pos: b.pos(&x.Name), Channel: ch, Name: x.Name.Name}
			b.eventArgs(x, ch.Params)
			item = b.await(x, ch.Merge, ch.Value, clause[*ast.WritableClause](d.Clauses) != nil)
		case nil, *ast.BadDecl, *ast.Table:
		default:
			b.errorf(x.Source.Span, diag.CodeWrongKind, "`%s` is %s, which has no events", x.Source.Name, diag.Article(d.Keyword())).
				help("only tables, published streams and channels have events")
		}
	}
	b.bindAll(x, item)
	return of
}

func (b *body) eventArgs(x *ast.EventRef, params []*ir.Var) {
	if x.Args != nil && len(x.Args) != len(params) {
		b.errorf(x.Span, diag.CodeArguments, "`%s` takes %s, but got %s", x.Source.Name, diag.Count(len(params), "argument"),
			diag.Count(len(x.Args), "argument"))
	}
	for i := range x.Args {
		t := types.Bad
		if i < len(params) {
			t = params[i].Type
		}
		b.declareVar(&x.Args[i], t, false)
	}
}
