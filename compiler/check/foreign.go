package check

import (
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
)

// What people write who come from JavaScript, TypeScript, Python or SQL, and what the language has in its place. A word that is followed by more, as `new` is, makes two statements of one: stray
// tells it.
type foreignWord struct {
	help  string
	write string // where exactly this takes its place
	stray bool
}

var foreignValues = map[string]foreignWord{
	"undefined": {help: "the empty value is `null`", write: "null"},
	"nil":       {help: "the empty value is `null`", write: "null"},
	"None":      {help: "the empty value is `null`", write: "null"},
	"NULL":      {help: "the empty value is `null`", write: "null"},
	"True":      {help: "write `true`", write: "true"},
	"False":     {help: "write `false`", write: "false"},
	"await":     {help: "remove it: a call returns its value, and there is nothing to await", stray: true},
	"new":       {help: "remove it: `User { … }` makes a value, `insert User { … }` a row", stray: true},
	"not":       {help: "write `!`", stray: true},
	"throw":     {help: "to fail, write `fail NOT_FOUND \"message\"`", stray: true},
	"raise":     {help: "to fail, write `fail NOT_FOUND \"message\"`", stray: true},
	"elif":      {help: "write `else if`", stray: true},
	"elseif":    {help: "write `else if`", stray: true},
	"while":     {help: "to loop over a list, write `for x in xs { … }`", stray: true},
	"try":       {help: "a failure ends the call and undoes its writes, so there is nothing to catch", stray: true},
	"expect":    {help: "`expect` only works in tests; write `require … else CODE`", stray: true},
	"switch":    {help: "write `match x { 1 => …, 2, 3 => …, _ => … }`", stray: true},
	"case":      {help: "write an arm of a match as `1 => …`", stray: true},
	"yield":     {help: "a body returns one value, with `return`", stray: true},
	"select":    {help: "write a query as a pipeline: `Table | filter .field == value | sort .field`", stray: true},
	"this":      {help: "read a field of the row as `.name`; the caller is `ctx.user`"},
	"self":      {help: "read a field of the row as `.name`; the caller is `ctx.user`"},
	"console":   {help: "write to the log with `log info \"text\" { field: value }`"},
	"process":   {help: "declare settings as `env { KEY: string }`, and read them as `env.KEY`"},
	"user":      {help: "the caller is `ctx.user`", write: "ctx.user"},
	"Math":      {help: "write `abs(x)`, `min(a, b)`, `max(a, b)`, `round(x)`, `floor(x)`, `ceil(x)` or `sqrt(x)`"},
	"JSON":      {help: "to read JSON, write `json(text)`; a field of type `json` takes any value as it is"},
	"Date":      {help: "write `now()` for the current time"},
}

// foreign tells what a name of another language is here. It is false for other names.
func foreign(f finding, b *body, x *ast.Name) bool {
	w, ok := foreignValues[x.Name]
	if !ok {
		return false
	}
	f.help("%s", w.help)
	if w.write != "" {
		f.fix(b.m, x.Span, "write `"+w.write+"`", w.write)
	}
	if w.stray {
		b.stray, b.broken = true, true
	}
	return true
}

// foreignTypes are names of types in other languages. One of two is for the author to choose.
var foreignTypes = map[string]foreignWord{
	"number":    {help: "write `int` or `float`"},
	"Number":    {help: "write `int` or `float`"},
	"boolean":   {write: "bool"},
	"Boolean":   {write: "bool"},
	"str":       {write: "string"},
	"text":      {write: "string"},
	"Text":      {write: "string"},
	"varchar":   {write: "string"},
	"VARCHAR":   {write: "string"},
	"TEXT":      {write: "string"},
	"integer":   {write: "int"},
	"Integer":   {write: "int"},
	"INTEGER":   {write: "int"},
	"long":      {write: "int"},
	"bigint":    {write: "int"},
	"double":    {write: "float"},
	"real":      {write: "float"},
	"decimal":   {write: "float"},
	"date":      {write: "time"},
	"Date":      {write: "time"},
	"datetime":  {write: "time"},
	"timestamp": {write: "time"},
	"any":       {write: "json"},
	"unknown":   {write: "json"},
	"object":    {write: "json"},
	"uuid":      {write: "id"},
	"UUID":      {write: "id"},
	"blob":      {write: "bytes"},
	"Buffer":    {write: "bytes"},
	"void":      {help: "leave out `->` where there is no result"},
	"Array":     {help: "write a list as `[T]`, such as `[string]`"},
	"List":      {help: "write a list as `[T]`, such as `[string]`"},
	"Set":       {help: "write a list as `[T]`, such as `[string]`"},
	"Map":       {help: "write a map as `[string: T]`"},
	"Record":    {help: "write a map as `[string: T]` and a record as `{ field: T }`"},
	"Promise":   {help: "remove it: a call returns its value, and there is nothing to await"},
	"Partial":   {help: "write `Todo.patch` for `Todo` with every field optional"},
}

// foreignType tells what a type of another language is here.
func foreignType(f finding, m *module, name *ast.Ident) bool {
	w, ok := foreignTypes[name.Name]
	switch {
	case !ok:
		return false
	case w.write != "":
		f.help("write `%s`", w.write).fix(m, name.Span, "write `"+w.write+"`", w.write)
	default:
		f.help("%s", w.help)
	}
	return true
}

// methods of other languages, and what is written here.
var foreignMethods = map[string]string{
	"toUpperCase": "`upper(x)`", "toLowerCase": "`lower(x)`", "toString": "`string(x)`", "toFixed": "`string(x)`",
	"includes": "`contains(text, part)`, or `x in list`", "has": "`key in map`", "indexOf": "`contains(text, part)`, or `x in list`",
	"push": "`concat(list, [x])`, which returns a new list", "concat": "`concat(a, b)`", "substring": "`slice(text, from, to)`", "substr": "`slice(text, from, to)`",
	"replaceAll": "`replace(text, old, new)`", "trimEnd": "`trim(text)`", "trimStart": "`trim(text)`", "size": "`length(x)`",
	"map": "a pipeline: `xs as x | map x * 2`", "filter": "a pipeline: `xs as x | filter x > 1`", "sort": "a pipeline: `xs as x | sort x`",
	"find": "a pipeline: `xs as x | filter x > 1 | first()`", "some": "a pipeline: `xs as x | any(x > 1)`", "every": "a pipeline: `xs as x | all(x > 1)`",
	"reduce": "a pipeline: `xs | sum()`, `xs | max()`", "forEach": "`for x in xs { … }`", "getTime": "`t - other` gives a duration; `millis(d)` its milliseconds",
	"where": "a pipeline: `Table | filter .field == value`", "findMany": "a pipeline: `Table | filter .field == value`", "create": "`insert Table { … }`",
	"save": "`update row { field: value }`", "remove": "`delete row`",
}

// lengthField offers `length(x)` for `x.length`.
func (b *body) lengthField(f finding, x ast.Expr) {
	m, ok := x.(*ast.Member)
	if !ok || m.Safe {
		return
	}
	at := m.X.Where()
	f.help("call a built-in function as `length(x)`")
	f.d().Fix = &diag.Fix{Title: "write `length(…)`", Edits: []diag.Edit{
		{File: b.m.src, Span: source.Span{Start: at.Start, End: at.Start}, Text: "length("},
		{File: b.m.src, Span: source.Span{Start: at.End, End: m.Name.Span.End}, Text: ")"},
	}}
}
