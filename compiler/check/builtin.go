package check

import (
	"slices"
	"strconv"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/relation/function"
)

// builtin is the signature of a built-in function; package function has what else is known of it. Its params and result are fixed,
// unless generic tells the result from the arguments.
type builtin struct {
	params  []ir.Type
	omitted int // how many of the last parameters may be left out
	result  ir.Type
	generic func(b *body, x *ast.Call, args []ir.Expr) ir.Type // nil: it has reported
}

// builtins are the functions that the language has. In ir.Builtin their arguments are exactly of these types; omitted ones are absent.
//
// Further names have no signature here: toJson (any value to json), which conversions make, reveal and next.
var builtins map[string]*builtin

func init() {
	text := func(n int, result ir.Type) *builtin {
		return &builtin{params: []ir.Type{stringT, stringT, stringT}[:n], result: result}
	}
	ofTime := func(result ir.Type) *builtin { return &builtin{params: []ir.Type{timeT}, result: result} }
	optString := &ir.Optional{Elem: stringT}
	builtins = map[string]*builtin{
		"now":       {result: timeT},
		"newId":     {result: idT},
		"newSecret": {result: stringT}, // 26 characters, more than 128 random bits

		"string": {params: make([]ir.Type, 1), generic: stringOf},
		"int":    {params: make([]ir.Type, 1), generic: oneOf(intT, ir.Int, ir.Float)}, // toward zero
		"float":  {params: make([]ir.Type, 1), generic: oneOf(floatT, ir.Int, ir.Float)},
		"id":     {params: make([]ir.Type, 1), generic: oneOf(idT, ir.String, ir.ID)},
		"json":   {params: make([]ir.Type, 1), generic: oneOf(jsonT, ir.String, ir.Bytes, ir.JSON)}, // parses; VALIDATION if it is none

		"length":     {params: make([]ir.Type, 1), generic: lengthOf},
		"lower":      text(1, stringT),
		"upper":      text(1, stringT),
		"trim":       text(1, stringT),
		"startsWith": text(2, boolT),
		"endsWith":   text(2, boolT),
		"replace":    text(3, stringT), // every occurrence
		"split":      text(2, &ir.List{Elem: stringT}),
		"join":       {params: []ir.Type{&ir.List{Elem: stringT}, stringT}, result: stringT},
		"repeat":     {params: []ir.Type{stringT, intT}, result: stringT},
		"padStart":   {params: []ir.Type{stringT, intT, stringT}, result: stringT},
		"contains":   {params: make([]ir.Type, 2), generic: contains},
		"slice":      {params: []ir.Type{nil, intT, intT}, omitted: 1, generic: sliceOf}, // from, up to but without to, in code points or elements
		"reverse":    {params: make([]ir.Type, 1), generic: sameList},
		"unique":     {params: make([]ir.Type, 1), generic: sameList},
		"concat":     {params: make([]ir.Type, 2), generic: sameList},
		"last":       {params: make([]ir.Type, 1), generic: lastOf},
		"range":      {params: []ir.Type{intT, intT}, result: &ir.List{Elem: intT}}, // from, up to but without to
		"keys":       {params: make([]ir.Type, 1), generic: keysOf},                 // in order of the text
		"values":     {params: make([]ir.Type, 1), generic: valuesOf},               // in order of their keys

		"abs":   {params: make([]ir.Type, 1), generic: numeric},
		"min":   {params: make([]ir.Type, 2), generic: ordered},
		"max":   {params: make([]ir.Type, 2), generic: ordered},
		"round": {params: []ir.Type{floatT}, result: intT}, // half away from zero
		"floor": {params: []ir.Type{floatT}, result: intT},
		"ceil":  {params: []ir.Type{floatT}, result: intT},
		"sqrt":  {params: []ir.Type{floatT}, result: floatT},
		"div":   {params: []ir.Type{intT, intT}, result: intT}, // toward zero; fails for 0

		"year":     ofTime(intT), // all in UTC
		"month":    ofTime(intT), // 1 to 12
		"day":      ofTime(intT),
		"hour":     ofTime(intT),
		"minute":   ofTime(intT),
		"second":   ofTime(intT),
		"weekday":  ofTime(intT), // 1 Monday to 7 Sunday (ISO 8601)
		"millis":   {params: []ir.Type{durationT}, result: intT},
		"duration": {params: []ir.Type{intT}, result: durationT}, // of milliseconds

		"session":          {generic: session},
		"startSession":     {params: make([]ir.Type, 1), generic: startSession},
		"endSession":       {result: voidT},
		"endSessions":      {params: make([]ir.Type, 1), generic: endSessions}, // gives how many
		"endOtherSessions": {params: make([]ir.Type, 1), generic: endSessions},
		"cookie":           {params: []ir.Type{stringT}, result: optString},
		"header":           {params: []ir.Type{stringT}, result: optString},
		"query":            {params: []ir.Type{stringT}, result: optString},
		"bearer":           {result: optString},

		"verifyJwt":     {params: []ir.Type{optString, stringT}, result: jsonT}, // the claims; null if the token is absent, forged or expired
		"hashPassword":  text(1, stringT),
		"checkPassword": text(2, boolT),                              // password, hash
		"hmac":          {params: make([]ir.Type, 2), generic: hmac}, // key, data: SHA-256, in hex
		"sameText":      text(2, boolT),                              // in constant time
		"putFile":       {params: []ir.Type{stringT, bytesT}, result: stringT},
	}
}

func builtinNames() []string {
	var out []string
	for n := range builtins {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

// callBuiltin checks the call of a built-in function.
func (b *body) callBuiltin(x *ast.Call, name string, f *builtin, hint ir.Type) ir.Expr {
	if len(x.Args) > len(f.params) || len(x.Args) < len(f.params)-f.omitted {
		b.errorf(x.Span, diag.CodeArguments, "`%s` takes %s, but got %s", name, count(len(f.params)-f.omitted, len(f.params), "argument"), plural(len(x.Args), "argument"))
		for _, a := range x.Args {
			b.infer(a, nil)
		}
		return b.bad(b.pos(x))
	}
	var args []ir.Expr
	broken := false
	for i, a := range x.Args {
		b.parts = name == "length"
		e := b.expr(a, f.params[i])
		broken = broken || isBad(e.Type())
		if f.params[i] == nil && nullable(e.Type()) && name != "string" {
			b.mayBeNull(e, a.Where())
			broken = true
		}
		args = append(args, e)
	}
	fact := function.Of(name)
	switch {
	case fact.Request && (b.system && b.kind != "upgrade" && !b.webhook || b.kind == "fn" && fact.Session):
		b.errorf(x.Span, diag.CodeStatement, "`%s` reads the request of a caller, but there is no caller here", name)
		return b.bad(b.pos(x))
	case fact.Session && fact.Writes && b.kind != "rpc" && b.kind != "fn":
		b.errorf(x.Span, diag.CodeStatement, "`%s` only works in an rpc: nothing else can set a cookie in the browser", name).help("call it in an rpc")
		return b.bad(b.pos(x))
	case fact.Writes && !b.write:
		b.cannotWrite(x, "`"+name+"`")
		return b.bad(b.pos(x))
	}
	if name == "putFile" {
		b.m.pending(x, "putFile", "")
	}
	t := f.result
	if f.generic != nil {
		if broken {
			return b.bad(b.pos(x))
		}
		if name == "session" && hint != nil {
			b.c.sessionOf(b, x, elem(hint))
		}
		if t = f.generic(b, x, args); t == nil {
			return b.bad(b.pos(x))
		}
	}
	return &ir.Builtin{At: b.at(x, t), Name: name, Args: args}
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	if n == 0 {
		return "none"
	}
	return strconv.Itoa(n) + " " + word + "s"
}

func count(least, most int, word string) string {
	if least == most {
		return plural(most, word)
	}
	if least == 0 {
		return "at most " + plural(most, word)
	}
	return strconv.Itoa(least) + " to " + plural(most, word)
}

// wrongArgument reports an argument of a type that a built-in function cannot take.
func (b *body) wrongArgument(x *ast.Call, i int, t ir.Type, want string) ir.Type {
	b.errorf(x.Args[i].Where(), diag.CodeTypeMismatch, "this is `%s`, but %s is expected", ir.TypeString(t), want)
	return nil
}

func oneOf(result ir.Type, kinds ...ir.ScalarKind) func(*body, *ast.Call, []ir.Expr) ir.Type {
	return func(b *body, x *ast.Call, args []ir.Expr) ir.Type {
		if isScalar(args[0].Type(), kinds...) {
			return result
		}
		var words []string
		for _, k := range kinds {
			words = append(words, k.String())
		}
		return b.wrongArgument(x, 0, args[0].Type(), choice(words))
	}
}

func stringOf(b *body, x *ast.Call, args []ir.Expr) ir.Type {
	if e := b.toText(args[0]); isBad(e.Type()) {
		return nil
	}
	if _, ok := args[0].Type().(*ir.Enum); ok {
		args[0] = b.toText(args[0])
	}
	return stringT
}

func lengthOf(b *body, x *ast.Call, args []ir.Expr) ir.Type {
	switch t := args[0].Type().(type) {
	case *ir.List, *ir.Map:
		return intT
	default:
		if isScalar(t, ir.ID) { // an id is a text
			args[0] = b.toText(args[0])
			return intT
		}
		if isScalar(t, ir.String, ir.Bytes) {
			return intT
		}
		return b.wrongArgument(x, 0, t, "a string, a list, a map or bytes")
	}
}

func contains(b *body, x *ast.Call, args []ir.Expr) ir.Type {
	switch t := args[0].Type().(type) {
	case *ir.List:
		args[1] = b.fit(args[1], widen(t.Elem), "")
		return boolT
	default:
		if isScalar(t, ir.String, ir.ID) {
			args[0], args[1] = b.toText(args[0]), b.fit(args[1], stringT, "")
			return boolT
		}
		return b.wrongArgument(x, 0, t, "a string or a list")
	}
}

func sliceOf(b *body, x *ast.Call, args []ir.Expr) ir.Type {
	if isScalar(args[0].Type(), ir.ID) {
		args[0] = b.toText(args[0])
	}
	t := plain(args[0].Type())
	if isList(t) || isScalar(t, ir.String) {
		return t
	}
	return b.wrongArgument(x, 0, t, "a string or a list")
}

func sameList(b *body, x *ast.Call, args []ir.Expr) ir.Type {
	t := plain(args[0].Type())
	if !isList(t) {
		return b.wrongArgument(x, 0, t, "a list")
	}
	for i := range args {
		args[i] = b.fit(args[i], t, "")
	}
	return t
}

func lastOf(b *body, x *ast.Call, args []ir.Expr) ir.Type {
	l, ok := args[0].Type().(*ir.List)
	if !ok {
		return b.wrongArgument(x, 0, args[0].Type(), "a list")
	}
	return optional(l.Elem)
}

func keysOf(b *body, x *ast.Call, args []ir.Expr) ir.Type {
	if _, ok := args[0].Type().(*ir.Map); !ok {
		return b.wrongArgument(x, 0, args[0].Type(), "a map")
	}
	return &ir.List{Elem: stringT}
}

func valuesOf(b *body, x *ast.Call, args []ir.Expr) ir.Type {
	m, ok := args[0].Type().(*ir.Map)
	if !ok {
		return b.wrongArgument(x, 0, args[0].Type(), "a map")
	}
	return &ir.List{Elem: m.Elem}
}

func numeric(b *body, x *ast.Call, args []ir.Expr) ir.Type {
	t := plain(args[0].Type())
	if isScalar(t, ir.Int, ir.Float, ir.Duration) {
		return t
	}
	return b.wrongArgument(x, 0, t, "a number")
}

func ordered(b *body, x *ast.Call, args []ir.Expr) ir.Type {
	t, out := b.unify(x, nil, args...)
	if isBad(t) {
		return nil
	}
	copy(args, out)
	if !isScalar(t, ir.Int, ir.Float, ir.Duration, ir.Time, ir.String) {
		return b.wrongArgument(x, 0, t, "a number, a string, a time or a duration")
	}
	return t
}

func hmac(b *body, x *ast.Call, args []ir.Expr) ir.Type {
	for i, a := range args {
		if !isScalar(a.Type(), ir.String, ir.Bytes) {
			return b.wrongArgument(x, i, a.Type(), "a string or bytes")
		}
	}
	return stringT
}

// session gives the row that the caller's session names.
func session(b *body, x *ast.Call, _ []ir.Expr) ir.Type {
	if b.c.prog.Session == nil {
		t := b.c.prog.User
		if t == nil || t.Table == nil {
			b.errorf(x.Span, diag.CodeNoSession, "the app does not say which table its sessions belong to").help("sessions belong to rows of the table that `upgrade` returns: `upgrade -> User? = session()`")
			return nil
		}
		b.c.prog.Session = t.Table
	}
	return optional(b.c.prog.Session.Row)
}

// sessionOf takes the table of sessions from what is wanted.
func (c *checker) sessionOf(b *body, x *ast.Call, want ir.Type) {
	if r, ok := want.(*ir.Record); ok && r.Table != nil && c.prog.Session == nil {
		c.prog.Session = r.Table
		if len(r.Table.Key) != 1 {
			b.errorf(x.Span, diag.CodeNoSession, "a session identifies a row by one value, but `%s` has a key of several fields", r.Name)
		}
	}
}

func startSession(b *body, x *ast.Call, args []ir.Expr) ir.Type {
	if r := userRow(b, x, args); r != nil {
		return r
	}
	return nil
}

func endSessions(b *body, x *ast.Call, args []ir.Expr) ir.Type {
	if userRow(b, x, args) == nil {
		return nil
	}
	return intT
}

// userRow is the type of a user whose sessions a call is about; nil if it is given something else.
func userRow(b *body, x *ast.Call, args []ir.Expr) *ir.Record {
	r, ok := args[0].Type().(*ir.Record)
	if !ok || r.Table == nil {
		b.wrongArgument(x, 0, args[0].Type(), "a row of the user table")
		return nil
	}
	if b.c.prog.Session == nil {
		b.c.prog.Session = r.Table
	}
	if b.c.prog.Session != r.Table {
		b.errorf(x.Args[0].Where(), diag.CodeNoSession, "sessions belong to rows of `%s`, not of `%s`", b.c.prog.Session.Row.Name, r.Name)
		return nil
	}
	return r
}
