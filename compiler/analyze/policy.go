package analyze

import (
	"slices"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/relation"
)

// policies reports protected rows that are sent to users who may not pass the row's policy: in events, in signals and in the
// presence of rooms. Authors who intend this write `reveal(…)`. It returns the places with `reveal(…)`.
func policies(p *ir.Program, r *report) []SecretUse {
	a := &policyCheck{prog: p, out: r, trace: newTracer(p)}
	for _, m := range p.Modules {
		for _, e := range m.AllEntryPoints() {
			a.entryPoint(e)
		}
		for _, x := range m.Pending {
			a.body(nil, x.Body)
		}
	}
	return a.uses
}

// entryPoint follows the bodies of an entry point that may send: those that run after a write or a subscription.
func (a *policyCheck) entryPoint(e ir.EntryPoint) {
	switch x := e.(type) {
	case *ir.RPC:
		a.body(x.Params, x.Body)
	case *ir.Stream: // its body only reads
		a.body(x.Params, x.OnSubscribe, x.OnUnsubscribe)
	case *ir.Channel:
		a.body(x.Params, x.OnSubscribe, x.OnUnsubscribe)
	case *ir.Room:
		a.body(x.Params, x.OnSubscribe, x.OnUnsubscribe)
		a.presence(x)
	case *ir.Signal: // it runs nothing
	default:
		panic(ir.UnknownEntryPoint(e))
	}
}

// policyCheck is the search for rows that are sent past their policy.
type policyCheck struct {
	prog  *ir.Program
	out   *report
	trace *tracer
	uses  []SecretUse
}

// sending is the state for the body that sends.
type sending struct {
	vars  vars
	scope *scope  // the scope of its expressions
	known *truths // what holds for every recipient
}

func newSending(params []*ir.Var) *sending {
	f := &sending{vars: vars{}, scope: newScope(), known: newTruths()}
	f.scope.sender = true
	for _, v := range params {
		f.vars[v] = nil // clients send them
	}
	return f
}

// under returns the state for a body under a condition.
func (f *sending) under(cond ir.Expr) *sending {
	out := &sending{vars: f.vars, scope: f.scope, known: f.known.clone()}
	if cond != nil {
		out.known.add(f.scope, cond, 0)
	}
	return out
}

func (a *policyCheck) body(params []*ir.Var, blocks ...*ir.Block) {
	for _, b := range blocks {
		if b != nil {
			f := newSending(params)
			f.scope.keeps = func(u *ir.UpdateRow, field *ir.Field) bool { return a.stored(f, u) && !writesField(b, u.Table, field) }
			a.block(f, b)
		}
	}
}

// stored reports whether an updated row was read or written in the same transaction and comes from the table.
func (a *policyCheck) stored(f *sending, u *ir.UpdateRow) bool {
	os := a.trace.expr(f.vars, u.Row)
	return len(os) > 0 && !slices.ContainsFunc(os, func(o origin) bool { return !o.self || o.past || o.table != u.Table })
}

// writesField reports whether a body may change a field of stored rows.
func writesField(b *ir.Block, t *ir.Table, field *ir.Field) bool {
	found := false
	sets := func(of *ir.Table, fields []ir.FieldInit) {
		same := func(f ir.FieldInit) bool { return f.Field == nil || f.Field.Name == field.Name }
		found = found || of == t && slices.ContainsFunc(fields, same)
	}
	ir.Walk(b, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Upsert:
			sets(n.Table, n.Set)
		case *ir.UpdateRow:
			sets(n.Table, n.Set)
			found = found || n.Table == t && n.Patch != nil
		case *ir.UpdateWhere:
			sets(n.Table, n.Set)
		}
		return !found
	})
	return found
}

func (a *policyCheck) block(f *sending, b *ir.Block) {
	if b == nil {
		return
	}
	for _, s := range b.Stmts {
		a.trace.binds(f.vars, s)
		switch s := s.(type) {
		case *ir.Let:
			f.scope.vars[s.Var] = bound{s.Init, f.scope}
		case *ir.If:
			a.block(f.under(s.Cond), s.Then)
			a.block(f.under(nil), s.Else)
		case *ir.For:
			a.block(f.under(nil), s.Body)
		case *ir.Match:
			for _, arm := range s.Arms {
				a.block(f.under(nil), arm.Body)
			}
		case *ir.Require:
			f.known.add(f.scope, s.Cond, 0)
		case *ir.Publish:
			a.publish(f, s)
		case *ir.SendSignal:
			a.signal(f, s)
		case *ir.Return, *ir.Fail, *ir.Log, *ir.Do:
		default:
			panic(unknown(s))
		}
	}
}

// publish tests an event against those who may subscribe to the topic.
func (a *policyCheck) publish(f *sending, s *ir.Publish) {
	params, access, name := targetOf(s)
	who := newScope()
	for i, p := range params {
		if i < len(s.Args) {
			who.vars[p] = bound{s.Args[i], f.scope}
		}
	}
	known := f.known.clone()
	known.access(who, access)
	for _, t := range a.unasked(f, s.Data, known, s.Revealed) {
		f := a.out.errorf(s.Data.Where(), diag.CodePublishedPolicy,
			"this goes to all subscribers of `%s`, but not everybody may see every row of `%s`", name, t.Row.Name)
		f.also(t.ReadIf.Cond.Where(), "this policy says who may see a row").
			help("check the same in the `access` or guards of `%s`, with a parameter in place of the row's field", name).
			help("or, if you mean to show it to all of them, write `publish %s %s reveal(…)`", name, s.Event)
	}
}

func targetOf(s *ir.Publish) ([]*ir.Var, *ir.Access, string) {
	if s.Stream != nil {
		return s.Stream.Params, &s.Stream.Access, s.Stream.Name
	}
	return s.Channel.Params, &s.Channel.Access, s.Channel.Name
}

// signal tests the arguments of a signal against the one user who receives it.
func (a *policyCheck) signal(f *sending, s *ir.SendSignal) {
	known := f.known.clone()
	a.isUser(known, f.scope, s.To)
	for i, x := range s.Args {
		for _, t := range a.unasked(f, x, known, i < len(s.Reveal) && s.Reveal[i]) {
			f := a.out.errorf(x.Where(), diag.CodePublishedPolicy,
				"this goes to the user, but not everybody may see every row of `%s`", t.Row.Name)
			f.also(t.ReadIf.Cond.Where(), "this policy says who may see a row").
				help("send only the id of the row, and let the client read the row").
				help("or, if you mean to show it to the user, write `reveal(…)`")
		}
	}
}

// isUser adds the fact that the recipient is the user with a key.
func (a *policyCheck) isUser(known *truths, sender *scope, key ir.Expr) {
	u := a.prog.User
	if u == nil || u.Table == nil || len(u.Table.Key) != 1 {
		return
	}
	who := newScope()
	to := &ir.Var{Name: "to", Type: key.Type()}
	who.vars[to] = bound{key, sender}
	field := u.Table.Key[0]
	user := &ir.CtxUser{At: ir.At{T: &ir.Optional{Elem: u}}}
	test := func(op relation.Op, l, r ir.Expr) {
		known.add(who, &ir.Binary{At: ir.At{T: &ir.Scalar{Kind: ir.Bool}}, Op: op, L: l, R: r}, 0)
	}
	test(relation.Ne, user, &ir.Lit{At: user.At})
	test(relation.Eq, &ir.FieldOf{At: ir.At{T: field.Type}, X: user, Field: field}, &ir.Local{At: ir.At{T: to.Type}, Var: to})
}

// presence tests a member of a room against those who may be in the room.
func (a *policyCheck) presence(x *ir.Room) {
	p := x.Presence
	if p == nil {
		return
	}
	f := newSending(x.Params)
	who := newScope()
	for _, v := range x.Params { // they are the same for everybody in the room
		who.vars[v] = bound{&ir.Local{At: ir.At{T: v.Type}, Var: v}, f.scope}
	}
	known := newTruths()
	known.access(who, &x.Access)
	for _, t := range a.unasked(f, p.Value, known, p.Revealed) {
		f := a.out.errorf(p.Value.Where(), diag.CodePublishedPolicy,
			"everybody in `%s` sees this, but not everybody may see every row of `%s`", x.Name, t.Row.Name)
		f.also(t.ReadIf.Cond.Where(), "this policy says who may see a row").
			help("check the same in the `access` or guards of `%s`", x.Name).
			help("or, if you mean to show it to all of them, write `presence = reveal(…)`")
	}
}

// unasked returns the tables with rows in x whose policy may hide the row from some recipient. If x is revealed, it records
// the tables for reviewers of the app, and returns none.
func (a *policyCheck) unasked(f *sending, x ir.Expr, known *truths, revealed bool) []*ir.Table {
	var out []*ir.Table
	for _, o := range a.trace.expr(f.vars, x) {
		if o.table == nil || slices.Contains(out, o.table) {
			continue
		}
		policy := newScope()
		if o.row != nil {
			policy.vars[o.table.ReadIf.Row] = bound{o.row, f.scope}
		}
		if !known.imply(policy, o.table.ReadIf.Cond, 0) {
			out = append(out, o.table)
		}
	}
	if !revealed {
		return out
	}
	for _, t := range out {
		a.uses = append(a.uses, SecretUse{Pos: x.Where(), Kind: SecretSent, How: "reveal", Secret: t.Row.Name})
	}
	return nil
}
