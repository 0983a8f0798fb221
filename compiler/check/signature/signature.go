// Package signature has the parameter and result types of the built-in functions. Package function has all other facts about them.
package signature

import (
	"slices"

	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
)

// Signature is the signature of one function. It is fixed unless Generic is set, which computes the result from the arguments.
type Signature struct {
	Params  []ir.Type // nil for a parameter of any type
	Omitted int       // how many of the last parameters may be omitted
	Result  ir.Type
	Generic func(c Call, args []ir.Expr) ir.Type // returns nil if it has reported a mistake; it may convert arguments in place
}

// Call is the interface to the checker for the call being checked.
type Call interface {
	// Fit converts an argument to a type, or reports that this is not possible.
	Fit(x ir.Expr, want ir.Type) ir.Expr
	// Text converts an argument to a string.
	Text(x ir.Expr) ir.Expr
	// Unify converts the arguments to one type and returns it. It returns types.Bad if it has reported that there is none.
	Unify(args []ir.Expr) (ir.Type, []ir.Expr)
	// Wrong reports that argument i has a type that the function does not accept, and returns nil.
	Wrong(i int, got ir.Type, want string) ir.Type
	// Session returns the optional row type of the user of the caller's session; nil if it has reported that the app
	// does not say which table that is.
	Session() ir.Type
	// UserRow returns the row type of the user whose sessions the call ends or starts; nil if it has reported that the
	// argument is not a user.
	UserRow(got ir.Type) *ir.Record
}

// Of has the signatures of the built-in functions by name. In an ir.Builtin the arguments have exactly these types;
// omitted ones are absent.
//
// Three forms have no signature: toJson, which conversions insert, reveal, and next.
var Of map[string]*Signature

func init() {
	text := func(n int, result ir.Type) *Signature {
		return &Signature{Params: []ir.Type{types.String, types.String, types.String}[:n], Result: result}
	}
	ofTime := func(result ir.Type) *Signature { return &Signature{Params: []ir.Type{types.Time}, Result: result} }
	optString := &ir.Optional{Elem: types.String}
	Of = map[string]*Signature{
		"now":       {Result: types.Time},
		"newId":     {Result: types.ID},
		"newSecret": {Result: types.String}, // 26 characters, more than 128 random bits

		"string": {Params: make([]ir.Type, 1), Generic: stringOf},
		"int":    {Params: make([]ir.Type, 1), Generic: oneOf(types.Int, ir.Int, ir.Float)}, // toward zero
		"float":  {Params: make([]ir.Type, 1), Generic: oneOf(types.Float, ir.Int, ir.Float)},
		"id":     {Params: make([]ir.Type, 1), Generic: oneOf(types.ID, ir.String, ir.ID)},
		"json":   {Params: make([]ir.Type, 1), Generic: oneOf(types.JSON, ir.String, ir.Bytes, ir.JSON)}, // parses; may fail with VALIDATION

		"length":     {Params: make([]ir.Type, 1), Generic: lengthOf},
		"lower":      text(1, types.String),
		"upper":      text(1, types.String),
		"trim":       text(1, types.String),
		"startsWith": text(2, types.Bool),
		"endsWith":   text(2, types.Bool),
		"replace":    text(3, types.String), // replaces every occurrence
		"split":      text(2, &ir.List{Elem: types.String}),
		"join":       {Params: []ir.Type{&ir.List{Elem: types.String}, types.String}, Result: types.String},
		"repeat":     {Params: []ir.Type{types.String, types.Int}, Result: types.String},
		"padStart":   {Params: []ir.Type{types.String, types.Int, types.String}, Result: types.String},
		"contains":   {Params: make([]ir.Type, 2), Generic: contains},
		// from (inclusive), to (exclusive); in code points or elements
		"slice":   {Params: []ir.Type{nil, types.Int, types.Int}, Omitted: 1, Generic: sliceOf},
		"reverse": {Params: make([]ir.Type, 1), Generic: sameList},
		"unique":  {Params: make([]ir.Type, 1), Generic: sameList},
		"concat":  {Params: make([]ir.Type, 2), Generic: sameList},
		"last":    {Params: make([]ir.Type, 1), Generic: lastOf},
		"range":   {Params: []ir.Type{types.Int, types.Int}, Result: &ir.List{Elem: types.Int}}, // from (inclusive), to (exclusive)
		"keys":    {Params: make([]ir.Type, 1), Generic: keysOf},                                // sorted
		"values":  {Params: make([]ir.Type, 1), Generic: valuesOf},                              // sorted by key

		"abs":   {Params: make([]ir.Type, 1), Generic: numeric},
		"min":   {Params: make([]ir.Type, 2), Generic: ordered},
		"max":   {Params: make([]ir.Type, 2), Generic: ordered},
		"round": {Params: []ir.Type{types.Float}, Result: types.Int}, // rounds half away from zero
		"floor": {Params: []ir.Type{types.Float}, Result: types.Int},
		"ceil":  {Params: []ir.Type{types.Float}, Result: types.Int},
		"sqrt":  {Params: []ir.Type{types.Float}, Result: types.Float},
		"div":   {Params: []ir.Type{types.Int, types.Int}, Result: types.Int}, // rounds toward zero; fails for 0

		"year":     ofTime(types.Int), // all in UTC
		"month":    ofTime(types.Int), // 1 to 12
		"day":      ofTime(types.Int),
		"hour":     ofTime(types.Int),
		"minute":   ofTime(types.Int),
		"second":   ofTime(types.Int),
		"weekday":  ofTime(types.Int), // 1 Monday to 7 Sunday (ISO 8601)
		"millis":   {Params: []ir.Type{types.Duration}, Result: types.Int},
		"duration": {Params: []ir.Type{types.Int}, Result: types.Duration}, // from milliseconds

		"session":          {Generic: session},
		"startSession":     {Params: make([]ir.Type, 1), Generic: startSession},
		"endSession":       {Result: types.Void},
		"endSessions":      {Params: make([]ir.Type, 1), Generic: endSessions}, // returns the number of sessions
		"endOtherSessions": {Params: make([]ir.Type, 1), Generic: endSessions},
		"cookie":           {Params: []ir.Type{types.String}, Result: optString},
		"header":           {Params: []ir.Type{types.String}, Result: optString},
		"query":            {Params: []ir.Type{types.String}, Result: optString},
		"bearer":           {Result: optString},

		// returns the claims; null if the token is absent, forged or expired
		"verifyJwt":     {Params: []ir.Type{optString, types.String}, Result: types.JSON},
		"hashPassword":  text(1, types.String),
		"checkPassword": text(2, types.Bool),                         // password, hash
		"hmac":          {Params: make([]ir.Type, 2), Generic: hmac}, // key, data: SHA-256, in hex
		"sameText":      text(2, types.Bool),                         // in constant time
		"putFile":       {Params: []ir.Type{types.String, types.Bytes}, Result: types.String},
	}
}

// Names returns the names of all functions, sorted.
func Names() []string {
	var out []string
	for n := range Of {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}
