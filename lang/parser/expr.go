package parser

import (
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
	"github.com/livec-lang/livec/lang/token"
)

// expr reads an expression, including pipelines: in parentheses, after `=`, or as an argument.
func (p *parser) expr() ast.Expr {
	start := p.peek().Span.Start
	return p.pipeline(start, p.operand())
}

// operand reads an expression that is not a pipeline, except in parentheses.
func (p *parser) operand() ast.Expr { return p.binary(1) }

// The precedences of the binary operators. Higher ones bind tighter.
const (
	comparing = 5 // of < in is as
	adding    = 6
)

func (p *parser) precedence(t token.Token) int {
	switch t.Kind {
	case token.Coalesce:
		return 1
	case token.Or:
		return 2
	case token.And:
		return 3
	case token.Equal, token.NotEqual:
		return 4
	case token.Less, token.LessEq, token.Greater, token.GreaterEq:
		return comparing
	case token.Plus:
		return adding
	case token.Minus:
		if !t.Is(token.First) {
			return adding
		}
	case token.Star, token.Slash, token.Percent:
		return 7
	case token.Ident:
		if t.Is(token.Reserved) {
			switch p.text(t.Span) {
			case "in", "is":
				return comparing
			case "as":
				if !p.isAlias() {
					return comparing
				}
			}
		}
	}
	return 0
}

// binary reads operators with at least a certain precedence, by precedence climbing (Pratt, "Top down operator precedence", 1973).
func (p *parser) binary(least int) ast.Expr {
	start := p.peek().Span.Start
	left := p.unary()
	for n := 0; !p.failed; n++ {
		t := p.peek()
		prec := p.precedence(t)
		if prec < least || prec == 0 {
			p.noOperator(t)
			break
		}
		if n == maxChain {
			p.tooDeep(t)
			break
		}
		p.next()
		op := p.text(t.Span)
		switch op {
		case "is":
			typ := p.simpleType()
			left = &ast.Is{At: p.from(start), X: left, Type: typ}
		case "as":
			typ := p.simpleType()
			left = &ast.As{At: p.from(start), X: left, Type: typ}
		default:
			right := p.binary(prec + 1)
			left = &ast.Binary{At: p.from(start), Op: op, OpSpan: ast.At{Span: t.Span}, L: left, R: right}
		}
	}
	return left
}

// noOperator reports operators of other languages, if the text has no other meaning.
func (p *parser) noOperator(t token.Token) {
	if t.Kind == token.Question && !t.Is(token.First) {
		p.choice(t)
		return
	}
	if t.Kind == token.Assign && p.afterRowField() {
		p.failAs(diag.Diagnostic{
			Code: diag.CodeExpected, Severity: diag.Error, Message: "`=` cannot be used between values",
			Primary: diag.Label{File: p.file, Span: t.Span},
			Help:    []string{"write `==` to compare"},
			Fix:     &diag.Fix{Title: "write `==`", Edits: []diag.Edit{{File: p.file, Span: t.Span, Text: "=="}}},
		})
		return
	}
	if t.Is(token.First) || t.Kind != token.Ident {
		return
	}
	other := ""
	switch p.text(t.Span) {
	case "and":
		other = "&&"
	case "or":
		other = "||"
	default:
		return
	}
	switch p.peekAt(1).Kind {
	case token.Ident, token.LParen, token.Not, token.Dot, token.StringStart, token.Int:
	default:
		return
	}
	p.failAs(diag.Diagnostic{
		Code: diag.CodeExpected, Severity: diag.Error, Message: "unknown operator `" + p.text(t.Span) + "`",
		Primary: diag.Label{File: p.file, Span: t.Span},
		Help:    []string{"write `" + other + "`"},
		Fix:     &diag.Fix{Title: "write `" + other + "`", Edits: []diag.Edit{{File: p.file, Span: t.Span, Text: other}}},
	})
}

func (p *parser) unary() ast.Expr {
	defer p.leave()
	if !p.enter() {
		return p.bad()
	}
	t := p.peek()
	if t.Kind == token.Not || t.Kind == token.Minus {
		p.next()
		x := p.unary()
		return &ast.Unary{At: p.from(t.Span.Start), Op: p.text(t.Span), X: x}
	}
	return p.postfix(t.Span.Start, p.primary())
}

// postfix reads members, calls and indexes after an expression.
func (p *parser) postfix(start int32, x ast.Expr) ast.Expr {
	for n := 0; !p.failed; n++ {
		t := p.peek()
		if n == maxChain {
			p.tooDeep(t)
			return x
		}
		switch t.Kind {
		case token.Dot:
			if t.Is(token.Spaced) && !t.Is(token.First) {
				return x
			}
			p.next()
			name := p.word("a name after `.`")
			x = &ast.Member{At: p.from(start), X: x, Name: name}
		case token.Safe:
			p.next()
			name := p.word("a name after `?.`")
			x = &ast.Member{At: p.from(start), X: x, Name: name, Safe: true}
		case token.LParen:
			if t.Is(token.First) || !callable(x) {
				return x
			}
			args := p.args()
			x = &ast.Call{At: p.from(start), Fn: x, Args: args}
		case token.LBracket:
			if t.Is(token.First) || t.Is(token.Spaced) {
				return x
			}
			p.next()
			i := plain(p, p.expr)
			p.expect(token.RBracket, "`]` after the index")
			x = &ast.Index{At: p.from(start), X: x, I: i}
		default:
			return x
		}
	}
	return x
}

// callable reports whether a parenthesis after an expression calls it.
func callable(x ast.Expr) bool {
	switch x.(type) {
	case *ast.Name, *ast.Member, *ast.Call, *ast.Index, *ast.Paren:
		return true
	}
	return false
}

// args reads `(a, b)`.
func (p *parser) args() []ast.Expr {
	return p.elements(token.RParen, "`,` or `)` after the argument", p.expr)
}

// elements reads the elements in brackets, separated by commas.
func (p *parser) elements(end token.Kind, want string, read func() ast.Expr) []ast.Expr {
	p.next()
	out := []ast.Expr{}
	for !p.is(end) && !p.failed {
		out = append(out, plain(p, read))
		if !p.accept(token.Comma) {
			break
		}
	}
	p.expect(end, want)
	return out
}

// primary reads an expression without operators.
func (p *parser) primary() ast.Expr {
	t := p.peek()
	switch t.Kind {
	case token.Int, token.Float, token.Duration, token.Size:
		return p.numberLit()
	case token.StringStart:
		return p.stringLit()
	case token.Ident:
		return p.wordExpr(t)
	case token.Dot:
		p.next()
		if k := p.peek().Kind; k == token.Int || k == token.Float {
			p.fail(diag.CodeNumber, source.Span{Start: t.Span.Start, End: p.peek().Span.End}, "a number needs a digit before its decimal point",
				"write it as `0."+p.text(p.peek().Span)+"`")
			return p.bad()
		}
		name := p.word("a field of the row after `.`")
		return &ast.RowField{At: p.from(t.Span.Start), Name: name}
	case token.LParen:
		p.next()
		x := plain(p, p.expr)
		p.expect(token.RParen, "`)`")
		return &ast.Paren{At: p.from(t.Span.Start), X: x}
	case token.LBracket:
		elems := p.elements(token.RBracket, "`,` or `]` after the element", p.expr)
		return &ast.ListLit{At: p.from(t.Span.Start), Elems: elems}
	case token.LBrace:
		if p.noBrace {
			p.fail(diag.CodeBrace, t.Span, "expected a value, found `{`", "put a record in parentheses when the brace of a body follows: `({ … })`")
			p.silent = p.silent || len(p.open) == 0 // it is not certain which brace begins the body
			return p.bad()
		}
		return p.recordLit(nil)
	case token.Pattern:
		p.fail(diag.CodePattern, t.Span, "a pattern is only allowed in the refinement of a type",
			"declare `type Name = string("+p.text(t.Span)+")`")
		return p.bad()
	}
	p.noValue(t)
	return p.bad()
}

// noValue reports a token that cannot start a value.
func (p *parser) noValue(t token.Token) {
	if prev := p.list.Tokens[max(0, p.pos-1)]; t.Kind == token.Assign && !t.Is(token.Spaced) &&
		(prev.Kind == token.Equal || prev.Kind == token.NotEqual) {
		p.failAs(diag.Diagnostic{
			Code: diag.CodeExpected, Severity: diag.Error, Message: "unknown operator `" + p.text(prev.Span) + "=`",
			Primary: diag.Label{File: p.file, Span: t.Span},
			Help:    []string{"write `" + p.text(prev.Span) + "`: it compares two values of the same type"},
			Fix:     &diag.Fix{Title: "write `" + p.text(prev.Span) + "`", Edits: []diag.Edit{{File: p.file, Span: t.Span}}},
		})
		return
	}
	p.unexpected("a value")
}

// wordExpr reads an expression that starts with a word.
func (p *parser) wordExpr(t token.Token) ast.Expr {
	text := p.text(t.Span)
	if !t.Is(token.Reserved) {
		p.next()
		if b := p.peek(); b.Kind == token.LBrace && !p.noBrace && !b.Is(token.First) && text[0] >= 'A' && text[0] <= 'Z' {
			name := p.ident(t)
			return p.recordLit(&name)
		}
		return &ast.Name{At: ast.At{Span: t.Span}, Name: text}
	}
	switch text {
	case "true", "false":
		p.next()
		return &ast.BoolLit{At: ast.At{Span: t.Span}, Value: text == "true"}
	case "null":
		p.next()
		return &ast.NullLit{At: ast.At{Span: t.Span}}
	case "if":
		return p.ifExpr()
	case "match":
		return p.matchExpr()
	case "insert":
		return p.insert()
	case "upsert":
		return p.upsert()
	case "update":
		return p.update()
	case "delete":
		return p.del()
	}
	p.unexpected("a value")
	return p.bad()
}

// bad returns an expression that could not be parsed, at the current position.
func (p *parser) bad() ast.Expr { return &ast.BadExpr{At: p.here()} }

// here returns the empty span after the last token read.
func (p *parser) here() ast.At {
	at := p.prevEnd(p.pos)
	return ast.At{Span: source.Span{Start: at, End: at}}
}

// ifExpr reads `if c then a else b`.
func (p *parser) ifExpr() ast.Expr {
	start := p.next().Span.Start
	x := &ast.IfExpr{Cond: p.operand()}
	if !p.failed && !p.acceptWord("then") {
		p.unexpected("`then`", "write an `if` that has a value as `if a then b else c`")
	}
	x.Then = p.branch()
	if !p.failed && !p.acceptWord("else") {
		p.unexpected("`else`", "an `if` that has a value needs both branches: `if a then b else c`")
	}
	x.Else = p.branch()
	x.At = p.from(start)
	return x
}

func (p *parser) branch() ast.Expr {
	if p.failed {
		return p.bad()
	}
	return p.operand()
}
