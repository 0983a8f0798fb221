// Package foreign lists words that people write who know JavaScript, TypeScript, Python or SQL, and what to write in Live instead.
package foreign

// Word is what to write instead of a word of another language.
type Word struct {
	Help  string // what to do
	Write string // the exact replacement; empty if the author has to choose
	Stray bool   // more follows, as after `new`, so that one statement looks like two
}

// Values are names of values, and words at the start of statements.
var Values = map[string]Word{
	"undefined": {Help: "the empty value is `null`", Write: "null"},
	"nil":       {Help: "the empty value is `null`", Write: "null"},
	"None":      {Help: "the empty value is `null`", Write: "null"},
	"NULL":      {Help: "the empty value is `null`", Write: "null"},
	"True":      {Help: "write `true`", Write: "true"},
	"False":     {Help: "write `false`", Write: "false"},
	"await":     {Help: "remove it: a call returns its value, and there is nothing to await", Stray: true},
	"new":       {Help: "remove it: `User { … }` makes a value, `insert User { … }` a row", Stray: true},
	"not":       {Help: "write `!`", Stray: true},
	"throw":     {Help: "to fail, write `fail NOT_FOUND \"message\"`", Stray: true},
	"raise":     {Help: "to fail, write `fail NOT_FOUND \"message\"`", Stray: true},
	"elif":      {Help: "write `else if`", Stray: true},
	"elseif":    {Help: "write `else if`", Stray: true},
	"while":     {Help: "to loop over a list, write `for x in xs { … }`", Stray: true},
	"try":       {Help: "a failure ends the call and undoes its writes, so there is nothing to catch", Stray: true},
	"expect":    {Help: "`expect` only works in tests; write `require … else CODE`", Stray: true},
	"switch":    {Help: "write `match x { 1 => …, 2, 3 => …, _ => … }`", Stray: true},
	"case":      {Help: "write an arm of a match as `1 => …`", Stray: true},
	"yield":     {Help: "a body returns one value, with `return`", Stray: true},
	"select":    {Help: "write a query as a pipeline: `Table | filter .field == value | sort .field`", Stray: true},
	"this":      {Help: "read a field of the row as `.name`; the caller is `ctx.user`"},
	"self":      {Help: "read a field of the row as `.name`; the caller is `ctx.user`"},
	"console":   {Help: "write to the log with `log info \"text\" { field: value }`"},
	"process":   {Help: "declare settings as `env { KEY: string }`, and read them as `env.KEY`"},
	"user":      {Help: "the caller is `ctx.user`", Write: "ctx.user"},
	"Math":      {Help: "write `abs(x)`, `min(a, b)`, `max(a, b)`, `round(x)`, `floor(x)`, `ceil(x)` or `sqrt(x)`"},
	"JSON":      {Help: "to read JSON, write `json(text)`; a field of type `json` takes any value as it is"},
	"Date":      {Help: "write `now()` for the current time"},
}

// Types are names of types in other languages.
var Types = map[string]Word{
	"number":    {Help: "write `int` or `float`"},
	"Number":    {Help: "write `int` or `float`"},
	"boolean":   {Write: "bool"},
	"Boolean":   {Write: "bool"},
	"str":       {Write: "string"},
	"text":      {Write: "string"},
	"Text":      {Write: "string"},
	"varchar":   {Write: "string"},
	"VARCHAR":   {Write: "string"},
	"TEXT":      {Write: "string"},
	"integer":   {Write: "int"},
	"Integer":   {Write: "int"},
	"INTEGER":   {Write: "int"},
	"long":      {Write: "int"},
	"bigint":    {Write: "int"},
	"double":    {Write: "float"},
	"real":      {Write: "float"},
	"decimal":   {Write: "float"},
	"date":      {Write: "time"},
	"Date":      {Write: "time"},
	"datetime":  {Write: "time"},
	"timestamp": {Write: "time"},
	"any":       {Write: "json"},
	"unknown":   {Write: "json"},
	"object":    {Write: "json"},
	"uuid":      {Write: "id"},
	"UUID":      {Write: "id"},
	"blob":      {Write: "bytes"},
	"Buffer":    {Write: "bytes"},
	"void":      {Help: "leave out `->` where there is no result"},
	"Array":     {Help: "write a list as `[T]`, such as `[string]`"},
	"List":      {Help: "write a list as `[T]`, such as `[string]`"},
	"Set":       {Help: "write a list as `[T]`, such as `[string]`"},
	"Map":       {Help: "write a map as `[string: T]`"},
	"Record":    {Help: "write a map as `[string: T]` and a record as `{ field: T }`"},
	"Promise":   {Help: "remove it: a call returns its value, and there is nothing to await"},
	"Partial":   {Help: "write `Todo.patch` for `Todo` with every field optional"},
}

// Methods are methods of other languages, with what to write instead.
var Methods = map[string]string{
	"toUpperCase": "`upper(x)`", "toLowerCase": "`lower(x)`", "toString": "`string(x)`", "toFixed": "`string(x)`",
	"includes": "`contains(text, part)`, or `x in list`", "has": "`key in map`", "indexOf": "`contains(text, part)`, or `x in list`",
	"push": "`concat(list, [x])`, which returns a new list", "concat": "`concat(a, b)`", "substring": "`slice(text, from, to)`",
	"substr":     "`slice(text, from, to)`",
	"replaceAll": "`replace(text, old, new)`", "trimEnd": "`trim(text)`", "trimStart": "`trim(text)`", "size": "`length(x)`",
	"map": "a pipeline: `xs as x | map x * 2`", "filter": "a pipeline: `xs as x | filter x > 1`", "sort": "a pipeline: `xs as x | sort x`",
	"find": "a pipeline: `xs as x | filter x > 1 | first()`", "some": "a pipeline: `xs as x | any(x > 1)`",
	"every":  "a pipeline: `xs as x | all(x > 1)`",
	"reduce": "a pipeline: `xs | sum()`, `xs | max()`", "forEach": "`for x in xs { … }`",
	"getTime": "`t - other` gives a duration; `millis(d)` its milliseconds",
	"where":   "a pipeline: `Table | filter .field == value`", "findMany": "a pipeline: `Table | filter .field == value`",
	"create": "`insert Table { … }`",
	"save":   "`update row { field: value }`", "remove": "`delete row`",
}
