package parser

import (
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/token"
)

// declValue reads `= expr`, the short form of a body.
func (p *parser) declValue() (node[ast.Expr], bool) {
	if !p.is(token.Assign) {
		return nil, false
	}
	p.next()
	return holder[ast.Expr]{plain(p, p.expr)}, true
}

// failAt reports a mistake in a whole declaration, at its first word.
func (p *parser) failAt(start int, message string, help ...string) {
	p.fail(diag.CodeMissing, p.list.Tokens[start].Span, message, help...)
}
