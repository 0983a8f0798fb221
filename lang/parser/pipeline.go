package parser

import (
	"slices"

	"github.com/livec-lang/livec/internal/spelling"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/token"
)

// isAlias reports whether the next `as` names the row of a pipeline, as in `Post as p | …`, and is not a conversion.
func (p *parser) isAlias() bool {
	name := p.peekAt(1)
	if name.Kind != token.Ident || name.Is(token.Reserved) || p.peekAt(2).Kind != token.Pipe {
		return false
	}
	return !namesType(p.text(name.Span))
}

// namesType reports whether a word is the name of a type: a built-in type, or a name in PascalCase.
func namesType(word string) bool {
	switch word {
	case "string", "int", "float", "bool", "time", "duration", "bytes", "id", "json":
		return true
	}
	return word[0] < 'a' || word[0] > 'z'
}

// pipeline reads the stages after a source. Without stages it returns the source.
func (p *parser) pipeline(start int32, source ast.Expr) ast.Expr {
	if p.failed {
		return source
	}
	var alias *ast.Ident
	if p.isWord(p.peek(), "as") && p.isAlias() {
		p.next()
		name := p.ident(p.next())
		alias = &name
	}
	if !p.is(token.Pipe) {
		return source
	}
	p.next()
	stages := p.stages()
	return &ast.Pipeline{At: p.from(start), Source: source, Alias: alias, Stages: stages}
}

// stages reads stages separated by `|`.
func (p *parser) stages() []ast.Stage {
	out := []ast.Stage{p.stage()}
	for n := 1; !p.failed && p.is(token.Pipe); n++ {
		if n == maxChain {
			p.tooDeep(p.peek())
			break
		}
		p.next()
		out = append(out, p.stage())
	}
	if t := p.peek(); !p.failed && t.Kind == token.Dot && !t.Is(token.Spaced) {
		p.fail(diag.CodeExpected, t.Span, "a stage has no members", "put a pipeline in parentheses to use its result: `(Post | first()).title`")
	}
	return out
}

func (p *parser) stage() ast.Stage {
	t := p.peek()
	if t.Kind != token.Ident || t.Is(token.Reserved) {
		p.unexpected("a stage, such as `filter`, `sort` or `limit`")
		return &ast.BadStage{At: p.here()}
	}
	name := p.ident(p.next())
	switch p.meantStage(name) {
	case "filter":
		cond := p.operand()
		return &ast.FilterStage{At: p.from(t.Span.Start), Cond: cond}
	case "sort":
		return p.sortStage(t.Span.Start)
	case "limit":
		n := p.operand()
		return &ast.LimitStage{At: p.from(t.Span.Start), N: n}
	case "page":
		n := p.operand()
		return &ast.PageStage{At: p.from(t.Span.Start), N: n}
	case "join":
		return p.joinStage(t.Span.Start)
	case "map":
		x := p.operand()
		return &ast.MapStage{At: p.from(t.Span.Start), X: x}
	case "group":
		return p.groupStage(t.Span.Start)
	}
	out := &ast.CallStage{Name: name}
	if b := p.peek(); b.Kind == token.LParen && !b.Is(token.First) {
		out.Parens = true
		out.Args = p.args()
	}
	out.At = p.from(t.Span.Start)
	return out
}

// meantStage returns the stage that a misspelt word most likely means. If a value follows, which is only possible after
// a stage, the word is parsed as that stage, so that the following text can be parsed.
func (p *parser) meantStage(name ast.Ident) string {
	t := p.peek()
	if slices.Contains(ast.StageWords, name.Name) || t.Is(token.First) || t.Kind != token.Dot && t.Kind != token.Int && t.Kind != token.Not {
		return name.Name
	}
	near, ok := spelling.Suggest(name.Name, ast.StageWords)
	if !ok || t.Kind == token.Dot && !t.Is(token.Spaced) {
		return name.Name
	}
	p.misspelt(name, "unknown stage `"+name.Name+"`", near)
	return near
}

// misspelt reports a word that is parsed as another one.
func (p *parser) misspelt(name ast.Ident, message, near string) {
	p.soft(diag.Diagnostic{
		Code: diag.CodeExpected, Severity: diag.Error, Message: message, Primary: diag.Label{File: p.file, Span: name.Span},
		Help: []string{"did you mean `" + near + "`?"},
		Fix:  &diag.Fix{Title: "write `" + near + "`", Edits: []diag.Edit{{File: p.file, Span: name.Span, Text: near}}},
	})
}

// sortStage reads `sort .a desc` or `sort (.a desc, .b)`.
func (p *parser) sortStage(start int32) ast.Stage {
	out := &ast.SortStage{}
	if !p.is(token.LParen) {
		out.Keys = []*ast.SortKey{p.sortKey()}
		out.At = p.from(start)
		return out
	}
	paren := p.next().Span.Start
	out.Keys = plain(p, func() []*ast.SortKey {
		keys := []*ast.SortKey{p.sortKey()}
		for !p.failed && p.accept(token.Comma) && !p.is(token.RParen) {
			keys = append(keys, p.sortKey())
		}
		return keys
	})
	p.expect(token.RParen, "`,` or `)` after the field")
	if key := out.Keys[0]; len(out.Keys) == 1 && key.Word == "" && !p.failed {
		// The parentheses belong to an expression: `sort (.a + .b) desc`.
		if word := p.peek(); p.isWord(word, "desc") || p.isWord(word, "asc") {
			key.X = &ast.Paren{At: p.from(paren), X: key.X}
			p.direction(key)
			key.At = p.from(paren)
		}
	}
	out.At = p.from(start)
	return out
}

func (p *parser) sortKey() *ast.SortKey {
	start := p.peek().Span.Start
	key := &ast.SortKey{X: p.operand()}
	p.direction(key)
	key.At = p.from(start)
	return key
}

func (p *parser) direction(key *ast.SortKey) {
	if t := p.peek(); p.isWord(t, "desc") || p.isWord(t, "asc") {
		key.Word = p.text(p.next().Span)
		key.Desc = key.Word == "desc"
	} else if near := otherDirections[p.text(t.Span)]; near != "" && t.Kind == token.Ident && !t.Is(token.First) {
		p.misspelt(p.ident(p.next()), "unknown sort direction `"+p.text(t.Span)+"`", near)
		key.Word, key.Desc = near, near == "desc"
	}
}

// otherDirections are words for directions in SQL and other languages.
var otherDirections = map[string]string{
	"descending": "desc", "DESC": "desc", "down": "desc", "dsc": "desc", "decs": "desc", "ascending": "asc", "ASC": "asc", "up": "asc",
}

// joinStage reads `join User? on .author as author { .name }`.
func (p *parser) joinStage(start int32) ast.Stage {
	out := &ast.JoinStage{Table: p.name("the table to join")}
	out.Optional = p.accept(token.Question)
	switch {
	case p.failed:
	case !p.acceptWord("on"):
		p.unexpected("`on` and the field that refers to the table")
	case p.is(token.LParen):
		out.On = p.elements(token.RParen, "`,` or `)` after the field", p.operand)
	default:
		out.On = []ast.Expr{p.unary()}
	}
	if !p.failed && p.acceptWord("as") {
		out.As = p.name("a name for the joined row")
	}
	if !p.failed && !p.noBrace && p.is(token.LBrace) {
		out.Fields = p.recordLit(nil)
	}
	out.At = p.from(start)
	return out
}

// groupStage reads `group .room { … }` or `group (.a, .b) { … }`.
func (p *parser) groupStage(start int32) ast.Stage {
	out := &ast.GroupStage{}
	if p.is(token.LParen) {
		out.Keys = p.elements(token.RParen, "`,` or `)` after the field", p.operand)
	} else {
		out.Keys = []ast.Expr{beforeBody(p, p.operand)}
	}
	switch {
	case p.failed:
	case p.is(token.LBrace) && p.noBrace:
		p.fail(diag.CodeBrace, p.peek().Span, "the record of a `group` cannot come right before the brace of a body",
			"put the pipeline in parentheses")
	case p.is(token.LBrace):
		out.Record = p.recordLit(nil)
	default:
		p.unexpected("`{` and the fields of each group")
	}
	out.At = p.from(start)
	return out
}
