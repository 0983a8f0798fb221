package parser

import (
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/token"
)

// block reads `{ statements }`.
func (p *parser) block() *ast.Block {
	start := p.peek().Span.Start
	out := &ast.Block{}
	if p.enter() {
		p.members("a statement", func() { out.Stmts = append(out.Stmts, p.stmt()) })
	}
	p.leave()
	out.At = p.from(start)
	return out
}

// body reads the block of a statement.
func (p *parser) body(of string) *ast.Block {
	if p.failed {
		return &ast.Block{At: p.here()}
	}
	if p.is(token.LBrace) {
		return p.block()
	}
	if t := p.peek(); t.Kind == token.Assign {
		p.failAs(diag.Diagnostic{
			Code: diag.CodeExpected, Severity: diag.Error, Message: "expected `{`, found `=`", Primary: diag.Label{File: p.file, Span: t.Span},
			Help: []string{"write `==` to compare"},
			Fix:  &diag.Fix{Title: "write `==`", Edits: []diag.Edit{{File: p.file, Span: t.Span, Text: "=="}}},
		})
	}
	p.unexpected("`{`", "the body of "+of+" goes in braces")
	return &ast.Block{At: p.here()}
}

// stmt reads a statement. A statement with a mistake is kept if it declares a name, so that the name is known.
func (p *parser) stmt() ast.Stmt {
	start := p.peek().Span.Start
	s := p.anyStmt()
	if let, ok := s.(*ast.Let); p.failed && (!ok || let.Name.Name == "") {
		return &ast.BadStmt{At: p.from(start)}
	}
	return s
}

func (p *parser) anyStmt() ast.Stmt {
	t := p.peek()
	if t.Kind != token.Ident {
		return p.exprStmt()
	}
	word := p.text(t.Span)
	if !t.Is(token.Reserved) {
		switch next := p.peekAt(1); {
		case word == "log" && next.Kind == token.Ident && !next.Is(token.Reserved|token.First):
			return p.log()
		case word == "expect" && (p.inTest && p.startsValue(next) || next.Kind == token.Ident && !next.Is(token.First)):
			return p.expectStmt()
		case (word == "const" || word == "var") && next.Kind == token.Ident && !next.Is(token.First):
			p.fail(diag.CodeExpected, t.Span, "unknown statement `"+word+"`", "write `let`")
			return &ast.BadStmt{At: ast.At{Span: t.Span}}
		case word == "log" && next.Kind == token.StringStart && !next.Is(token.First):
			p.fail(diag.CodeMissing, t.Span, "this `log` has no level", "write one after `log`: `log info \"…\"`")
			return &ast.BadStmt{At: ast.At{Span: t.Span}}
		}
		return p.exprStmt()
	}
	switch word {
	case "let":
		return p.let()
	case "if":
		return p.ifStmt()
	case "for":
		return p.forStmt()
	case "return":
		return p.returnStmt()
	case "fail":
		return p.failStmt()
	case "require":
		return p.require()
	case "publish":
		return p.publish()
	case "signal":
		return p.sendSignal()
	case "match":
		return p.matchStmt()
	case "else":
		p.fail(diag.CodeExpected, t.Span, "this `else` has no `if`")
		return &ast.BadStmt{At: ast.At{Span: t.Span}}
	}
	return p.exprStmt()
}

// exprStmt reads an expression that is used as a statement.
func (p *parser) exprStmt() ast.Stmt {
	start := p.peek().Span.Start
	switch t := p.peek(); {
	case t.Kind == token.Minus:
		p.fail(diag.CodeExpected, t.Span, "expected a statement, found `-`", "put the `-` between two values at the end of the line above")
		return &ast.BadStmt{At: p.from(start)}
	case !p.startsValue(t) || t.Kind == token.Dot:
		p.unexpected("a statement")
		return &ast.BadStmt{At: p.from(start)}
	}
	x := p.expr()
	if t := p.peek(); !p.failed && t.Kind == token.Assign {
		p.fail(diag.CodeExpected, t.Span, "variables cannot be assigned to",
			"name a new value with `let`; change a stored row with `update row { field: value }`")
	}
	return &ast.ExprStmt{At: p.from(start), X: x}
}

// let reads `let name = expr` or `let name: T = expr`.
func (p *parser) let() ast.Stmt {
	start := p.next().Span.Start
	out := &ast.Let{Name: p.name("a name for the value")}
	if !p.failed && p.accept(token.Colon) {
		out.Type = p.typ()
	}
	switch {
	case p.failed:
		out.Init = p.bad()
	case p.accept(token.Assign):
		out.Init = p.expr()
	default:
		p.unexpected("`=` and a value")
		out.Init = p.bad()
	}
	out.At = p.from(start)
	return out
}

// ifStmt reads `if cond { … } else …`. One with `then` is an expression.
func (p *parser) ifStmt() ast.Stmt {
	first := p.pos
	start := p.next().Span.Start
	if p.depth++; p.depth > maxDepth {
		p.tooDeep(p.peek())
	}
	defer p.leave()
	out := &ast.If{Cond: beforeBody(p, p.expr)}
	if !p.failed && p.isWord(p.peek(), "then") {
		p.pos = first
		return p.exprStmt()
	}
	out.Then = p.body("an `if`")
	if !p.failed && p.acceptWord("else") {
		if p.isWord(p.peek(), "if") {
			out.Else = p.ifStmt()
		} else {
			out.Else = p.body("an `else`")
		}
	}
	out.At = p.from(start)
	return out
}

// forStmt reads `for x in xs { … }` or `for key, value in map { … }`.
func (p *parser) forStmt() ast.Stmt {
	start := p.next().Span.Start
	out := &ast.For{Name: p.name("a name for the element")}
	if !p.failed && p.accept(token.Comma) {
		value := p.name("a name for the value")
		out.Value = &value
	}
	if !p.failed && !p.acceptWord("in") {
		p.unexpected("`in` and a list, a map or a pipeline")
	}
	if p.failed {
		out.Over = p.bad()
	} else {
		out.Over = beforeBody(p, p.expr)
	}
	out.Body = p.body("a `for`")
	out.At = p.from(start)
	return out
}

// returnStmt reads `return` or `return expr`.
func (p *parser) returnStmt() ast.Stmt {
	start := p.next().Span.Start
	out := &ast.Return{}
	if t := p.peek(); p.startsValue(t) || t.Kind == token.Bad {
		out.X = p.expr()
	}
	out.At = p.from(start)
	return out
}

// failStmt reads `fail CODE "message"`.
func (p *parser) failStmt() ast.Stmt {
	start := p.next().Span.Start
	out := &ast.Fail{}
	out.Code, out.Message = p.failure()
	out.At = p.from(start)
	return out
}

// require reads `require expr else CODE "message"`.
func (p *parser) require() ast.Stmt {
	start := p.next().Span.Start
	out := &ast.Require{Cond: p.expr()}
	if !p.failed && p.acceptWord("else") {
		out.Code, out.Message = p.failure()
	} else if t := p.peek(); !p.failed && (t.Is(token.First) || t.Kind == token.RBrace) {
		p.soft(diag.Diagnostic{
			Code: diag.CodeMissing, Severity: diag.Error, Message: "this `require` does not say how the call fails",
			Primary: diag.Label{File: p.file, Span: p.from(start).Span},
			Help:    []string{"write `else` and an error code after it, such as `else FORBIDDEN`"},
		})
	} else if !p.failed {
		p.unexpected("`else` and an error code")
	}
	out.At = p.from(start)
	return out
}

// failure reads a code with its message.
func (p *parser) failure() (code ast.Ident, message ast.Expr) {
	const want = "a code, such as NOT_FOUND"
	if p.peek().Is(token.First) {
		code = p.wordHere(want)
	} else {
		code = p.name(want)
	}
	if !p.failed && p.is(token.StringStart) {
		message = p.stringLit()
	}
	return code, message
}

// log reads `log level "message" { fields }`.
func (p *parser) log() ast.Stmt {
	start := p.next().Span.Start
	out := &ast.Log{Level: p.name("a log level")}
	if p.is(token.StringStart) {
		out.Message = p.stringLit()
	} else {
		p.unexpected("a message in double quotes")
	}
	if b := p.peek(); !p.failed && b.Kind == token.LBrace {
		out.Fields = p.recordLit(nil)
	}
	out.At = p.from(start)
	return out
}

// publish reads `publish stream(args) event data throttle 50ms`.
func (p *parser) publish() ast.Stmt {
	start := p.next().Span.Start
	out := &ast.Publish{Stream: p.name("a stream to publish to")}
	if !p.failed && p.is(token.LParen) {
		out.Args = p.args()
	}
	if !p.failed {
		out.Event = p.wordHere("an event, such as `created`, `update` or `set`")
	}
	switch {
	case p.failed:
		out.Data = p.bad()
	case p.startsValue(p.peek()):
		out.Data = p.expr()
	default:
		p.unexpected("the data of the event")
	}
	for !p.failed {
		if t := p.peek(); p.isWord(t, "throttle") && out.Throttle == nil && p.startsValue(p.peekAt(1)) {
			p.next()
			out.Throttle = p.unary()
		} else if p.isWord(t, "debounce") && out.Debounce == nil && p.startsValue(p.peekAt(1)) {
			p.next()
			out.Debounce = p.unary()
		} else {
			break
		}
	}
	out.At = p.from(start)
	return out
}

// sendSignal reads `signal s(args) to user`.
func (p *parser) sendSignal() ast.Stmt {
	start := p.next().Span.Start
	out := &ast.SendSignal{Signal: p.name("a signal to send")}
	if !p.failed && p.is(token.LParen) {
		out.Args = p.args()
	}
	switch {
	case p.failed:
		out.To = p.bad()
	case p.acceptWord("to"):
		out.To = p.operand()
	default:
		p.unexpected("`to` and the user who receives it")
	}
	out.At = p.from(start)
	return out
}

// expectStmt reads `expect expr within 1s` or `expect expr fails CODE`.
func (p *parser) expectStmt() ast.Stmt {
	start := p.next().Span.Start
	out := &ast.Expect{X: p.expr()}
	if !p.failed && p.acceptWord("within") {
		out.Within = p.unary()
	}
	if !p.failed && p.acceptWord("fails") {
		code := p.name("a code, such as VALIDATION")
		out.Fails = &code
	}
	out.At = p.from(start)
	return out
}
