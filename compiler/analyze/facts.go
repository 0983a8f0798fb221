package analyze

import (
	"github.com/livec-lang/livec/compiler/ir"
)

// Facts are the results of the analyses, for the passes and emitters that follow.
type Facts struct {
	Footprints map[ir.EntryPoint]*Footprint // of all entry points except signals, which run nothing
	Hidden     map[*ir.Stream]*Hidden       // of each derived stream
	Secrets    []SecretUse                  // where a secret is revealed, or a row is sent past its policy; in source order
	JWTKeys    map[*ir.EnvVar]bool          // settings that are keys of verifyJwt
}

// Footprint returns what an entry point does. It panics if there is no footprint: an analysis has left out the entry point.
func (f *Facts) Footprint(e ir.EntryPoint) *Footprint {
	p := f.Footprints[e]
	if p == nil {
		panic("analyze: no footprint of " + e.Head().Path())
	}
	return p
}

// Mode is how an entry point uses the database.
type Mode uint8

// The modes.
const (
	Pure Mode = iota
	Read
	Write
)

// Footprint is what an entry point does, including the guards and functions that it runs. Lists are sorted.
type Footprint struct {
	Mode      Mode
	Reads     []*ir.Table
	Writes    []*ir.Table
	Externs   []*ir.Extern
	Publishes []string // names of streams and channels: module/name
	Signals   []*ir.Signal
	Errors    []string // codes that it can fail with; a code of the system is listed only if it is certain to be possible
	Session   bool     // starts or ends a session
	UsesUser  bool     // reads ctx.user
}

// Hidden are the hidden parameters of a derived stream: everything that its body reads about its caller, including the
// functions it calls and the read policies of the tables it queries. They are evaluated for each subscriber after the access
// checks. Together with the arguments they identify the topic. The computation is shared by all subscribers of the topic; it
// receives the hidden parameters and knows nothing else about a caller. ctx.path is not a hidden parameter: it is the name
// of the stream for everybody.
type Hidden struct {
	User  bool           // ctx.user
	IP    bool           // ctx.ip
	Added []*ir.CtxAdded // fields that guards have added, each once
}

// SecretUse is a place where the author deliberately reveals something about a secret.
type SecretUse struct {
	Pos    ir.Pos
	Kind   SecretKind
	How    string // the function: reveal, sameText, checkPassword
	Secret string // the name of the field or setting, or of the table
}

// SecretKind is how a secret is used.
type SecretKind string

// The kinds of uses.
const (
	SecretRevealed SecretKind = "revealed"
	SecretCompared SecretKind = "compared"
	SecretSent     SecretKind = "sent" // rows are sent to users who may not pass the policy of the table
)
