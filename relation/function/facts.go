package function

var (
	// plain functions compute their result from their arguments alone, and never fail.
	plain = Fact{Pure: true, Stable: true}
	// partial ones fail for values that are out of their range.
	partial = Fact{Pure: true, Stable: true, MayFail: true}
	// relational and partialRelational ones may also stand in a pipeline over a table.
	relational        = Fact{Pure: true, Stable: true, Relational: true}
	partialRelational = Fact{Pure: true, Stable: true, MayFail: true, Relational: true}
	// ofRequest reads the request of the caller, which is the same throughout a connection.
	ofRequest = Fact{Stable: true, Request: true}
)

// facts has every function that ir.Builtin can name. What conversions and other forms of the language make by themselves, without a
// signature in the checker, is at the end.
var facts = map[string]Fact{
	"now":       {Stable: true, Carry: None}, // the instant of the call
	"newId":     {Carry: None},
	"newSecret": {Carry: None},

	"string": relational,
	"int":    partialRelational, // of a float beyond the range of int
	"float":  relational,
	"id":     relational,
	"json":   partial,

	"length":     relational,
	"lower":      relational,
	"upper":      relational,
	"trim":       relational,
	"startsWith": relational,
	"endsWith":   relational,
	"replace":    relational,
	"split":      plain,
	"join":       plain,
	"repeat":     partialRelational, // beyond 1 MiB
	"padStart":   partialRelational,
	"contains":   relational,
	"slice":      relational,
	"reverse":    plain,
	"unique":     plain,
	"concat":     plain, // also written +
	"last":       plain,
	"range":      partial,
	"keys":       plain,
	"values":     plain,

	"abs":   relational, // int is symmetric
	"min":   relational,
	"max":   relational,
	"round": partialRelational,
	"floor": partialRelational,
	"ceil":  partialRelational,
	"sqrt":  partialRelational,
	"div":   partialRelational,

	"year":     relational,
	"month":    relational,
	"day":      relational,
	"hour":     relational,
	"minute":   relational,
	"second":   relational,
	"weekday":  relational,
	"millis":   relational,
	"duration": partialRelational,

	"session":          {MayFail: true, Request: true, Session: true, Carry: None}, // reads a row, which the call itself may change
	"startSession":     {MayFail: true, Request: true, Session: true, Writes: true},
	"endSession":       {MayFail: true, Request: true, Session: true, Writes: true, Carry: None},
	"endSessions":      {MayFail: true, Writes: true},
	"endOtherSessions": {MayFail: true, Request: true, Writes: true},
	"cookie":           ofRequest,
	"header":           ofRequest,
	"query":            ofRequest,
	"bearer":           {Stable: true, Request: true, Carry: None},

	"verifyJwt":     {MayFail: true, Stable: true, Carry: Keyed, Key: 1}, // looks at the clock; fails for a key that cannot be one
	"hashPassword":  {Slow: true},                                        // draws a salt
	"checkPassword": {Pure: true, Stable: true, MayFail: true, Slow: true, Carry: Checks},
	"hmac":          {Pure: true, Stable: true, Carry: Keyed},
	"sameText":      {Pure: true, Stable: true, Relational: true, Carry: Checks},
	"putFile":       {MayFail: true, Writes: true},

	"toJson": plain,
	"reveal": {Pure: true, Stable: true, Relational: true, Carry: Reveals},
	"next":   {MayFail: true, Request: true, Session: true, Writes: true, Carry: None}, // runs the call that a middleware wraps
}
