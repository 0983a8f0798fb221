package diag

// Code is the stable name of a kind of diagnostic, such as LIVE0107. It never changes its meaning, and a code that is no longer given is not given anew to something else.
//
// The comment behind a constant is the code's title, which its page explain/CODE.md has too.
type Code string

// LIVE00xx: the text, and its syntax.
const ()

// LIVE01xx: names and modules.
const ()

// LIVE02xx: types.
const ()

// LIVE03xx: declarations, who may do what, guards.
const ()

// LIVE04xx: pipelines and live queries.
const (
	CodeUnplannable  Code = "LIVE0410" // a pipeline has no relational form
	CodeNotLive      Code = "LIVE0411" // a pipeline cannot be kept up to date exactly
	CodeMissingIndex Code = "LIVE0412" // a query looks through a table row by row
)

// LIVE05xx: statements, and the flow through them.
const ()

// LIVE06xx: published streams, channels, rooms, effects.
const ()

// LIVE09xx: the tools.
const ()
