package parser

import "github.com/livec-lang/livec/lang/ast"

// cronSyntax is `cron name "schedule" clauses { … }`, `cron name every duration …` or `cron name at Table.field(row) …`.
type cronSyntax struct {
	Name     *nameSyntax          `parser:"'cron' @@?"`
	Schedule node[*ast.StringLit] `parser:"( @@"`
	Every    node[everySyntax]    `parser:"| @@"`
	When     node[*ast.EventRef]  `parser:"| 'at' @@? )?"`
	Clauses  []ast.Clause         `parser:"@@*"`
	Body     node[*ast.Block]     `parser:"@@?"`
}

// everySyntax is the duration after `every`.
type everySyntax struct{ x ast.Expr }

// every reads `every 1s`.
func (p *parser) every() (node[everySyntax], bool) {
	if !p.acceptWord("every") {
		return nil, false
	}
	return holder[everySyntax]{everySyntax{beforeBody(p, p.unary)}}, true
}

func (p *parser) cron() ast.Decl {
	start := p.pos
	s := read[cronSyntax](p)
	d := &ast.Cron{Head: p.named(start, s.Name), Schedule: of(s.Schedule), Every: of(s.Every).x, At: of(s.When), Clauses: s.Clauses,
		Body: of(s.Body)}
	switch {
	case s.Schedule == nil && s.Every == nil && s.When == nil:
		p.lacks(start, "schedule", "a schedule such as `\"*/5 * * * *\"`, `every 10s` or `at Table.field(row)`")
	case s.Body == nil:
		p.lacks(start, "body", "a body in braces")
	}
	return d
}
