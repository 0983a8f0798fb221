package format

import "github.com/livec-lang/livec/lang/ast"

func (p *printer) aggregate(d *ast.Aggregate) doc {
	head := concat(p.shape(header{word: "aggregate", name: d.Name.Name, params: d.Params}), text(" on ", d.On.Name),
		p.argsAfter(d.OnArgs, d.On))
	head = p.clauses(head, d.Clauses, true)
	return concat(head, p.braces(elementsOf(d.Fields, p.aggregateField), d.Span.End-1, true, "  "))
}

func (p *printer) aggregateField(f *ast.AggregateField) doc {
	d := text(f.Name.Name)
	if f.Type != nil {
		d = concat(d, text(": "), p.typ(f.Type))
	}
	d = concat(d, text(" = "), p.expr(f.Init))
	if len(f.Reducers) == 0 {
		return d
	}
	reducers := p.braces(elementsOf(f.Reducers, p.reducer), f.Span.End-1, p.brokeAfter(p.braceAfter(f.Init)+1), "  ")
	return concat(d, text(" "), reducers)
}

func (p *printer) reducer(r *ast.Reducer) doc {
	binds := ""
	if r.Binds != nil {
		binds = "(" + names(r.Binds) + ")"
	}
	return concat(text(r.Event.Name, binds, " => "), p.expr(r.Value))
}
