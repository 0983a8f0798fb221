package parser

import (
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/token"
)

// clause reads a clause; false if the next token does not start one.
func (p *parser) clause() (ast.Clause, bool) {
	t := p.peek()
	if t.Kind != token.Ident || p.failed {
		return nil, false
	}
	read := clauses[p.text(t.Span)]
	if read == nil {
		return nil, false
	}
	p.next()
	return beforeBody(p, func() ast.Clause { return read(p, t.Span.Start) }), true
}

// clauseKind is a kind of clause: its first word, and the function that reads the rest. start is the position of the clause.
type clauseKind struct {
	word string
	read func(p *parser, start int32) ast.Clause
}

// clauseKinds are all clauses. clauseWords are their first words, and clauses are the functions that read them.
var (
	clauseKinds []clauseKind
	clauseWords []string
	clauses     = map[string]func(p *parser, start int32) ast.Clause{}
)

func init() {
	clauseKinds = []clauseKind{
		{"public", func(p *parser, start int32) ast.Clause { return &ast.PublicClause{At: p.from(start)} }},
		{"guard", func(p *parser, start int32) ast.Clause {
			uses := p.guardUses()
			return &ast.GuardClause{At: p.from(start), Uses: uses}
		}},
		valueClause("access", (*parser).expr),
		valueClause("gate", (*parser).expr),
		valueClause("verify", (*parser).expr),
		{"rate", (*parser).rate},
		{"merge", (*parser).merge},
		{"key", (*parser).keyClause},
		{"prepend", func(p *parser, start int32) ast.Clause { return &ast.PrependClause{At: p.from(start)} }},
		valueClause("replay", (*parser).unary),
		{"delta", (*parser).delta},
		{"on", (*parser).on},
		valueClause("expire", (*parser).unary),
		valueClause("timeout", (*parser).unary),
		valueClause("debounce", (*parser).unary),
		valueClause("throttle", (*parser).unary),
		valueClause("page", (*parser).unary),
		{"writable", (*parser).writable},
		{"tz", (*parser).tz},
	}
	for _, k := range clauseKinds {
		clauseWords = append(clauseWords, k.word)
		clauses[k.word] = k.read
	}
}

// valueClause returns a clause that consists of a word and one expression.
func valueClause(word string, value func(*parser) ast.Expr) clauseKind {
	return clauseKind{word, func(p *parser, start int32) ast.Clause {
		x := value(p)
		return &ast.ValueClause{At: p.from(start), Keyword: word, X: x}
	}}
}

// clausesHere reads all clauses at this place.
func (p *parser) clausesHere() []ast.Clause {
	var out []ast.Clause
	for {
		c, ok := p.clause()
		if !ok {
			return out
		}
		out = append(out, c)
	}
}

// guardUses reads `a, b(x)`.
func (p *parser) guardUses() []*ast.GuardUse {
	var out []*ast.GuardUse
	for {
		start := p.peek().Span.Start
		use := &ast.GuardUse{Name: p.name("the name of a guard")}
		if b := p.peek(); !p.failed && b.Kind == token.LParen && !b.Is(token.First) {
			use.Args = p.args()
		}
		use.At = p.from(start)
		out = append(out, use)
		if p.failed || !p.accept(token.Comma) {
			return out
		}
	}
}

// rate reads `N per D by user`, `… by ip` or `… by (expr)`.
func (p *parser) rate(start int32) ast.Clause {
	out := &ast.RateClause{Limit: p.unary()}
	const shape = "write a rate as `rate 5 per 10s by user`"
	if !p.failed && !p.acceptWord("per") {
		p.unexpected("`per` and a duration", shape)
	}
	if !p.failed {
		out.Per = p.unary()
	}
	if !p.failed && !p.acceptWord("by") {
		p.unexpected("`by` and what to count by", shape)
	}
	switch {
	case p.failed:
	case p.is(token.LParen):
		p.next()
		out.Key = plain(p, p.expr)
		p.expect(token.RParen, "`)`")
	default:
		out.By = p.name("`user`, `ip` or an expression in parentheses")
	}
	out.At = p.from(start)
	return out
}

// merge reads `crud`, `latest 100`, `set`, `presence` or `cursor`.
func (p *parser) merge(start int32) ast.Clause {
	out := &ast.MergeClause{Kind: p.name("`crud`, `latest`, `set`, `presence` or `cursor`")}
	if k := p.peek().Kind; !p.failed && (k == token.Int || k == token.LParen) {
		out.Max = p.unary()
	}
	out.At = p.from(start)
	return out
}

func (p *parser) keyClause(start int32) ast.Clause {
	names := p.columnNames()
	return &ast.KeyClause{At: p.from(start), Names: names}
}

// columnNames reads `a` or `(a, b)`.
func (p *parser) columnNames() []ast.Ident {
	if !p.accept(token.LParen) {
		return []ast.Ident{p.name("the name of a field")}
	}
	var out []ast.Ident
	for !p.failed && !p.is(token.RParen) {
		out = append(out, p.word("the name of a field"))
		if !p.accept(token.Comma) {
			break
		}
	}
	p.expect(token.RParen, "`,` or `)` after the name")
	return out
}

// on reads `subscribe { … }`, `unsubscribe { … }`, or the sources of a derived stream.
func (p *parser) on(start int32) ast.Clause {
	t := p.peek()
	if (p.isWord(t, "subscribe") || p.isWord(t, "unsubscribe")) && p.peekAt(1).Kind == token.LBrace {
		out := &ast.OnClause{Event: p.ident(p.next())}
		out.Body = p.block()
		out.At = p.from(start)
		return out
	}
	out := &ast.SourcesClause{}
	for {
		out.Names = append(out.Names, p.name("a table or stream, `subscribe` or `unsubscribe`"))
		if p.failed || !p.accept(token.Comma) {
			break
		}
	}
	out.At = p.from(start)
	return out
}

// writable reads nothing, or `guard w`.
func (p *parser) writable(start int32) ast.Clause {
	out := &ast.WritableClause{}
	if p.acceptWord("guard") {
		out.Guards = p.guardUses()
	}
	out.At = p.from(start)
	return out
}

func (p *parser) tz(start int32) ast.Clause {
	out := &ast.TZClause{}
	if p.is(token.StringStart) {
		out.Zone = p.stringLit()
	} else {
		p.unexpected("a time zone, such as \"Europe/Vienna\"")
		out.Zone = &ast.StringLit{At: p.here()}
	}
	out.At = p.from(start)
	return out
}

// delta reads `{ version { … } diff(since) { … } }`.
func (p *parser) delta(start int32) ast.Clause {
	out := &ast.DeltaClause{}
	if !p.is(token.LBrace) {
		p.unexpected("`{` with `version` and `diff`")
		out.At = p.from(start)
		return out
	}
	p.members("`version { … }` or `diff(since) { … }`", func() {
		switch {
		case p.acceptWord("version"):
			out.Version = p.body("`version`")
		case p.acceptWord("diff"):
			out.Since = p.since()
			out.Diff = p.body("`diff`")
		}
	})
	out.At = p.from(start)
	return out
}

// since reads `(since)` or `(since: time)`.
func (p *parser) since() *ast.Param {
	if !p.expect(token.LParen, "`(` and a name for the client's version") {
		return nil
	}
	start := p.peek().Span.Start
	out := &ast.Param{Name: p.memberName("a name for the client's version")}
	if !p.failed && p.accept(token.Colon) {
		out.Type = p.typ()
	}
	out.At = p.from(start)
	p.expect(token.RParen, "`)`")
	return out
}
