package analyze

import (
	"github.com/livec-lang/livec/compiler/ir"
)

// Facts are what the analyses find out about a program, for the passes and emitters after them.
type Facts struct {
	Footprints map[ir.EntryPoint]*Footprint // of all entry points but signals, which run nothing
	Hidden     map[*ir.Stream]*Hidden       // of each derived stream
	Secrets    []SecretUse                  // where a secret, or a row past its policy, becomes known; in the order of the text
	JWTKeys    map[*ir.EnvVar]bool          // settings that verifyJwt uses as a key
}

// Footprint is what an entry point does. An entry point of which that is not known has been left out of the analysis: a defect.
func (f *Facts) Footprint(e ir.EntryPoint) *Footprint {
	p := f.Footprints[e]
	if p == nil {
		panic("analyze: no footprint of " + e.Head().Path())
	}
	return p
}

// Mode is what an entry point does to the database.
type Mode uint8

// The modes.
const (
	Pure Mode = iota
	Read
	Write
)

// Footprint is what an entry point does, with the guards and functions that it runs. Lists are sorted.
type Footprint struct {
	Mode      Mode
	Reads     []*ir.Table
	Writes    []*ir.Table
	Externs   []*ir.Extern
	Publishes []string // names of streams and channels: module/name
	Signals   []*ir.Signal
	Errors    []string // codes that it can give; those of the system only where it is certain that they are possible
	Session   bool     // starts or ends a session
	UsesUser  bool     // reads ctx.user
}

// Hidden are the hidden parameters of a derived stream: all that its body reads of its caller, with the functions it calls and
// the read policies of the tables it queries. They are evaluated for each caller who subscribes, after the checks, and name the
// topic together with the arguments. The computation, which all who share the topic have in common, gets them and knows nothing
// else of any caller. ctx.path is not among them: it is the name of the stream for everybody.
type Hidden struct {
	User  bool           // ctx.user
	IP    bool           // ctx.ip
	Added []*ir.CtxAdded // what guards have added, each field once
}

// SecretUse is a place where the author lets something be known of a secret.
type SecretUse struct {
	Pos    ir.Pos
	Kind   SecretKind
	How    string // the function: reveal, sameText, checkPassword
	Secret string // the name of the field or setting, or of the table
}

// SecretKind is what is done with a secret.
type SecretKind string

// The kinds of uses.
const (
	SecretRevealed SecretKind = "revealed"
	SecretCompared SecretKind = "compared"
	SecretSent     SecretKind = "sent" // rows, to those who are not known to pass the policy of their table
)
