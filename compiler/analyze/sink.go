package analyze

import (
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/diag"
)

// sink is a place where outsiders can see a value, or can see an effect that depends on it.
type sink string

// The sinks.
const (
	sinkResult    sink = "result"
	sinkEvent     sink = "event"
	sinkSignal    sink = "signal"
	sinkEntry     sink = "entry" // of a member of a room
	sinkValue     sink = "value" // of an aggregate
	sinkError     sink = "error"
	sinkLog       sink = "log"
	sinkKey       sink = "key"
	sinkExtern    sink = "extern"
	sinkStored    sink = "stored"
	sinkDefault   sink = "default"
	sinkFile      sink = "file"
	sinkSession   sink = "session"
	sinkFailure   sink = "failure"
	sinkOperation sink = "operation"
	sinkWrite     sink = "write"
	sinkAccess    sink = "access"
)

// words describe a sink for people: where a secret would go, and what it would decide.
var words = map[sink]struct{ goes, decides string }{
	sinkResult:    {"would leave the server", "would decide what a caller sees"},
	sinkEvent:     {"would leave the server in an event", "would decide what is published"},
	sinkSignal:    {"would leave the server in a signal", "would decide which signal is sent"},
	sinkEntry:     {"would leave the server in a presence", "would decide what others see of a user"},
	sinkValue:     {"would leave the server", "would decide what a caller sees"},
	sinkError:     {"would leave the server in an error", "would decide what an error says"},
	sinkLog:       {"would be written to the log", "would decide what is written to the log"},
	sinkKey:       {"would be used as a key", "would decide which key is used"},
	sinkExtern:    {"would be passed to an extern function", "would decide what is passed to an extern function"},
	sinkStored:    {"would be stored in a field that is not secret", "would decide what is stored in a field that is not secret"},
	sinkDefault:   {"would be the default of a parameter, which clients can see", "would decide the default of a parameter"},
	sinkFile:      {"would be written to a file", "would decide whether a file is written"},
	sinkSession:   {"would identify a session", "would decide who is signed in"},
	sinkFailure:   {"would leave the server in an error", "would decide whether a call fails"},
	sinkOperation: {"would leave the server in an error", "would decide whether a call fails"},
	sinkWrite:     {"would be stored in a field that is not secret", "would decide whether something is written"},
	sinkAccess:    {"would leave the server", "would decide who may do this"},
}

// sink reports the secrets that reach a sink: own are those in the value, and chosen are those that decided about it.
func (a *flow) sink(to sink, at ir.Pos, own, chosen labels) finding {
	last := finding{}
	if !ruled("sink " + string(to)) {
		return last
	}
	for _, l := range own {
		last = a.goes(to, at, l)
	}
	for _, l := range chosen.without(own) {
		last = a.decided(to, at, l)
	}
	return last
}

func (a *flow) goes(to sink, at ir.Pos, l label) finding {
	code := diag.CodeSecretField
	if to == sinkStored || to == sinkDefault || to == sinkExtern || to == sinkKey {
		code = diag.CodeSecretKept
	}
	if a.reported(code, l, at) {
		return finding{}
	}
	f := a.out.errorf(placeOf(l, at), code, "the secret %s `%s` %s", l.what, l.name, words[to].goes)
	a.labelled(f, l, at)
	if l.form == partial {
		f.help("`sameText` and `checkPassword` compare whole secrets: a value made from a part of a secret stays secret")
	}
	switch to {
	case sinkStored:
		f.help("mark the field that stores it `secret` as well, or leave it out")
	case sinkExtern:
		f.help("mark the parameter: `name: type secret`")
	case sinkLog, sinkError, sinkFailure, sinkDefault:
		f.help("leave it out")
	case sinkKey:
		f.help("use another value as the key, such as an id")
	default:
		if l.what == "setting" {
			return f.help("leave it out")
		}
		f.help("leave it out, or reveal it on purpose in a `map`: `reveal(.%s)`", l.name)
	}
	return f
}

func (a *flow) decided(to sink, at ir.Pos, l label) finding {
	if a.reported(diag.CodeSecretDecides, l, at) {
		return finding{}
	}
	f := a.out.errorf(placeOf(l, at), diag.CodeSecretDecides, "the secret %s `%s` %s", l.what, l.name, words[to].decides)
	a.labelled(f, l, at)
	return f.help("compare it with `sameText(…)` or `checkPassword(…)`, or only check that there is one: `!= null`").
		help("remove `secret` if everybody may know the value")
}

// reported reports whether a secret that is read at a place has been reported. Fixing that place fixes all sinks that the
// secret reaches.
func (a *flow) reported(code diag.Code, l label, at ir.Pos) bool {
	p := placeOf(l, at)
	for _, d := range a.out.list {
		if d.Code == code && d.Primary.File == p.File && d.Primary.Span == p.Span {
			return true
		}
	}
	return false
}

// placeOf returns the place that a diagnostic about a secret points to: where the secret is read, or, if no expression reads
// it, where it goes.
func placeOf(l label, at ir.Pos) ir.Pos {
	if l.read == l.declared {
		return at
	}
	return l.read
}

func (a *flow) labelled(f finding, l label, at ir.Pos) {
	if p := placeOf(l, at); p != at && !within(p, at) {
		f.also(at, "it would leave here")
	}
	f.also(l.declared, "marked `secret` here")
}

// within reports whether a span is inside of another.
func within(inner, outer ir.Pos) bool {
	return inner.File == outer.File && outer.Span.Start <= inner.Span.Start && inner.Span.End <= outer.Span.End
}

// note records a use of secrets for reviewers of the app.
func (a *flow) note(kind SecretKind, x *ir.Builtin, of labels) {
	for _, l := range of {
		use := SecretUse{Pos: x.Pos, Kind: kind, How: x.Name, Secret: l.name}
		if !a.used[use] {
			a.used[use] = true
			a.uses = append(a.uses, use)
		}
	}
}
