package format

import "github.com/livec-lang/livec/lang/ast"

func (p *printer) cron(d *ast.Cron) doc {
	head := text("cron ", d.Name.Name, " ")
	switch {
	case d.Schedule != nil:
		head = concat(head, p.expr(d.Schedule))
	case d.Every != nil:
		head = concat(head, text("every "), p.expr(d.Every))
	default:
		head = concat(head, text("at ", eventRef(d.At)))
	}
	return concat(p.clauses(head, d.Clauses, true), p.block(d.Body))
}

func eventRef(e *ast.EventRef) string {
	args, binds := "", ""
	if e.Args != nil {
		args = "(" + names(e.Args) + ")"
	}
	if e.Binds != nil {
		binds = "(" + names(e.Binds) + ")"
	}
	return e.Source.Name + args + "." + e.Name.Name + binds
}
