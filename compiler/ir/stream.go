package ir

// Stream is a live stream: its events come from the writes. Derived and published streams are added beside Query with their issues.
type Stream struct {
	Pos     Pos
	Module  string
	Name    string
	Doc     []string
	Params  []*Var
	Access  Access
	Rates   []Rate
	Query   *Query // Args are evaluated when a client subscribes
	Value   Type   // what the client holds: List of Row, Optional of Row, or a scalar
	Effects Effects
}
