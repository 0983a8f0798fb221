package parser

import (
	"slices"

	"github.com/livec-lang/livec/internal/spelling"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/token"
)

// roomSyntax is `room name(params) clauses { parts and actions }`.
type roomSyntax struct {
	Name    *nameSyntax        `parser:"'room' @@?"`
	Params  node[[]*ast.Param] `parser:"@@?"`
	Clauses []ast.Clause       `parser:"@@*"`
	Body    node[*ast.Room]    `parser:"@@?"`
}

func (p *parser) room() ast.Decl {
	start := p.pos
	s := read[roomSyntax](p)
	d := of(s.Body)
	if d == nil {
		d = &ast.Room{}
	}
	d.Head, d.Params, d.Clauses = p.named(start, s.Name), of(s.Params), s.Clauses
	if s.Body == nil {
		p.lacks(start, "body", "its parts in braces")
	}
	return d
}

// roomBody reads parts and actions.
func (p *parser) roomBody() *ast.Room {
	d := &ast.Room{}
	p.members("`data`, `presence`, `cursors` or an `rpc`", func() {
		if p.isWord(p.peek(), "rpc") && p.peekAt(1).Kind == token.Ident {
			action := p.action()
			d.Actions = append(d.Actions, action)
			d.Members = append(d.Members, action)
			return
		}
		if part := p.roomPart(); part != nil {
			d.Parts = append(d.Parts, part)
			d.Members = append(d.Members, part)
		}
	})
	return d
}

// roomPart reads `data = pipeline`, `presence: type = record` or `cursors: type`, with clauses after it.
func (p *parser) roomPart() *ast.RoomPart {
	first := p.pos
	start := p.peek().Span.Start
	if p.peek().Kind != token.Ident {
		return nil
	}
	out := &ast.RoomPart{Doc: p.docOf(first), Name: p.memberName("`data`, `presence`, `cursors` or an `rpc`")}
	switch {
	case p.failed:
	case p.is(token.Colon):
		p.next()
		out.Type = p.typ()
		if p.accept(token.Assign) {
			out.Value = p.expr()
		}
	case p.accept(token.Assign):
		out.Value = p.expr()
	default:
		p.noPart(out.Name)
	}
	if !p.failed {
		out.Clauses = p.clausesHere()
	}
	out.At = p.from(start)
	return out
}

func (p *parser) noPart(name ast.Ident) {
	help := "write a part as `data = pipeline`, `presence = record` or `cursors: type`"
	if near, ok := spelling.Suggest(name.Name, slices.Concat(ast.RoomParts, []string{"rpc"})); ok {
		help = "did you mean `" + near + "`?"
	}
	if t := p.peek(); t.Kind == token.EOF || t.Kind == token.Bad {
		p.unexpected("`=` or `:`", help)
		return
	}
	p.fail(diag.CodeExpected, name.Span, "expected a part of the room, found `"+name.Name+"`", help)
}
