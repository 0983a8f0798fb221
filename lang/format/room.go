package format

import "github.com/livec-lang/livec/lang/ast"

func (p *printer) room(d *ast.Room) doc {
	head := p.clauses(p.shape(header{word: "room", name: d.Name.Name, params: d.Params}), d.Clauses, true)
	elems := make([]element, len(d.Members))
	for i, m := range d.Members {
		elems[i].at = m.Where()
	}
	pads := p.columns(elems, func(i int) string {
		if part, ok := d.Members[i].(*ast.RoomPart); ok && part.Type == nil {
			return part.Name.Name
		}
		return ""
	})
	for i, m := range d.Members {
		elems[i].build = func() doc {
			if action, ok := m.(*ast.RPC); ok {
				return p.rpc(action)
			}
			return p.roomPart(m.(*ast.RoomPart), pads[i])
		}
	}
	return concat(head, p.braces(elems, d.Span.End-1, true, "  "))
}

func (p *printer) roomPart(part *ast.RoomPart, spaces int) doc {
	d := concat(text(part.Name.Name), pad(spaces))
	if part.Type != nil {
		d = concat(text(part.Name.Name, ": "), p.typ(part.Type))
	}
	if part.Value != nil {
		d = concat(d, p.assigned(part.Value))
	}
	return p.clauses(d, part.Clauses, false)
}
