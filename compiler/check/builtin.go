package check

import (
	"slices"

	"github.com/livec-lang/livec/compiler/check/types"
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
		return &builtin{params: []ir.Type{types.String, types.String, types.String}[:n], result: result}
	}
	ofTime := func(result ir.Type) *builtin { return &builtin{params: []ir.Type{types.Time}, result: result} }
	optString := &ir.Optional{Elem: types.String}
	builtins = map[string]*builtin{
		"now":       {result: types.Time},
		"newId":     {result: types.ID},
		"newSecret": {result: types.String}, // 26 characters, more than 128 random bits

		"string": {params: make([]ir.Type, 1), generic: stringOf},
		"int":    {params: make([]ir.Type, 1), generic: oneOf(types.Int, ir.Int, ir.Float)}, // toward zero
		"float":  {params: make([]ir.Type, 1), generic: oneOf(types.Float, ir.Int, ir.Float)},
		"id":     {params: make([]ir.Type, 1), generic: oneOf(types.ID, ir.String, ir.ID)},
		"json":   {params: make([]ir.Type, 1), generic: oneOf(types.JSON, ir.String, ir.Bytes, ir.JSON)}, // parses; VALIDATION if it is none

		"length":     {params: make([]ir.Type, 1), generic: lengthOf},
		"lower":      text(1, types.String),
		"upper":      text(1, types.String),
		"trim":       text(1, types.String),
		"startsWith": text(2, types.Bool),
		"endsWith":   text(2, types.Bool),
		"replace":    text(3, types.String), // every occurrence
		"split":      text(2, &ir.List{Elem: types.String}),
		"join":       {params: []ir.Type{&ir.List{Elem: types.String}, types.String}, result: types.String},
		"repeat":     {params: []ir.Type{types.String, types.Int}, result: types.String},
		"padStart":   {params: []ir.Type{types.String, types.Int, types.String}, result: types.String},
		"contains":   {params: make([]ir.Type, 2), generic: contains},
		// from, up to but without to, in code points or elements
		"slice":   {params: []ir.Type{nil, types.Int, types.Int}, omitted: 1, generic: sliceOf},
		"reverse": {params: make([]ir.Type, 1), generic: sameList},
		"unique":  {params: make([]ir.Type, 1), generic: sameList},
		"concat":  {params: make([]ir.Type, 2), generic: sameList},
		"last":    {params: make([]ir.Type, 1), generic: lastOf},
		"range":   {params: []ir.Type{types.Int, types.Int}, result: &ir.List{Elem: types.Int}}, // from, up to but without to
		"keys":    {params: make([]ir.Type, 1), generic: keysOf},                                // in order of the text
		"values":  {params: make([]ir.Type, 1), generic: valuesOf},                              // in order of their keys

		"abs":   {params: make([]ir.Type, 1), generic: numeric},
		"min":   {params: make([]ir.Type, 2), generic: ordered},
		"max":   {params: make([]ir.Type, 2), generic: ordered},
		"round": {params: []ir.Type{types.Float}, result: types.Int}, // half away from zero
		"floor": {params: []ir.Type{types.Float}, result: types.Int},
		"ceil":  {params: []ir.Type{types.Float}, result: types.Int},
		"sqrt":  {params: []ir.Type{types.Float}, result: types.Float},
		"div":   {params: []ir.Type{types.Int, types.Int}, result: types.Int}, // toward zero; fails for 0

		"year":     ofTime(types.Int), // all in UTC
		"month":    ofTime(types.Int), // 1 to 12
		"day":      ofTime(types.Int),
		"hour":     ofTime(types.Int),
		"minute":   ofTime(types.Int),
		"second":   ofTime(types.Int),
		"weekday":  ofTime(types.Int), // 1 Monday to 7 Sunday (ISO 8601)
		"millis":   {params: []ir.Type{types.Duration}, result: types.Int},
		"duration": {params: []ir.Type{types.Int}, result: types.Duration}, // of milliseconds

		"session":          {generic: session},
		"startSession":     {params: make([]ir.Type, 1), generic: startSession},
		"endSession":       {result: types.Void},
		"endSessions":      {params: make([]ir.Type, 1), generic: endSessions}, // gives how many
		"endOtherSessions": {params: make([]ir.Type, 1), generic: endSessions},
		"cookie":           {params: []ir.Type{types.String}, result: optString},
		"header":           {params: []ir.Type{types.String}, result: optString},
		"query":            {params: []ir.Type{types.String}, result: optString},
		"bearer":           {result: optString},

		// the claims; null if the token is absent, forged or expired
		"verifyJwt":     {params: []ir.Type{optString, types.String}, result: types.JSON},
		"hashPassword":  text(1, types.String),
		"checkPassword": text(2, types.Bool),                         // password, hash
		"hmac":          {params: make([]ir.Type, 2), generic: hmac}, // key, data: SHA-256, in hex
		"sameText":      text(2, types.Bool),                         // in constant time
		"putFile":       {params: []ir.Type{types.String, types.Bytes}, result: types.String},
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
		b.errorf(x.Span, diag.CodeArguments, "`%s` takes %s, but got %s", name, diag.Range(len(f.params)-f.omitted, len(f.params), "argument"),
			diag.Count(len(x.Args), "argument"))
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
		broken = broken || types.IsBad(e.Type())
		if f.params[i] == nil && types.Nullable(e.Type()) && name != "string" {
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
		b.errorf(x.Span, diag.CodeStatement, "`%s` only works in an rpc: nothing else can set a cookie in the browser", name).
			help("call it in an rpc")
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
			b.c.sessionOf(b, x, types.Elem(hint))
		}
		if t = f.generic(b, x, args); t == nil {
			return b.bad(b.pos(x))
		}
	}
	return &ir.Builtin{At: b.at(x, t), Name: name, Args: args}
}

// wrongArgument reports an argument of a type that a built-in function cannot take.
func (b *body) wrongArgument(x *ast.Call, i int, t ir.Type, want string) ir.Type {
	b.errorf(x.Args[i].Where(), diag.CodeTypeMismatch, "this is `%s`, but %s is expected", ir.TypeString(t), want)
	return nil
}

func oneOf(result ir.Type, kinds ...ir.ScalarKind) func(*body, *ast.Call, []ir.Expr) ir.Type {
	return func(b *body, x *ast.Call, args []ir.Expr) ir.Type {
		if types.IsScalar(args[0].Type(), kinds...) {
			return result
		}
		var words []string
		for _, k := range kinds {
			words = append(words, k.String())
		}
		return b.wrongArgument(x, 0, args[0].Type(), diag.Or(words))
	}
}

func stringOf(b *body, x *ast.Call, args []ir.Expr) ir.Type {
	if e := b.toText(args[0]); types.IsBad(e.Type()) {
		return nil
	}
	if _, ok := args[0].Type().(*ir.Enum); ok {
		args[0] = b.toText(args[0])
	}
	return types.String
}

func lengthOf(b *body, x *ast.Call, args []ir.Expr) ir.Type {
	switch t := args[0].Type().(type) {
	case *ir.List, *ir.Map:
		return types.Int
	default:
		if types.IsScalar(t, ir.ID) { // an id is a text
			args[0] = b.toText(args[0])
			return types.Int
		}
		if types.IsScalar(t, ir.String, ir.Bytes) {
			return types.Int
		}
		return b.wrongArgument(x, 0, t, "a string, a list, a map or bytes")
	}
}

func contains(b *body, x *ast.Call, args []ir.Expr) ir.Type {
	switch t := args[0].Type().(type) {
	case *ir.List:
		args[1] = b.fit(args[1], types.Widen(t.Elem), "")
		return types.Bool
	default:
		if types.IsScalar(t, ir.String, ir.ID) {
			args[0], args[1] = b.toText(args[0]), b.fit(args[1], types.String, "")
			return types.Bool
		}
		return b.wrongArgument(x, 0, t, "a string or a list")
	}
}

func sliceOf(b *body, x *ast.Call, args []ir.Expr) ir.Type {
	if types.IsScalar(args[0].Type(), ir.ID) {
		args[0] = b.toText(args[0])
	}
	t := types.Plain(args[0].Type())
	if types.IsList(t) || types.IsScalar(t, ir.String) {
		return t
	}
	return b.wrongArgument(x, 0, t, "a string or a list")
}

func sameList(b *body, x *ast.Call, args []ir.Expr) ir.Type {
	t := types.Plain(args[0].Type())
	if !types.IsList(t) {
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
	return types.Optional(l.Elem)
}

func keysOf(b *body, x *ast.Call, args []ir.Expr) ir.Type {
	if _, ok := args[0].Type().(*ir.Map); !ok {
		return b.wrongArgument(x, 0, args[0].Type(), "a map")
	}
	return &ir.List{Elem: types.String}
}

func valuesOf(b *body, x *ast.Call, args []ir.Expr) ir.Type {
	m, ok := args[0].Type().(*ir.Map)
	if !ok {
		return b.wrongArgument(x, 0, args[0].Type(), "a map")
	}
	return &ir.List{Elem: m.Elem}
}

func numeric(b *body, x *ast.Call, args []ir.Expr) ir.Type {
	t := types.Plain(args[0].Type())
	if types.IsScalar(t, ir.Int, ir.Float, ir.Duration) {
		return t
	}
	return b.wrongArgument(x, 0, t, "a number")
}

func ordered(b *body, x *ast.Call, args []ir.Expr) ir.Type {
	t, out := b.unify(x, nil, args...)
	if types.IsBad(t) {
		return nil
	}
	copy(args, out)
	if !types.IsScalar(t, ir.Int, ir.Float, ir.Duration, ir.Time, ir.String) {
		return b.wrongArgument(x, 0, t, "a number, a string, a time or a duration")
	}
	return t
}

func hmac(b *body, x *ast.Call, args []ir.Expr) ir.Type {
	for i, a := range args {
		if !types.IsScalar(a.Type(), ir.String, ir.Bytes) {
			return b.wrongArgument(x, i, a.Type(), "a string or bytes")
		}
	}
	return types.String
}

// session gives the row that the caller's session names.
func session(b *body, x *ast.Call, _ []ir.Expr) ir.Type {
	if b.c.prog.Session == nil {
		t := b.c.prog.User
		if t == nil || t.Table == nil {
			b.errorf(x.Span, diag.CodeNoSession, "the app does not say which table its sessions belong to").
				help("sessions belong to rows of the table that `upgrade` returns: `upgrade -> User? = session()`")
			return nil
		}
		b.c.prog.Session = t.Table
	}
	return types.Optional(b.c.prog.Session.Row)
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
	return types.Int
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
