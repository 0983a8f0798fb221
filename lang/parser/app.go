package parser

import (
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/token"
)

// appSyntax is `app Name { settings }`.
type appSyntax struct {
	Name *nameSyntax          `parser:"'app' @@?"`
	Body node[[]*ast.Setting] `parser:"@@?"`
}

func (p *parser) app() ast.Decl {
	start := p.pos
	s := read[appSyntax](p)
	d := &ast.App{Head: p.named(start, s.Name), Settings: of(s.Body)}
	if s.Body == nil {
		p.lacks(start, "body", "its settings in braces")
	}
	return d
}

// appBody reads settings: a name and a value each.
func (p *parser) appBody() []*ast.Setting {
	var out []*ast.Setting
	p.members("a setting, such as `maxPayload 64kb`", func() {
		first := p.pos
		start := p.peek().Span.Start
		name := p.name("a setting, such as `maxPayload 64kb`")
		if p.failed {
			return
		}
		p.accept(token.Colon)
		value := p.operand()
		out = append(out, &ast.Setting{At: p.from(start), Doc: p.docOf(first), Name: name, Value: value})
		p.accept(token.Comma)
	})
	return out
}
