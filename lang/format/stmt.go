package format

import (
	"fmt"

	"github.com/livec-lang/livec/lang/ast"
)

// block lays out a body: on one line if it has one statement and the author wrote it on one line, otherwise with one statement per line.
func (p *printer) block(b *ast.Block) doc {
	end := b.Span.End - 1
	broken := len(b.Stmts) > 1 || p.brokeAfter(b.Span.Start+1)
	return p.bracketed("{", elementsOf(b.Stmts, p.stmt), "}", end, broken, line, func(last bool) (behind, sep doc) {
		if last {
			return nothing, nothing
		}
		return nothing, hardline
	})
}

func (p *printer) stmt(s ast.Stmt) doc {
	switch s := s.(type) {
	case *ast.Let:
		d := text("let ", s.Name.Name)
		if s.Type != nil {
			d = concat(d, text(": "), p.typ(s.Type))
		}
		return concat(d, p.assigned(s.Init))
	case *ast.If:
		return p.ifStmt(s)
	case *ast.For:
		head := "for " + s.Name.Name
		if s.Value != nil {
			head += ", " + s.Value.Name
		}
		return concat(text(head, " in "), p.expr(s.Over), text(" "), p.block(s.Body))
	case *ast.Return:
		if s.X == nil {
			return text("return")
		}
		return concat(text("return "), p.expr(s.X))
	case *ast.Fail:
		return concat(text("fail "), p.failure(s.Code, s.Message))
	case *ast.Require:
		return group(text("require "), p.expr(s.Cond), nest(line, text("else "), p.failure(s.Code, s.Message)))
	case *ast.Log:
		d := concat(text("log ", s.Level.Name, " "), p.expr(s.Message))
		if s.Fields != nil {
			d = concat(d, text(" "), p.record(s.Fields))
		}
		return d
	case *ast.ExprStmt:
		return p.expr(s.X)
	case *ast.Publish:
		return p.publish(s)
	case *ast.SendSignal:
		return concat(text("signal ", s.Signal.Name), p.argsAfter(s.Args, s.Signal), text(" to "), p.expr(s.To))
	case *ast.MatchStmt:
		return p.matchStmt(s)
	case *ast.Expect:
		return p.expect(s)
	case *ast.Block:
		return p.block(s)
	case *ast.BadStmt:
		return p.verbatim(s.Span)
	}
	panic(fmt.Sprintf("a statement of kind %T has no layout", s))
}

// argsAfter lays out the arguments after a name; nothing if there are no parentheses.
func (p *printer) argsAfter(args []ast.Expr, name ast.Ident) doc {
	if args == nil {
		return nothing
	}
	end := name.Span.End
	if n := len(args); n > 0 {
		end = args[n-1].Where().End
	}
	return p.args(args, p.closing(end))
}

// closing returns the position of the closing parenthesis after a position. It skips comments.
func (p *printer) closing(at int32) int32 {
	comment := p.next
	for int(at) < len(p.src) && p.src[at] != ')' {
		for comment < len(p.comments) && p.comments[comment].Span.Start < at {
			comment++
		}
		if comment < len(p.comments) && p.comments[comment].Span.Start == at {
			at = p.comments[comment].Span.End
			continue
		}
		at++
	}
	return at
}

func (p *printer) failure(code ast.Ident, message ast.Expr) doc {
	if message == nil {
		return text(code.Name)
	}
	return concat(text(code.Name, " "), p.expr(message))
}

func (p *printer) ifStmt(s *ast.If) doc {
	parts := []doc{text("if "), p.expr(s.Cond), text(" "), p.block(s.Then)}
	switch e := s.Else.(type) {
	case *ast.If:
		parts = append(parts, text(" else "), p.ifStmt(e))
	case *ast.Block:
		parts = append(parts, text(" else "), p.block(e))
	}
	return concat(parts...)
}

func (p *printer) publish(s *ast.Publish) doc {
	parts := []doc{text("publish ", s.Stream.Name), p.argsAfter(s.Args, s.Stream), text(" ", s.Event.Name, " "), p.expr(s.Data)}
	if s.Throttle != nil {
		parts = append(parts, text(" throttle "), p.expr(s.Throttle))
	}
	if s.Debounce != nil {
		parts = append(parts, text(" debounce "), p.expr(s.Debounce))
	}
	return concat(parts...)
}

func (p *printer) expect(s *ast.Expect) doc {
	d := concat(text("expect "), p.expr(s.X))
	if s.Within != nil {
		d = concat(d, text(" within "), p.expr(s.Within))
	}
	if s.Fails != nil {
		d = concat(d, text(" fails ", s.Fails.Name))
	}
	return d
}

// assigned lays out ` = value`. A pipeline goes to the next line if it does not fit, or if the author put it there.
func (p *printer) assigned(x ast.Expr) doc {
	pipeline, ok := x.(*ast.Pipeline)
	if !ok {
		return concat(text(" = "), p.expr(x))
	}
	return concat(text(" ="), groupIf(p.brokeBefore(x.Where().Start), nest(line, p.pipeline(pipeline, false))))
}

// brokeBefore reports whether a position is the first on its line.
func (p *printer) brokeBefore(at int32) bool {
	for i := int(at) - 1; i >= 0; i-- {
		switch p.src[i] {
		case ' ', '\t', '\r':
		case '\n':
			return true
		default:
			return false
		}
	}
	return true
}
