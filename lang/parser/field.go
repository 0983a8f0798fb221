package parser

import (
	"slices"

	"github.com/livec-lang/livec/internal/spelling"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/token"
)

// params reads `(name: type, name: type = default)`.
func (p *parser) params() []*ast.Param {
	p.next()
	reported := len(p.found)
	defer func() { p.quiet = false }()
	var out []*ast.Param
	for !p.is(token.RParen) && !p.failed {
		out = append(out, p.param())
		p.quiet = len(p.found) > reported
		if !p.accept(token.Comma) {
			break
		}
	}
	if !p.failed && !p.is(token.RParen) && p.is(token.Ident) {
		p.missing(",", "this parameter")
		out = append(out, p.param())
	}
	if !p.expect(token.RParen, "`)` or another parameter") {
		p.skipParens()
	}
	return out
}

// skipParens skips to the token after the closing parenthesis, if there is one before the body.
func (p *parser) skipParens() {
	depth := 0
	for i := p.pos; i < p.end; i++ {
		switch p.list.Tokens[i].Kind {
		case token.LParen:
			depth++
		case token.RParen:
			if depth == 0 {
				p.pos = i + 1
				return
			}
			depth--
		case token.LBrace, token.RBrace:
			return
		}
	}
}

func (p *parser) param() *ast.Param {
	first := p.pos
	start := p.peek().Span.Start
	name := p.memberName("the name of a parameter")
	out := &ast.Param{Doc: p.docOf(first), Name: name}
	out.Type = p.annotation(name.Name, "the parameter")
	if p.accept(token.Assign) {
		out.Default = plain(p, p.operand)
	}
	if !p.failed && p.isWord(p.peek(), "secret") {
		modifier := p.ident(p.next())
		out.Secret = &modifier
	}
	out.At = p.from(start)
	return out
}

// memberName reads the name of a field or parameter. Any word may be a name before `:`.
func (p *parser) memberName(want string) ast.Ident {
	if p.peekAt(1).Kind == token.Colon {
		return p.word(want)
	}
	return p.name(want)
}

// annotation reads `: type` after a name.
func (p *parser) annotation(name, kind string) ast.Type {
	if p.failed {
		return &ast.BadType{At: p.here()}
	}
	if !p.accept(token.Colon) {
		t := p.peek()
		if kind == "the parameter" && slices.Contains(clauseWords, name) && (t.Kind == token.Ident || t.Kind == token.LBrace) {
			p.fail(diag.CodeExpected, p.list.Tokens[max(p.start, p.pos-1)].Span, "expected `)`, found the clause `"+name+"`",
				"close the parameters with `)` before the clauses")
			return &ast.BadType{At: p.here()}
		}
		switch t.Kind {
		case token.Ident, token.LBracket, token.StringStart:
			if t.Is(token.First) {
				p.noType(name, kind)
				return &ast.BadType{At: p.here()}
			}
			p.missing(":", "`"+name+"`")
		default:
			p.noType(name, kind)
			return &ast.BadType{At: p.here()}
		}
	}
	return p.typ()
}

func (p *parser) noType(name, kind string) {
	if t := p.peek(); t.Kind == token.Bad {
		p.badToken(t)
		return
	}
	write := "write it as `" + name + ": string`"
	if p.peek().Kind == token.Question {
		write = "write the `?` after the type: `" + name + ": string?`"
	}
	p.fail(diag.CodeMissing, p.list.Tokens[max(p.start, p.pos-1)].Span, kind+" `"+name+"` has no type", write)
}

// bracedFields reads `{ name: type  name: type }`. The fields are separated by commas or white space.
func (p *parser) bracedFields() []*ast.Field {
	var out []*ast.Field
	p.members("a field, such as `name: string`", func() {
		if f := p.field(); f != nil {
			out = append(out, f)
		}
		p.accept(token.Comma)
	})
	return out
}

// field reads `name: type = default modifier …`; nil if there is no name.
func (p *parser) field() *ast.Field {
	first := p.pos
	start := p.peek().Span.Start
	name := p.memberName("a field, such as `name: string`")
	if name.Name == "" {
		return nil
	}
	out := &ast.Field{Doc: p.docOf(first), Name: name}
	out.Type = p.annotation(name.Name, "the field")
	if !p.failed && p.accept(token.Assign) {
		out.Default = plain(p, p.operand)
	}
	for !p.failed && p.modifier(out) {
	}
	out.At = p.from(start)
	return out
}

// modifier reads a modifier. Any other word on the line of the field is a mistake.
func (p *parser) modifier(f *ast.Field) bool {
	t := p.peek()
	if t.Kind != token.Ident {
		return false
	}
	if next := p.peekAt(1).Kind; next == token.Colon || next == token.LParen {
		return false
	}
	word := p.text(t.Span)
	if slices.Contains(ast.ModifierWords, word) {
		f.Modifiers = append(f.Modifiers, p.ident(p.next()))
		return true
	}
	if t.Is(token.First) || p.isWord(p.peekAt(1), "if") {
		return false
	}
	help := "the modifiers of a field are key, unique, server and secret"
	if near, ok := spelling.Suggest(word, ast.ModifierWords); ok {
		help = "did you mean `" + near + "`?"
	} else if next := p.peekAt(1); next.Kind == token.Ident && !next.Is(token.First) {
		return false // another field without its colon
	}
	p.fail(diag.CodeExpected, t.Span, "expected another field or a modifier, found "+p.describe(t), help)
	return false
}
