package analyze

import (
	"slices"

	"github.com/livec-lang/livec/compiler/ir"
)

// footprints collects what declarations do.
type footprints struct {
	fns    map[*ir.Fn]*set
	guards map[*ir.Guard]*set
	done   map[ir.EntryPoint]*Footprint
}

// entry collects what an entry point does before its body.
func (a *footprints) entry(access ir.Access, params []*ir.Var, rates []ir.Rate) *set {
	s := a.access(access)
	if len(params) > 0 {
		s.code("VALIDATION")
	}
	for _, r := range rates {
		s.code("RATE_LIMITED")
		a.expr(s, r.Key)
	}
	return s
}

func (a *footprints) access(access ir.Access) *set {
	s := &set{}
	for _, g := range access.Guards {
		for _, x := range g.Args {
			a.expr(s, x)
		}
		s.add(a.guard(g.Guard))
	}
	if access.Allow != nil {
		s.code("FORBIDDEN")
		a.expr(s, access.Allow)
	}
	a.expr(s, access.Gate)
	return s
}

func (a *footprints) guard(g *ir.Guard) *set {
	if s := a.guards[g]; s != nil {
		return s
	}
	s := &set{}
	a.guards[g] = s
	s.add(a.access(g.Access))
	a.block(s, g.Body)
	return s
}

// fn collects what a function does. A recursive call adds nothing.
func (a *footprints) fn(f *ir.Fn) *set {
	if s := a.fns[f]; s != nil {
		return s
	}
	s := &set{}
	a.fns[f] = s
	a.block(s, f.Body)
	return s
}

func (a *footprints) rpc(r *ir.RPC) {
	s := a.entry(r.Access, r.Params, r.Rates)
	a.block(s, r.Body)
	a.done[r] = s.footprint()
}

func (a *footprints) stream(st *ir.Stream) {
	s := a.entry(st.Access, st.Params, st.Rates)
	if st.Query != nil {
		a.query(s, st.Query)
	}
	a.block(s, st.Body)
	a.block(s, st.OnSubscribe)
	a.block(s, st.OnUnsubscribe)
	a.done[st] = s.footprint()
}

func (a *footprints) room(r *ir.Room) {
	s := a.entry(r.Access, r.Params, r.Rates)
	if r.Presence != nil {
		a.expr(s, r.Presence.Value)
	}
	a.block(s, r.OnSubscribe)
	a.block(s, r.OnUnsubscribe)
	a.done[r] = s.footprint()
}

func (a *footprints) channel(c *ir.Channel) {
	s := a.entry(c.Access, c.Params, c.Rates)
	s.add(a.access(c.Writers))
	a.block(s, c.OnSubscribe)
	a.block(s, c.OnUnsubscribe)
	a.done[c] = s.footprint()
}

func (a *footprints) block(s *set, b *ir.Block) { a.within(s, b) }

func (a *footprints) expr(s *set, x ir.Expr) { a.within(s, x) }

func (a *footprints) query(s *set, q *ir.Query) { a.within(s, q) }

// within collects what a node and its parts do.
func (a *footprints) within(s *set, n ir.Node) {
	ir.Walk(n, func(n ir.Node) bool {
		switch n := n.(type) {
		case ir.Expr:
			a.node(s, n)
		case ir.Stmt:
			a.stmt(s, n)
		case *ir.Query:
			a.tables(s, n)
		}
		return true
	})
}

func (a *footprints) stmt(s *set, st ir.Stmt) {
	switch st := st.(type) {
	case *ir.Fail:
		s.code(st.Code)
	case *ir.Require:
		s.code(st.Code)
	case *ir.Publish:
		if st.Stream != nil {
			put(&s.publishes, st.Stream.Module+"/"+st.Stream.Name)
		} else if st.Channel != nil {
			put(&s.publishes, st.Channel.Module+"/"+st.Channel.Name)
		}
	case *ir.SendSignal:
		put(&s.signals, st.Signal)
	case *ir.Let, *ir.If, *ir.For, *ir.Match, *ir.Return, *ir.Log, *ir.Do: // only their parts do something
	default:
		panic(unknown(st))
	}
}

func (a *footprints) node(s *set, x ir.Expr) {
	switch x := x.(type) {
	case *ir.CtxUser:
		s.user = true
	case *ir.CallFn:
		s.add(a.fn(x.Fn))
	case *ir.CallExtern:
		put(&s.externs, x.Extern)
	case *ir.Check, *ir.As, *ir.ToEnum:
		s.code("VALIDATION")
	case *ir.Builtin:
		a.builtin(s, x)
	case *ir.Insert:
		a.written(s, x.Table)
		if len(x.Table.Unique) > 0 || !madeKey(x) {
			s.code("CONFLICT")
		}
	case *ir.Upsert:
		a.written(s, x.Table)
		put(&s.reads, x.Table)
		a.asked(s, x.Table, x.Asks, "FORBIDDEN")
		if len(x.Table.Unique) > 0 {
			s.code("CONFLICT")
		}
	case *ir.UpdateRow:
		a.written(s, x.Table)
		a.asked(s, x.Table, x.Asks, "NOT_FOUND")
		a.unique(s, x.Table, x.Set, x.Patch != nil)
	case *ir.UpdateWhere:
		a.written(s, x.Table)
		a.unique(s, x.Table, x.Set, false)
	case *ir.DeleteRow:
		a.written(s, x.Table)
		a.asked(s, x.Table, x.Asks, "NOT_FOUND")
	case *ir.DeleteWhere:
		a.written(s, x.Table)
	case *ir.Lit, *ir.Local, *ir.CtxIP, *ir.CtxPath, *ir.CtxAdded, *ir.CtxCursor, *ir.EnvRef, *ir.FieldOf, *ir.Index, *ir.Unary,
		*ir.Binary, *ir.In,
		*ir.Cond, *ir.MatchExpr, *ir.Interp, *ir.RecordLit, *ir.ListLit, *ir.MapLit, *ir.QueryExpr, *ir.ListPipe, *ir.Wrap,
		*ir.Unwrap, *ir.ToFloat, *ir.FromEnum,
		*ir.Fit: // only their parts do something
	default:
		panic(unknown(x))
	}
}

func (a *footprints) written(s *set, t *ir.Table) {
	put(&s.writes, t)
	if t.WriteIf != nil {
		s.code("FORBIDDEN")
		a.expr(s, t.WriteIf.Cond)
	}
}

// asked adds the read policy that a write checks for one row, and the error code for a row that it hides.
func (a *footprints) asked(s *set, t *ir.Table, asks bool, code string) {
	if asks && t.ReadIf != nil {
		s.code(code)
		a.expr(s, t.ReadIf.Cond)
	}
}

// unique records that an update may violate a unique set.
func (a *footprints) unique(s *set, t *ir.Table, set []ir.FieldInit, all bool) {
	for _, u := range t.Unique {
		if all {
			s.code("CONFLICT")
		}
		for _, f := range set {
			if slices.Contains(u, f.Field) {
				s.code("CONFLICT")
			}
		}
	}
}

// madeKey reports whether the key of a new row is certainly unused.
func madeKey(x *ir.Insert) bool {
	for _, k := range x.Table.Key {
		for _, f := range x.Fields {
			if f.Field != k {
				continue
			}
			if b, ok := f.X.(*ir.Builtin); ok && b.Name == "newId" {
				return true
			}
		}
	}
	return false
}

// tables records the tables that a query reads, and those that their policies read.
func (a *footprints) tables(s *set, q *ir.Query) {
	a.table(s, q.Pipeline.Table, q.System)
	for _, st := range q.Pipeline.Stages {
		if j, ok := st.(*ir.JoinStage); ok {
			a.table(s, j.Right, q.System)
		}
	}
}

func (a *footprints) table(s *set, t *ir.Table, system bool) {
	put(&s.reads, t)
	if t.ReadIf != nil && !system && !s.policies[t] {
		put(&s.policies, t)
		a.expr(s, t.ReadIf.Cond)
	}
}

func (a *footprints) builtin(s *set, x *ir.Builtin) {
	switch x.Name {
	case "startSession", "endSession":
		s.session, s.sessions = true, true
	case "endSessions", "endOtherSessions":
		s.sessions = true
	case "session":
		if t, ok := x.T.(*ir.Optional); ok {
			if r, is := t.Elem.(*ir.Record); is && r.Table != nil {
				put(&s.reads, r.Table)
			}
		}
	case "json":
		s.code("VALIDATION")
	}
}
