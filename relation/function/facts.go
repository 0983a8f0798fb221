package function

var (
	// plain functions depend only on their arguments, and never fail.
	plain = Fact{Pure: true, Stable: true}
	// partial functions fail for values that are out of range.
	partial = Fact{Pure: true, Stable: true, MayFail: true}
	// relational and partialRelational functions may also be used in pipelines over tables.
	relational        = Fact{Pure: true, Stable: true, Relational: true}
	partialRelational = Fact{Pure: true, Stable: true, MayFail: true, Relational: true}
	// ofRequest functions read the caller's request, which does not change during a connection.
	ofRequest = Fact{Stable: true, Request: true}
)

// facts has all functions that ir.Builtin can contain. Those that conversions and other forms of the language insert,
// which have no signature in the checker, are at the end.
var facts = map[string]Fact{
	"now":       {Stable: true, Carry: None}, // the instant of the call
	"newId":     {Carry: None},
	"newSecret": {Carry: None},

	"string": relational,
	"int":    partialRelational, // fails for a float beyond the range of int
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
	"repeat":     partialRelational, // fails beyond 1 MiB
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

	"abs":   relational, // never fails: the range of int is symmetric
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

	"verifyJwt":     {MayFail: true, Stable: true, Carry: Keyed, Key: 1}, // depends on the current time; fails for an invalid key
	"hashPassword":  {Slow: true},                                        // uses a random salt
	"checkPassword": {Pure: true, Stable: true, MayFail: true, Slow: true, Carry: Checks},
	"hmac":          {Pure: true, Stable: true, Carry: Keyed},
	"sameText":      {Pure: true, Stable: true, Relational: true, Carry: Checks},
	"putFile":       {MayFail: true, Writes: true},

	"toJson": plain,
	"reveal": {Pure: true, Stable: true, Relational: true, Carry: Reveals},
	"next":   {MayFail: true, Request: true, Session: true, Writes: true, Carry: None}, // runs the call that the middleware surrounds
}
