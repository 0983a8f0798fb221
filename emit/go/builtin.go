package emitgo

import (
	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/relation/function"
)

// builtin is the Go form of a built-in function. call says whether it needs the Call. write writes the Go code, which
// also returns an error if package function lists the function as one that may fail. The list contains the functions of
// compiler/check/signature/signature.go and those that the checker inserts.
type builtin struct {
	call  bool
	write func(b *body, x *ir.Builtin, args []val) *jen.Statement
}

// goFunc returns the form of a built-in function that is a Go function with the same arguments.
func goFunc(path, name string) builtin {
	return builtin{write: func(_ *body, _ *ir.Builtin, args []val) *jen.Statement {
		return jen.Qual(path, name).Call(codes(args)...)
	}}
}

// method returns the form of a built-in function that is a method of the Call.
func method(name string) builtin {
	return builtin{call: true, write: func(_ *body, _ *ir.Builtin, args []val) *jen.Statement {
		return jen.Id("c").Dot(name).Call(codes(args)...)
	}}
}

// ofTime returns the form of a built-in function that is a method of a time and returns a number.
func ofTime(name string) builtin {
	return builtin{write: func(_ *body, _ *ir.Builtin, args []val) *jen.Statement {
		return jen.Int64().Parens(args[0].dot(name).Call())
	}}
}

func codes(args []val) []jen.Code {
	out := make([]jen.Code, len(args))
	for i, a := range args {
		out[i] = a.any()
	}
	return out
}

var builtins map[string]builtin

func init() { // in init, since the table and the functions in it refer to each other
	builtins = map[string]builtin{
		"now":       method("Now"),
		"newId":     method("NewID"),
		"newSecret": goFunc("crypto/rand", "Text"),

		"string": {write: stringOf},
		"int":    {write: intOf},
		"float":  {write: func(_ *body, _ *ir.Builtin, args []val) *jen.Statement { return jen.Float64().Parens(args[0].any()) }},
		"id":     {write: same},
		"json":   {write: jsonOf},
		"toJson": {write: toJSON},
		"reveal": {write: same}, // only the compiler uses it

		"length":     {write: lengthOf},
		"lower":      goFunc("strings", "ToLower"),
		"upper":      goFunc("strings", "ToUpper"),
		"trim":       goFunc("strings", "TrimSpace"),
		"startsWith": goFunc("strings", "HasPrefix"),
		"endsWith":   goFunc("strings", "HasSuffix"),
		"replace":    goFunc(valuePath, "Replace"),
		"split":      goFunc(valuePath, "Split"),
		"join":       goFunc(valuePath, "JoinText"),
		"repeat":     goFunc(valuePath, "Repeat"),
		"padStart":   goFunc(valuePath, "PadStart"),
		"contains":   {write: contains},
		"slice":      {write: sliceOf},
		"reverse":    goFunc(valuePath, "Reverse"),
		"unique":     goFunc(valuePath, "Unique"),
		"concat":     goFunc(valuePath, "Concat"),
		"last":       goFunc(valuePath, "Last"),
		"range":      goFunc(valuePath, "Range"),
		"keys":       goFunc(valuePath, "Keys"),
		"values":     goFunc(valuePath, "Values"),

		"abs":   {write: absOf},
		"min":   {write: leastOf("min", "Earlier")},
		"max":   {write: leastOf("max", "Later")},
		"round": goFunc(valuePath, "Round"),
		"floor": goFunc(valuePath, "Floor"),
		"ceil":  goFunc(valuePath, "Ceil"),
		"sqrt":  goFunc(valuePath, "Sqrt"),
		"div":   goFunc(valuePath, "IntDiv"),

		"year":     ofTime("Year"),
		"month":    ofTime("Month"),
		"day":      ofTime("Day"),
		"hour":     ofTime("Hour"),
		"minute":   ofTime("Minute"),
		"second":   ofTime("Second"),
		"weekday":  goFunc(valuePath, "Weekday"),
		"millis":   {write: func(_ *body, _ *ir.Builtin, args []val) *jen.Statement { return args[0].dot("Milliseconds").Call() }},
		"duration": goFunc(valuePath, "Millis"),

		"session":          {call: true, write: session},
		"startSession":     {call: true, write: ofUser("StartSession")},
		"endSession":       method("EndSession"),
		"endSessions":      {call: true, write: ofUser("EndSessions")},
		"endOtherSessions": {call: true, write: ofUser("EndOtherSessions")},
		"cookie":           method("Cookie"),
		"header":           method("Header"),
		"query":            method("QueryParam"),
		"bearer":           method("Bearer"),

		"verifyJwt": {call: true, write: func(_ *body, _ *ir.Builtin, args []val) *jen.Statement {
			return live("VerifyJWT").Call(jen.Id("c"), args[0].any(), args[1].any())
		}},
		"hashPassword":  method("HashPassword"),
		"checkPassword": method("CheckPassword"),
		"hmac":          {write: hmacOf},
		"sameText":      goFunc(authPath, "Equal"),
	}
}

// builtin writes the call of a built-in function.
func (b *body) builtin(x *ir.Builtin, want string) val {
	f, ok := builtins[x.Name]
	if !ok {
		fail(x.Pos, "no Go for the built-in function %s", x.Name)
	}
	args := b.exprs(x.Args)
	switch {
	case x.Name == "startSession": // returns its argument
		row := b.keep(args[0], "account")
		b.check(f.write(b, x, []val{row}))
		return row
	case x.Name == "endSession":
		b.check(f.write(b, x, args))
		return simple(live("None").Values())
	case x.Name == "int" && kindOf(x.Args[0].Type()) == ir.Int, x.Name == "json" && kindOf(x.Args[0].Type()) == ir.JSON:
		return args[0]
	case function.Of(x.Name).MayFail:
		return b.try(b.name(want, resultOf(x.Name)), f.write(b, x, args))
	}
	return call(f.write(b, x, args))
}

// resultOf returns a variable name for the result of a built-in function whose own name has a meaning in Go.
func resultOf(name string) string {
	switch name {
	case "int":
		return "number"
	case "json":
		return "parsed"
	case "session":
		return "account"
	case "verifyJwt":
		return "claims"
	case "endSessions", "endOtherSessions":
		return "ended"
	}
	return name
}

func same(_ *body, _ *ir.Builtin, args []val) *jen.Statement { return args[0].any() }

var textFuncs = map[ir.ScalarKind]string{
	ir.Int:      "IntText",
	ir.Float:    "FloatText",
	ir.Bool:     "BoolText",
	ir.Time:     "TimeText",
	ir.Duration: "DurationText",
}

func stringOf(_ *body, x *ir.Builtin, args []val) *jen.Statement {
	if name, ok := textFuncs[kindOf(x.Args[0].Type())]; ok {
		return value(name).Call(args[0].any())
	}
	return args[0].any()
}

func intOf(_ *body, _ *ir.Builtin, args []val) *jen.Statement {
	return value("Truncate").Call(args[0].any())
}

func jsonOf(_ *body, x *ir.Builtin, args []val) *jen.Statement {
	if kindOf(x.Args[0].Type()) == ir.Bytes {
		return live("ParseJSON").Call(args[0].any())
	}
	return live("ParseJSON").Call(jen.Index().Byte().Parens(args[0].any()))
}

func toJSON(b *body, x *ir.Builtin, args []val) *jen.Statement {
	t := x.Args[0].Type()
	if isNull(t) || isNil(x.Args[0]) {
		return jen.Qual("encoding/json", "RawMessage").Call(jen.Lit("null"))
	}
	return value("ToJSON").Call(args[0].typed(), b.g.encodeFunc(t, false))
}

func lengthOf(_ *body, x *ir.Builtin, args []val) *jen.Statement {
	if isText(x.Args[0].Type()) {
		return jen.Int64().Parens(jen.Qual("unicode/utf8", "RuneCountInString").Call(args[0].any()))
	}
	return jen.Int64().Parens(jen.Len(args[0].any()))
}

func contains(b *body, x *ir.Builtin, args []val) *jen.Statement {
	l, ok := x.Args[0].Type().(*ir.List)
	if !ok {
		return jen.Qual("strings", "Contains").Call(codes(args)...)
	}
	return b.has(l.Elem, args[0], args[1])
}

func sliceOf(_ *body, x *ir.Builtin, args []val) *jen.Statement {
	name := "Slice"
	if isText(x.Args[0].Type()) {
		name = "SliceText"
	}
	return value(name).Call(codes(args)...)
}

func absOf(_ *body, _ *ir.Builtin, args []val) *jen.Statement {
	return value("Abs").Call(args[0].typed())
}

// leastOf returns the form of min or max. Go has both, but not for times.
func leastOf(name, ofTimes string) func(*body, *ir.Builtin, []val) *jen.Statement {
	return func(_ *body, x *ir.Builtin, args []val) *jen.Statement {
		if kindOf(x.T) == ir.Time {
			return value(ofTimes).Call(codes(args)...)
		}
		return jen.Id(name).Call(args[0].typed(), args[1].any())
	}
}

func hmacOf(_ *body, x *ir.Builtin, args []val) *jen.Statement {
	text := func(i int) *jen.Statement {
		if kindOf(x.Args[i].Type()) == ir.Bytes {
			return jen.String().Parens(args[i].any())
		}
		return args[i].any()
	}
	return jen.Qual(authPath, "HMAC").Call(text(0), text(1))
}

// session writes the code that reads the user row of the caller's session.
func session(b *body, x *ir.Builtin, _ []val) *jen.Statement {
	t := b.g.sessionTable(x.Pos)
	return live("Session").Call(jen.Id("c"), jen.Id(b.g.tableVar[t]), jen.Id(b.g.fromRow(t.Row, b.g.plans.Table(t).Columns)))
}

func (g *gen) sessionTable(pos ir.Pos) *ir.Table {
	t := g.p.Session
	if t == nil || len(t.Key) != 1 {
		fail(pos, "sessions belong to rows of a table with a key of one field")
	}
	return t
}

// ofUser returns the form of a built-in function that is a method of the Call and takes the key of a user row.
func ofUser(method string) func(*body, *ir.Builtin, []val) *jen.Statement {
	return func(b *body, x *ir.Builtin, args []val) *jen.Statement {
		t := b.g.sessionTable(x.Pos)
		return jen.Id("c").Dot(method).Call(b.g.keyText(t.Key[0].Type, args[0].dot(b.g.field(t.Key[0]))))
	}
}

// keyText returns the value of a key as a string.
func (g *gen) keyText(t ir.Type, x *jen.Statement) *jen.Statement {
	switch {
	case isText(t):
		return x
	case kindOf(t) == ir.Int:
		return value("IntText").Call(x)
	}
	if _, ok := t.(*ir.Enum); ok {
		return jen.String().Parens(x)
	}
	return value("Text").Call(x, g.encodeFunc(t, true))
}
