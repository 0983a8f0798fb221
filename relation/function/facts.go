package function

var (
	// plain functions depend only on their arguments, and never fail.
	plain = Fact{Pure: true, Stable: true}
	// partial functions fail for values that are out of range, or results that are too large.
	partial = Fact{Pure: true, Stable: true, MayFail: true}
	// relational and partialRelational functions may also be used in pipelines over tables.
	relational        = Fact{Pure: true, Stable: true, Relational: true}
	partialRelational = Fact{Pure: true, Stable: true, MayFail: true, Relational: true}
	// ofRequest functions read the caller's request, which does not change during a connection.
	ofRequest = Fact{Stable: true, Request: true}
)

// of returns the fact with what bounds the results.
func (f Fact) of(s Size) Fact {
	f.Size = s
	return f
}

// facts has all functions that ir.Builtin can contain. Those that conversions and other forms of the language insert,
// which have no signature in the checker, are at the end.
var facts = map[string]Fact{
	"now":       {Stable: true, Carry: None, Size: Fixed}, // the instant of the call
	"newId":     {Carry: None, Size: Fixed},
	"newSecret": {Carry: None, Size: Fixed},

	"string": relational.of(Near),
	"int":    partialRelational.of(Fixed), // fails for a float beyond the range of int
	"float":  relational.of(Fixed),
	"id":     relational.of(Part),
	"json":   partial.of(Near),

	"length":     relational.of(Fixed),
	"lower":      relational.of(Near),
	"upper":      relational.of(Near),
	"trim":       relational.of(Part),
	"startsWith": relational.of(Fixed),
	"endsWith":   relational.of(Fixed),
	"replace":    partialRelational.of(Made),
	"split":      partial.of(Made),
	"join":       partial.of(Joined),
	"repeat":     partialRelational.of(Made),
	"padStart":   partialRelational.of(Made),
	"contains":   relational.of(Fixed),
	"slice":      relational.of(Part),
	"reverse":    plain.of(Part),
	"unique":     plain.of(Part),
	"concat":     plain.of(Joined), // also written +
	"last":       plain.of(Part),
	"range":      partial.of(Made),
	"keys":       plain.of(Part),
	"values":     plain.of(Part),

	"abs":   relational.of(Fixed), // never fails: the range of int is symmetric
	"min":   relational.of(Part),
	"max":   relational.of(Part),
	"round": partialRelational.of(Fixed),
	"floor": partialRelational.of(Fixed),
	"ceil":  partialRelational.of(Fixed),
	"sqrt":  partialRelational.of(Fixed),
	"div":   partialRelational.of(Fixed),

	"year":     relational.of(Fixed),
	"month":    relational.of(Fixed),
	"day":      relational.of(Fixed),
	"hour":     relational.of(Fixed),
	"minute":   relational.of(Fixed),
	"second":   relational.of(Fixed),
	"weekday":  relational.of(Fixed),
	"millis":   relational.of(Fixed),
	"duration": partialRelational.of(Fixed),

	"session":          {MayFail: true, Request: true, Session: true, Carry: None, Size: Part}, // reads a row
	"startSession":     {MayFail: true, Request: true, Session: true, Writes: true, Size: Part},
	"endSession":       {MayFail: true, Request: true, Session: true, Writes: true, Carry: None, Size: Fixed},
	"endSessions":      {MayFail: true, Writes: true, Size: Fixed},
	"endOtherSessions": {MayFail: true, Request: true, Writes: true, Size: Fixed},
	"cookie":           ofRequest.of(Part),
	"header":           ofRequest.of(Part),
	"query":            ofRequest.of(Part),
	"bearer":           {Stable: true, Request: true, Carry: None, Size: Part},

	"verifyJwt":     {MayFail: true, Stable: true, Carry: Keyed, Key: 1, Size: Near}, // depends on the current time; fails for an invalid key
	"hashPassword":  {Slow: true, Size: Fixed},                                       // uses a random salt
	"checkPassword": {Pure: true, Stable: true, MayFail: true, Slow: true, Carry: Checks, Size: Fixed},
	"hmac":          {Pure: true, Stable: true, Carry: Keyed, Size: Fixed},
	"sameText":      {Pure: true, Stable: true, Relational: true, Carry: Checks, Size: Fixed},
	"putFile":       {MayFail: true, Writes: true, Size: Part},

	"toJson": plain.of(Joined),
	"reveal": {Pure: true, Stable: true, Relational: true, Carry: Reveals, Size: Part},
	"next":   {MayFail: true, Request: true, Session: true, Writes: true, Carry: None, Size: Part}, // runs the call
}
