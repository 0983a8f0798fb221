package analyze

import (
	"slices"

	"github.com/livec-lang/livec/compiler/ir"
	facts "github.com/livec-lang/livec/relation/function"
)

// maxContexts is for how many kinds of arguments a function is described. Further calls with secrets share one description, of all their arguments together.
const maxContexts = 16

// function is what is known of a function of the app.
type function struct {
	summaries []*summary
	rest      *summary // of the calls behind maxContexts
}

// summary describes what a function gives for arguments of one kind.
type summary struct {
	args   []*value
	pc     labels
	result *value
	busy   bool // its body is being followed: a call that comes back to it takes the result so far
	again  bool // it did, and that result has become another one
}

func (a *flow) call(f *frame, x ir.Expr) *value {
	switch x := x.(type) {
	case *ir.CallFn:
		args := make([]*value, len(x.Args))
		for i, arg := range x.Args {
			args[i] = a.expr(f, arg)
		}
		return a.callFn(f, x.Fn, args)
	case *ir.CallExtern:
		return a.callExtern(f, x)
	case *ir.Builtin:
		return a.builtin(f, x)
	}
	panic(unknown(x))
}

// callFn gives what a function gives for these arguments. Its body is followed once for each kind of arguments, and again while a call to itself has not come to an end.
func (a *flow) callFn(f *frame, fn *ir.Fn, args []*value) *value {
	s := a.summary(fn, args, f.pc)
	if s.busy {
		s.again = true
		return s.result
	}
	if s.result != nil {
		return s.result
	}
	s.busy, s.result = true, clean
	for {
		s.again = false
		args, pc := s.args, s.pc
		inner := newFrame(f.door)
		inner.pc = pc
		for i, p := range fn.Params {
			inner.vars[p] = args[i]
		}
		a.block(inner, fn.Body)
		before := s.result
		s.result = join(s.result, inner.result).bounded(maxDepth)
		if !s.again || s.result.same(before) && s.fits(args, pc) {
			break
		}
	}
	s.busy = false
	return s.result
}

// summary finds or makes the description of a call.
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
		s := &summary{args: args, pc: pc}
		known.summaries = append(known.summaries, s)
		return s
	}
	r := known.rest
	if r == nil {
		r = &summary{args: make([]*value, len(args))}
		for i := range r.args {
			r.args[i] = clean
		}
		known.rest = r
	}
	grown := &summary{args: make([]*value, len(args)), pc: union(r.pc, pc)}
	for i := range args {
		grown.args[i] = &value{own: union(r.args[i].all(), args[i].all())}
	}
	if !r.fits(grown.args, grown.pc) {
		if r.busy { // what is being followed takes in the new arguments when it comes round
			r.args, r.pc, r.again = grown.args, grown.pc, true
			return r
		}
		known.rest = grown
	}
	return known.rest
}

// bare tells whether there is no secret in a call: most are like that, and shall not pay for the others.
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

// callExtern calls a function written in Go, which does with its arguments what it wants. Its result holds what it was given.
func (a *flow) callExtern(f *frame, x *ir.CallExtern) *value {
	var given labels
	for i, arg := range x.Args {
		v := a.expr(f, arg)
		own, chosen := shown(v, arg.Type())
		given = union(given, own, chosen)
		if p := x.Extern.Params[i]; !p.Secret {
			a.sink(f, sinkExtern, arg.Where(), own, chosen).also(p.Pos, "this parameter is not marked `secret`")
		}
	}
	a.mayFail(f, x.Pos, f.pc)
	return sized(&value{own: given}, x.T)
}

// builtin describes what a built-in function gives.
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
	switch fact.Carry {
	case facts.Reveals:
		a.note(ir.SecretRevealed, x, args[0].all())
		return clean
	case facts.Checks:
		return a.compared(x, args, all)
	case facts.Keyed:
		if x.Name == "hmac" { // nobody learns a key that a person has set
			return &value{own: union(fieldsOf(args[fact.Key].all()), without(args, fact.Key))}
		}
		out := a.compared(x, args, all)
		return &value{own: union(out.own, without(args, fact.Key))}
	case facts.Carries, facts.None:
	}
	switch x.Name {
	case "toJson": // written as clients see it
		own, chosen := shown(args[0], x.Args[0].Type())
		return &value{own: own, chosen: chosen}
	case "concat", "reverse", "slice", "last", "values", "unique", "min", "max":
		return a.elements(f, x, args, all)
	case "startSession":
		own, chosen := shown(args[0], x.Args[0].Type())
		a.sink(f, sinkSession, x.Pos, own, union(chosen, f.pc))
		a.mayFail(f, x.Pos, nil)
		return args[0]
	case "endSession":
		a.sink(f, sinkSession, x.Pos, nil, f.pc)
	case "endSessions", "endOtherSessions": // gives how many sessions there are, whatever the row holds
		own, chosen := shown(args[0], x.Args[0].Type())
		a.sink(f, sinkSession, x.Pos, own, union(chosen, f.pc))
		a.mayFail(f, x.Pos, nil)
		return clean
	case "putFile":
		a.sink(f, sinkFile, x.Pos, all, f.pc)
	}
	if fact.MayFail {
		a.mayFail(f, x.Pos, all)
	}
	if x.Name == "length" {
		return &value{own: a.size(args[0], x.Args[0].Type())}
	}
	switch x.Name {
	case "string", "id", "lower", "upper", "trim": // of the secret as it is
	default:
		all = partial(all)
	}
	return sized(&value{own: all}, x.T)
}

// size is what tells how much there is of a value: of a text all of it.
func (a *flow) size(v *value, t ir.Type) labels {
	switch t.(type) {
	case *ir.List, *ir.Map:
		return v.chosen
	}
	return v.all()
}

// compared describes what a function says that compares secrets as they are. Of a part of one it would say too much: whoever asks for one letter after the other has all of them in the end.
func (a *flow) compared(x *ir.Builtin, args []*value, all labels) *value {
	a.note(ir.SecretCompared, x, all)
	out := partials(all)
	for _, v := range args {
		out = union(out, v.decided())
	}
	return &value{own: out}
}

// without is what is in all arguments but the key.
func without(args []*value, key int) (out labels) {
	for i, v := range args {
		if i != key {
			out = union(out, v.all())
		}
	}
	return out
}

// fieldsOf are the labels of fields, without those of settings.
func fieldsOf(s labels) labels {
	return slices.DeleteFunc(slices.Clone(s), func(l label) bool { return l.what != "field" })
}

// few describes the result of such a function where the elements are single values.
func (a *flow) few(x *ir.Builtin, args []*value, all labels) *value {
	out := &value{own: partial(all)}
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

// elements describes the result of a function that gives some of what it was given.
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
	if x.Name == "unique" { // looks at all of each
		out = out.after(all)
	}
	return out
}
