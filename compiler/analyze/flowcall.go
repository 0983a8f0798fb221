package analyze

import (
	"slices"

	"github.com/livec-lang/livec/compiler/ir"
	facts "github.com/livec-lang/livec/relation/function"
)

// maxContexts is the number of kinds of arguments for which a function is summarized separately. Further calls with secrets
// share one summary for all their arguments together.
const maxContexts = 16

// function is what is known about a function of the app.
type function struct {
	summaries []*summary
	rest      *summary // for the calls beyond maxContexts
}

// summary describes the result of a function for arguments of one kind.
type summary struct {
	args   []*value
	pc     labels
	result *value
	pass   int  // the last pass in which its body was followed
	busy   bool // it is being followed: a recursive call uses the result so far
}

func (a *flow) call(f *frame, x ir.Expr) *value {
	switch x := x.(type) {
	case *ir.CallFn:
		args := make([]*value, len(x.Args))
		for i, arg := range x.Args {
			args[i] = a.expr(f, arg)
		}
		return a.callFn(f, x, args)
	case *ir.CallExtern:
		return a.callExtern(f, x)
	case *ir.Builtin:
		return a.builtin(f, x)
	}
	panic(unknown(x))
}

// callFn returns the result of a function for these arguments, as far as it is known. In each pass the body is followed once
// for each kind of arguments. Passes repeat until nothing new is found, which also covers functions that call each other.
func (a *flow) callFn(f *frame, x *ir.CallFn, args []*value) *value {
	s := a.summary(x.Fn, args, f.now())
	if s.busy {
		a.mayFail(f, x.Pos, nil) // the recursion may be too deep
	}
	if s.pass == a.pass {
		return s.result
	}
	s.pass, s.busy = a.pass, true
	inner := newFrame()
	inner.pc = s.pc
	for i, p := range x.Fn.Params {
		inner.vars[p] = s.args[i]
	}
	a.block(inner, x.Fn.Body)
	s.busy = false
	s.result = a.learn(s.result, inner.result)
	return s.result
}

// learn joins a new description with the known one.
func (a *flow) learn(known, new *value) *value {
	out := join(known, new).bounded(maxDepth)
	a.changed = a.changed || !out.same(known)
	return out
}

// summary finds or makes the summary for a call.
func (a *flow) summary(fn *ir.Fn, args []*value, pc labels) *summary {
	known := a.fns[fn]
	if known == nil {
		known = &function{}
		a.fns[fn] = known
	}
	for _, s := range known.summaries {
		if s.fits(args, pc) {
			return s
		}
	}
	if len(known.summaries) < maxContexts || bare(args, pc) {
		s := &summary{args: args, pc: pc, result: clean}
		known.summaries = append(known.summaries, s)
		return s
	}
	r := known.rest
	if r == nil {
		r = &summary{args: make([]*value, len(args)), result: clean}
		for i := range r.args {
			r.args[i] = clean
		}
		known.rest = r
	}
	for i := range args {
		r.args[i] = a.learn(r.args[i], made(args[i].all()))
	}
	if grown := union(r.pc, pc); len(grown) > len(r.pc) {
		r.pc, a.changed = grown, true
	}
	return r
}

// forget drops summaries that the last pass did not use, which makes room for those of the next pass.
func (a *flow) forget() {
	for _, known := range a.fns {
		known.summaries = slices.DeleteFunc(known.summaries, func(s *summary) bool { return s.pass != a.pass })
	}
}

// bare reports whether a call involves no secret. Most calls do not, and need no summary of their own.
func bare(args []*value, pc labels) bool {
	return len(pc) == 0 && !slices.ContainsFunc(args, func(v *value) bool { return len(v.all()) > 0 })
}

func (s *summary) fits(args []*value, pc labels) bool {
	if !slices.Equal(s.pc, pc) {
		return false
	}
	for i, v := range args {
		if !v.same(s.args[i]) {
			return false
		}
	}
	return true
}

// callExtern describes the result of a function written in Go. Such a function may combine all its arguments in any way. The
// result contains the secret fields among the arguments, but not settings: an app passes settings such as the key of another
// service, and the service does not return its key.
func (a *flow) callExtern(f *frame, x *ir.CallExtern) *value {
	var given labels
	for i, arg := range x.Args {
		v := a.expr(f, arg)
		all := whole(v, arg.Type())
		if p := x.Extern.Params[i]; p.Secret {
			given = union(given, unkeyed(v, all, partial)) // a setting may be part of a text, such as a header
		} else {
			a.sink(sinkExtern, arg.Where(), all, nil).also(p.Pos, "this parameter is not marked `secret`")
			given = union(given, all)
		}
	}
	a.sink(sinkExtern, x.Pos, nil, f.now())
	return made(given)
}

// unkeyed returns what remains of secrets after a function that uses them as keys and does not show them: fields, which may
// be short, and parts of settings.
func unkeyed(v *value, all labels, least form) labels {
	return union(shortOf(all), all.from(least), v.decided())
}

// builtin describes the result of a built-in function.
func (a *flow) builtin(f *frame, x *ir.Builtin) *value {
	args := make([]*value, len(x.Args))
	var all labels
	for i, arg := range x.Args {
		args[i] = a.expr(f, arg)
		all = union(all, whole(args[i], arg.Type()))
	}
	if !ruled("builtin " + x.Name) {
		return clean
	}
	fact := facts.Of(x.Name)
	var decided labels
	for _, v := range args {
		decided = union(decided, v.decided())
	}
	switch fact.Carry {
	case facts.Reveals:
		a.note(SecretRevealed, x, args[0].all())
		return clean
	case facts.Checks, facts.Keyed:
		if fact.MayFail {
			a.mayFail(f, x.Pos, union(all.from(partial), decided))
		}
		return a.compared(x, fact, args, all, decided)
	case facts.Carries, facts.None:
	}
	switch x.Name {
	case "startSession", "endSession", "endSessions", "endOtherSessions":
		return a.session(f, x, args)
	}
	if fact.MayFail {
		a.mayFail(f, x.Pos, all)
	}
	switch x.Name {
	case "toJson": // in the form that clients see
		own, chosen := shown(args[0], x.Args[0].Type())
		return made(union(own, chosen))
	case "concat", "reverse", "slice", "last", "values", "unique", "min", "max":
		return a.elements(f, x, args, all)
	case "length":
		return made(a.size(args[0], x.Args[0].Type()).in(partial))
	case "string", "id", "lower", "upper", "trim": // of the secret as it is
		return &value{own: all.in(rewritten), chosen: decided}
	case "hashPassword":
		return &value{own: digested(all), chosen: decided}
	case "putFile":
		a.sink(sinkFile, x.Pos, all, f.now())
	}
	return made(all.in(partial))
}

// size returns the labels that the size of a value reveals. The length of a text depends on all of it.
func (a *flow) size(v *value, t ir.Type) labels {
	switch t.(type) {
	case *ir.List, *ir.Map:
		return v.chosen
	}
	return v.all()
}

// session follows a function that starts or ends sessions. It receives the key of a user; whoever uses the session can find
// out which user.
func (a *flow) session(f *frame, x *ir.Builtin, args []*value) *value {
	var own, chosen labels
	for i, v := range args {
		in, by := shown(v, x.Args[i].Type())
		own, chosen = union(own, in), union(chosen, by)
	}
	a.sink(sinkSession, x.Pos, own, union(chosen, f.now()))
	a.mayFail(f, x.Pos, union(own, chosen))
	if len(args) > 0 && element(x.T) == element(x.Args[0].Type()) {
		return args[0]
	}
	return made(union(own, chosen))
}

// compared describes the result of a function that compares secrets, or uses one as a key. If a secret is compared as a
// whole, the result reveals practically nothing. If a part of it is compared, the result reveals too much: a caller could
// guess one letter after the other.
func (a *flow) compared(x *ir.Builtin, fact facts.Fact, args []*value, all, decided labels) *value {
	if x.Name == "hmac" {
		a.note(SecretCompared, x, args[fact.Key].all())
		out := digested(unkeyed(args[fact.Key], args[fact.Key].all(), rewritten))
		for i, v := range args {
			if i != fact.Key {
				out = union(out, digested(v.all()))
			}
		}
		return &value{own: out, chosen: decided}
	}
	a.note(SecretCompared, x, all)
	least, holding := partial, 0
	for i, v := range args {
		if len(whole(v, x.Args[i].Type())) > 0 {
			holding++
		}
	}
	if holding > 1 { // comparing a secret with its lower-case form would reveal whether it has upper-case letters
		least = rewritten
	}
	out := union(all.from(least), decided)
	for _, l := range all { // a digest with the whole secret as the key reveals nothing of the secret, so the other argument does not count
		if l.digest && l.form != asIs {
			out = union(out, labels{l})
		}
	}
	if fact.Carry == facts.Keyed { // the result comes from the other arguments
		for i, v := range args {
			if i != fact.Key {
				out = union(out, v.all())
			}
		}
	}
	return made(out)
}

// shortOf returns the labels of secrets that can be guessed.
func shortOf(s labels) labels {
	return slices.DeleteFunc(slices.Clone(s), func(l label) bool { return !l.short })
}

// few describes the result of such a function if the elements are single values, or the value is a text.
func (a *flow) few(x *ir.Builtin, args []*value, all labels) *value {
	if x.Name == "slice" && isText(x.T) && isPrefix(x.Args[1:]) {
		return made(digestless(all).in(partial)).holding(all.without(digestless(all))).after(args[0].decided())
	}
	out := &value{own: all.in(partial)}
	for i, v := range args {
		switch x.Args[i].Type().(type) {
		case *ir.List, *ir.Map:
			out = out.after(v.chosen)
		default:
			out = out.after(v.all())
		}
	}
	if x.Name == "unique" {
		out = out.after(all)
	}
	return out
}

func isText(t ir.Type) bool {
	s, ok := t.(*ir.Scalar)
	return ok && s.Kind == ir.String
}

// minDigits is how many characters of a digest may be compared alone, such as the six digits of a one-time password (RFC
// 6238).
const minDigits = 6

// isPrefix reports whether a slice has constant bounds and takes enough characters from the start. Several short parts
// could reveal the whole text.
func isPrefix(bounds []ir.Expr) bool {
	if len(bounds) != 2 {
		return false
	}
	from, ok := bounds[0].(*ir.Lit)
	to, is := bounds[1].(*ir.Lit)
	if !ok || !is || from.Value != int64(0) {
		return false
	}
	n, whole := to.Value.(int64)
	return whole && n >= minDigits
}

// elements describes the result of a function that returns some of the elements of its arguments.
func (a *flow) elements(f *frame, x *ir.Builtin, args []*value, all labels) *value {
	if _, record := element(x.T).(*ir.Record); !record && !isUnion(element(x.T)) {
		return a.few(x, args, all)
	}
	out := args[0]
	for i, v := range args[1:] {
		if _, same := element(x.Args[i+1].Type()).(*ir.Record); same {
			out = join(out, v)
		} else {
			out = out.after(v.all())
		}
	}
	if x.Name == "unique" { // it compares the whole elements
		out = out.after(all)
	}
	return out
}
