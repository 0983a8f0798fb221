package analyze

import (
	"slices"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/diag"
)

// secrets reports programs in which a secret leaves the server, or decides what somebody outside of it can see. It follows
// all code that a client, the clock or another service can trigger. It repeats this until it learns nothing new, since the
// results of functions, the fields that guards add to ctx and the caller depend on each other. It returns the places where
// the author deliberately reveals something about a secret.
func secrets(p *ir.Program, out *report) []SecretUse {
	a := &flow{
		prog:      p,
		user:      clean,
		added:     map[*ir.Guard]*value{},
		fns:       map[*ir.Fn]*function{},
		weakest:   map[ir.Pos]form{},
		guessable: map[*ir.Guard]bool{},
	}
	for a.changed = true; a.changed; {
		a.forget()
		a.pass++
		a.changed = false
		a.out, a.used, a.uses = &report{}, map[SecretUse]bool{}, nil
		a.program()
	}
	out.list = append(out.list, a.out.list...)
	return a.uses
}

// program follows the program once, with what the previous passes have learnt.
func (a *flow) program() {
	if u := a.prog.Upgrade; u != nil {
		f := newFrame()
		a.block(f, u.Body)
		a.user = a.learn(a.user, f.result)
		a.sink(sinkAccess, u.Pos, nil, a.user.chosen)
	}
	for _, m := range a.prog.Modules {
		a.module(m)
	}
}

func (a *flow) addedBy(g *ir.Guard) *value {
	if v := a.added[g]; v != nil {
		return v
	}
	return clean
}

func (a *flow) guards(f *frame, uses []ir.GuardUse) {
	for _, use := range uses {
		inner := newFrame()
		inner.pc = f.now()
		for i, p := range use.Guard.Params {
			inner.vars[p], inner.predictable[p] = a.expr(f, use.Args[i]), a.predictable(f, use.Args[i])
			a.guessable[use.Guard] = a.guessable[use.Guard] || inner.predictable[p]
		}
		a.block(inner, use.Guard.Body)
		a.added[use.Guard] = a.learn(a.addedBy(use.Guard), inner.result)
		f.ended = union(f.ended, inner.ended)
	}
}

func (a *flow) module(m *ir.Module) {
	for _, t := range slices.Concat(m.Types, m.Shapes) {
		if r, ok := t.(*ir.Record); ok {
			a.defaults(r)
		}
	}
	for _, t := range m.Tables {
		a.defaults(t.Row)
		a.table(t)
	}
	for _, e := range m.EntryPoints() { // a room follows its members itself
		a.entryPoint(e)
	}
	for _, x := range m.Pending {
		a.pending(x)
	}
}

func (a *flow) entryPoint(e ir.EntryPoint) {
	switch x := e.(type) {
	case *ir.RPC:
		a.rpc(x)
	case *ir.Stream:
		a.stream(x)
	case *ir.Channel:
		a.channel(x)
	case *ir.Room:
		a.room(x)
	case *ir.Signal: // it is followed where it is sent
	default:
		panic(ir.UnknownEntryPoint(e))
	}
}

func (a *flow) channel(x *ir.Channel) {
	f := a.entry(x.Params, &x.Access, x.Rates)
	a.access(f, &x.Writers)
	a.lifecycle(&x.Access, x.OnSubscribe, x.OnUnsubscribe)
	a.mergeKey(x.Merge)
}

// paramDefault follows the default of a parameter. A client can leave out the parameter, so the default counts as shown.
func (a *flow) paramDefault(p *ir.Var) {
	if p.Default != nil {
		own, chosen := shown(a.expr(newFrame(), p.Default), p.Type)
		a.sink(sinkDefault, p.Default.Where(), own, chosen)
	}
}

// defaults follows the default values of fields.
func (a *flow) defaults(r *ir.Record) {
	f := newFrame()
	for _, field := range r.Fields {
		if field.Default != nil && field.Secret {
			a.guessed(f, field.Default, field)
		}
		if field.Default != nil && !field.Secret {
			own, chosen := shown(a.expr(f, field.Default), field.Type)
			a.sink(sinkStored, field.Default.Where(), own, chosen).also(field.Pos, "this field is not marked `secret`")
		}
	}
}

// table follows the policies of a table, which decide what a caller sees of it, and its keys, which identify rows.
func (a *flow) table(t *ir.Table) {
	for _, p := range []*ir.Policy{t.ReadIf, t.WriteIf} {
		if p != nil {
			f := newFrame()
			a.sink(sinkAccess, p.Cond.Where(), nil, a.expr(f, p.Cond).all())
		}
	}
	for _, k := range t.Key {
		a.secretKey(k)
	}
	for _, set := range t.Unique {
		for _, field := range set {
			if !field.Secret && len(whole(clean, field.Type)) > 0 {
				a.out.errorf(field.Pos, diag.CodeSecretDecides, "a secret in `%s` would decide whether a write fails", field.Name).
					help("make the other fields `unique` instead, as fields of the table")
			}
			if field.Secret { // a duplicate value fails
				a.uses = append(a.uses, SecretUse{Pos: field.Pos, Kind: SecretCompared, How: "unique", Secret: field.Name})
			}
		}
	}
}

func (a *flow) secretKey(k *ir.Field) {
	if k.Secret || len(whole(clean, k.Type)) > 0 {
		a.out.errorf(k.Pos, diag.CodeSecretKept, "the key `%s` cannot be a secret: everybody who sees the row sees its key", k.Name).
			help("give the row a key of its own, `id: id`, and find it by `filter sameText(.%s, …)`", k.Name)
	}
}

func (a *flow) mergeKey(m *ir.Merge) {
	if m != nil {
		for _, k := range m.Key {
			a.secretKey(k)
		}
	}
}

// entry follows what runs before the body of an entry point.
func (a *flow) entry(params []*ir.Var, access *ir.Access, rates []ir.Rate) *frame {
	f := newFrame()
	for _, p := range params {
		a.paramDefault(p)
	}
	a.access(f, access)
	for _, r := range rates {
		a.key(f, r.Key)
	}
	return f
}

func (a *flow) access(f *frame, access *ir.Access) {
	a.guards(f, access.Guards)
	for _, cond := range []ir.Expr{access.Allow, access.Gate} {
		if cond != nil {
			a.sink(sinkAccess, cond.Where(), nil, a.expr(f, cond).all())
		}
	}
}

// returns follows a body whose result the caller receives.
func (a *flow) returns(f *frame, b *ir.Block, t ir.Type) {
	a.block(f, b)
	for _, r := range f.returns {
		own, chosen := shown(r.v, t)
		a.sink(sinkResult, r.at, own, chosen)
	}
}

func (a *flow) rpc(x *ir.RPC) {
	a.returns(a.entry(x.Params, &x.Access, x.Rates), x.Body, x.Result)
}

func (a *flow) stream(x *ir.Stream) {
	a.streamValue(a.entry(x.Params, &x.Access, x.Rates), x)
	a.lifecycle(&x.Access, x.OnSubscribe, x.OnUnsubscribe)
	a.mergeKey(x.Merge)
}

func (a *flow) streamValue(f *frame, x *ir.Stream) {
	if x.Query != nil {
		own, chosen := shown(a.query(f, x.Query), x.Value)
		a.sink(sinkResult, x.Query.Pos, own, union(chosen, f.now()))
	}
	pc := f.now()
	a.returns(f, x.Body, x.Value)
	if d := x.Delta; d != nil {
		version := newFrame()
		version.pc = pc
		a.returns(version, d.Version, d.VersionType)
		diff := newFrame()
		diff.pc = pc
		a.returns(diff, d.Diff, &ir.Optional{Elem: x.Value})
	}
}

func (a *flow) lifecycle(access *ir.Access, blocks ...*ir.Block) {
	for _, b := range blocks {
		f := newFrame()
		a.guards(f, access.Guards)
		a.block(f, b)
	}
}

func (a *flow) room(x *ir.Room) {
	f := a.entry(x.Params, &x.Access, x.Rates)
	if x.Data != nil {
		a.streamValue(f, x.Data)
	}
	if p := x.Presence; p != nil {
		own, chosen := shown(a.expr(f, p.Value), p.Declared)
		a.sink(sinkEntry, p.Value.Where(), own, chosen)
	}
	a.lifecycle(&x.Access, x.OnSubscribe, x.OnUnsubscribe)
	for _, action := range x.Actions {
		a.rpc(action)
	}
}

// pending follows a construct that has no back end yet.
func (a *flow) pending(x *ir.Pending) {
	f := a.entry(x.Params, &x.Access, nil)
	for _, cond := range x.Verify {
		a.sink(sinkAccess, cond.Where(), nil, a.expr(f, cond).all())
	}
	for _, value := range x.Shown {
		a.leaves(f, sinkValue, value)
	}
	a.block(f, x.Body)
}
