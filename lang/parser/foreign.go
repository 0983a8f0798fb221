package parser

import (
	"strings"

	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/token"
)

// foreign returns advice for people who write in the style of another language. want was expected, and t was found. It
// returns "" if it has no advice.
func (p *parser) foreign(want string, t token.Token) string {
	before := p.list.Tokens[max(p.start, p.pos-1)]
	body := strings.Contains(want, "a body in braces")
	switch {
	case t.Kind == token.FatArrow && body:
		return "write `= value`, or a body in braces"
	case t.Kind == token.FatArrow && strings.Contains(want, "argument"):
		return "there are no anonymous functions: use a pipeline over the list, such as `xs as x | map x + 1` or `xs as x | filter x > 1`"
	case t.Kind == token.Colon && body:
		return "write the result type after `->`: `(x: int) -> int`"
	case t.Kind == token.Arrow && body:
		return "write `-> type` right after the parameters, before `guard`, `public` and other clauses"
	case t.Kind == token.Ident && body && before.Kind == token.RParen && !t.Is(token.First):
		return "write the result type after `->`: `(x: int) -> " + p.text(t.Span) + "`"
	case t.Kind == token.Ident && want == "`=` and a value" && !t.Is(token.First):
		return "write the type after `:`, as in `let y: " + p.text(t.Span) + " = 1`"
	case want == "the end of the declaration" && otherStages[p.text(before.Span)] != "":
		return "write " + otherStages[p.text(before.Span)]
	case t.Kind == token.LBracket && !t.Is(token.Spaced) && before.Kind == token.Ident && (body || strings.Contains(want, "parameter")):
		return "write a list as `[" + p.text(before.Span) + "]`"
	case t.Kind == token.Less && strings.Contains(want, "parameter"):
		return "write a list as `[T]` and a map as `[string: T]`; types take no parameters"
	case t.Kind == token.Dot && before.Kind == token.Ident && !t.Is(token.First) && p.list.Tokens[max(p.start, p.pos-2)].Kind == token.Pipe:
		return "write what `" + p.text(before.Span) + "` takes in parentheses: `" + p.text(before.Span) + "(…)`"
	case want == "a type" && p.text(t.Span) == "null":
		return "write `T?` for a value that may be null"
	case strings.HasPrefix(want, "a name for the element") && t.Kind == token.LParen:
		return "write `for x in xs { … }`"
	case want == "a value" && (t.Kind == token.Plus || t.Kind == token.Assign) && operator(before.Kind) && !t.Is(token.Spaced):
		return "variables never change: name the new value, `let next = n + 1`; to change a stored row, write `update row { n: .n + 1 }`"
	case want == "a value" && p.text(t.Span) == "return":
		return "write the value alone after `=`, or use a body: `{ return … }`"
	case strings.HasPrefix(want, "`{` and the fields of the row") && t.Kind == token.LParen:
		return "write `insert Table { field: value }`"
	case strings.HasPrefix(want, "`{` and the fields of the row") && p.text(before.Span) == "into":
		return "write `insert " + p.text(t.Span) + " { field: value }`"
	}
	return ""
}

// otherStages are words for stages in SQL and other languages.
var otherStages = map[string]string{
	"where": "`filter .field == value`", "select": "`map { .a, .b }`", "order": "`sort .field`", "orderBy": "`sort .field`",
	"by": "`sort .field`", "take": "`limit 10`", "top": "`limit 10`",
	"groupBy": "`group .field { .field, n: count() }`", "include": "`join Table on .field as name`",
	"from": "a pipeline: `Table | filter .field == value`",
}

func operator(k token.Kind) bool {
	switch k {
	case token.Plus, token.Minus, token.Star, token.Slash:
		return true
	}
	return false
}

// choice reports `a ? b : c`.
func (p *parser) choice(t token.Token) {
	p.failAs(diag.Diagnostic{
		Code: diag.CodeExpected, Severity: diag.Error, Message: "there is no operator `? :`", Primary: diag.Label{File: p.file, Span: t.Span},
		Help: []string{"write `if a then b else c`"},
	})
}

// afterRowField reports whether the next token follows `.name`. An `=` there is meant as a comparison, unless it
// follows the clauses of a stream.
func (p *parser) afterRowField() bool {
	if len(p.open) == 0 || p.pos-2 < p.start {
		return false
	}
	dot := p.list.Tokens[p.pos-2]
	return dot.Kind == token.Dot && dot.Is(token.Spaced) && p.list.Tokens[p.pos-1].Kind == token.Ident
}

// otherWords are words at the start of declarations in other languages, with what to write instead.
var otherWords = map[string]string{
	"async":  "remove it: every call waits for its result",
	"import": "write `use path/of/module { name }`",
	"export": "remove it: clients see every entry point, and other modules import names with `use`",
	"public": "write `public` after the parameters: `rpc name() public { … }`",
	"const":  "for a constant, write a function without parameters, `fn limit() -> int = 5`, or a setting in `env`",
	"let":    "for a constant, write a function without parameters, `fn limit() -> int = 5`, or a setting in `env`",
	"var":    "data that changes is stored in a table: declare a `table`",
	"class":  "declare a `type` for a shape of data, or a `table` for stored data",
	"module": "a module is a file, and its name is the path of the file",
	"create": "write `table Name { … }`",
	"CREATE": "write `table Name { … }`",
	"select": "write a query as a pipeline: `stream name public = Table | filter .field == value`",
	"SELECT": "write a query as a pipeline: `stream name public = Table | filter .field == value`",
}

// unreadName finds the name of a declaration that could not be parsed, so that its uses are not reported as well.
func (p *parser) unreadName(bad *ast.BadDecl) {
	if next := p.start + 1; bad.Name.Name == "" && next < p.end {
		if t := p.list.Tokens[next]; t.Kind == token.Ident && !token.IsReserved(p.text(t.Span)) {
			bad.Name = p.ident(t)
		}
	}
}
