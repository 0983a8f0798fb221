package format

import "github.com/livec-lang/livec/lang/ast"

func (p *printer) pipe(d *ast.Pipe) doc {
	head := concat(p.shape(header{word: "pipe", name: d.Name.Name, params: d.Params}), text(" on ", d.On.Name, " ="))
	first := d.Stages[0]
	broken := p.brokeBefore(first.Where().Start)
	d0 := p.item(first.Where(), true, len(d.Stages) == 1, func() doc { return p.stage(first) })
	return concat(head, groupIf(broken, nest(line, group(d0, p.pipedStages(d.Stages[1:])))))
}
