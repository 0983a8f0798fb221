package parser

import (
	"strings"

	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/token"
)

// foreign is advice for what people write who come from another language, where want was expected and t is found; empty where nothing is known of it.
func (p *parser) foreign(want string, t token.Token) string {
	before := p.list.Tokens[max(p.start, p.pos-1)]
	body := strings.Contains(want, "a body between braces")
	switch {
	case t.Kind == token.FatArrow && body:
		return "write `= value`, or a body between braces"
	case t.Kind == token.FatArrow && strings.Contains(want, "argument"):
		return "there are no functions without a name: a pipeline goes through a list, `xs as x | map x + 1`, `xs as x | filter x > 1`"
	case t.Kind == token.Colon && body:
		return "the type of the result stands behind `->`: `(x: int) -> int`"
	case t.Kind == token.Arrow && body:
		return "`-> type` stands right behind the parameters, before `guard`, `public` and other clauses"
	case t.Kind == token.Ident && body && before.Kind == token.RParen && !t.Is(token.First):
		return "the type of the result stands behind `->`: `(x: int) -> " + p.text(t.Span) + "`"
	case t.Kind == token.Ident && want == "`=` and a value" && !t.Is(token.First):
		return "the type stands behind `:`, as in `let y: " + p.text(t.Span) + " = 1`"
	case want == "the end of the declaration" && otherStages[p.text(before.Span)] != "":
		return "write " + otherStages[p.text(before.Span)]
	case t.Kind == token.LBracket && strings.Contains(want, "parameter"):
		return "a list is `[" + p.text(before.Span) + "]`"
	case t.Kind == token.Less && strings.Contains(want, "parameter"):
		return "a list is `[T]`, a map `[string: T]`: types take no parameters"
	case want == "a type" && p.text(t.Span) == "null":
		return "what may be null is written `T?`"
	case strings.HasPrefix(want, "a name for the element") && t.Kind == token.LParen:
		return "write `for x in xs { … }`"
	case want == "a value" && (t.Kind == token.Plus || t.Kind == token.Assign) && operator(before.Kind) && !t.Is(token.Spaced):
		return "values do not change: give the new one a name, `let next = n + 1`; what is stored changes with `update row { n: .n + 1 }`"
	case want == "a value" && p.text(t.Span) == "return":
		return "a value stands behind `=` by itself; `return` is for a body, `{ return … }`"
	case strings.HasPrefix(want, "`{` with the fields of the row") && t.Kind == token.LParen:
		return "write `insert Table { field: value }`"
	case strings.HasPrefix(want, "`{` with the fields of the row") && p.text(before.Span) == "into":
		return "write `insert " + p.text(t.Span) + " { field: value }`"
	}
	return ""
}

// otherStages are words for what stages do, in SQL and elsewhere.
var otherStages = map[string]string{
	"where": "`filter .field == value`", "select": "`map { .a, .b }`", "order": "`sort .field`", "orderBy": "`sort .field`", "by": "`sort .field`", "take": "`limit 10`", "top": "`limit 10`",
	"groupBy": "`group .field { .field, n: count() }`", "include": "`join Table on .field as name`", "from": "a pipeline: `Table | filter .field == value`",
}

func operator(k token.Kind) bool {
	switch k {
	case token.Plus, token.Minus, token.Star, token.Slash:
		return true
	}
	return false
}

// choice tells of `a ? b : c`.
func (p *parser) choice(t token.Token) {
	p.failAs(diag.Diagnostic{
		Code: diag.CodeExpected, Severity: diag.Error, Message: "there is no operator `? :`", Primary: diag.Label{File: p.file, Span: t.Span},
		Help: []string{"write `if a then b else c`"},
	})
}

// behindRowField tells whether `.name` stands before the next token: an `=` there is meant to compare, but for the one behind the clauses of a stream.
func (p *parser) behindRowField() bool {
	if len(p.open) == 0 || p.pos-2 < p.start {
		return false
	}
	dot := p.list.Tokens[p.pos-2]
	return dot.Kind == token.Dot && dot.Is(token.Spaced) && p.list.Tokens[p.pos-1].Kind == token.Ident
}

// otherWords are words that start declarations or stand before them in other languages, with what is done here.
var otherWords = map[string]string{
	"async":  "drop it: whatever takes time is waited for",
	"import": "write `use path/of/module { name }`",
	"export": "drop it: clients see every entry point, and other modules name what they `use`",
	"public": "`public` stands behind the parameters: `rpc name() public { … }`",
	"const":  "a value that does not change is a function without parameters, `fn limit() -> int = 5`, or a setting in `env`",
	"let":    "a value that does not change is a function without parameters, `fn limit() -> int = 5`, or a setting in `env`",
	"var":    "what changes is stored: declare a `table`",
	"class":  "declare a `type` for a shape, or a `table` for what is stored",
	"module": "a module is a file; its name is the path of the file",
	"create": "write `table Name { … }`",
	"CREATE": "write `table Name { … }`",
	"select": "a query is a pipeline: `stream name public = Table | filter .field == value`",
	"SELECT": "a query is a pipeline: `stream name public = Table | filter .field == value`",
}

// unreadName is the name behind the first word of a declaration that could not be read, so that what uses it is no mistake too.
func (p *parser) unreadName(bad *ast.BadDecl) {
	if next := p.start + 1; bad.Name.Name == "" && next < p.end {
		if t := p.list.Tokens[next]; t.Kind == token.Ident && !token.IsReserved(p.text(t.Span)) {
			bad.Name = p.ident(t)
		}
	}
}
