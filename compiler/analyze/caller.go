package analyze

import (
	"fmt"
	"slices"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/diag"
	facts "github.com/livec-lang/livec/relation/function"
)

// callerRead is one thing that code reads about its caller.
type callerRead struct {
	x     ir.Expr   // the expression that reads it: ctx.user, cookie(…), …
	at    ir.Pos    // the place in the analyzed code: x itself, the call of a function, or a query
	fn    *ir.Fn    // the called function that contains x; nil if the code contains x itself
	table *ir.Table // of a query: the table whose read policy contains x
}

// name returns what is read, as authors call it.
func (r *callerRead) name() string {
	switch x := r.x.(type) {
	case *ir.CtxUser:
		return "ctx.user"
	case *ir.CtxIP:
		return "ctx.ip"
	case *ir.CtxAdded:
		return "ctx." + x.Field.Name
	case *ir.Builtin:
		if len(x.Args) == 0 {
			return x.Name + "()"
		}
		return x.Name + "(…)"
	}
	return "ctx"
}

// text returns the expression as it is written.
func (r *callerRead) text() string {
	at := r.x.Where()
	return at.File.Text[at.Span.Start:at.Span.End]
}

// callers finds what code reads about its caller: directly, through functions, and through the read policies of the tables
// that it queries.
type callers struct {
	fns      map[*ir.Fn][]callerRead
	policies map[*ir.Table][]callerRead
}

// reads returns what n reads, in source order. What a function or a policy reads has the position of the call or the query
// in n.
func (c *callers) reads(n ir.Node) []callerRead {
	var out []callerRead
	direct(n, func(x ir.Expr) { out = append(out, callerRead{x: x, at: x.Where()}) }, func(at ir.Pos, f *ir.Fn, t *ir.Table) {
		for _, r := range c.through(f, t) {
			out = append(out, callerRead{x: r.x, at: at, fn: f, table: t})
		}
	})
	return out
}

// through returns what a function or the read policy of a table reads about its caller.
func (c *callers) through(f *ir.Fn, t *ir.Table) []callerRead {
	if known, ok := c.fns[f]; ok && f != nil {
		return known
	}
	if known, ok := c.policies[t]; ok && t != nil {
		return known
	}
	var out []callerRead
	fns, tables := map[*ir.Fn]bool{}, map[*ir.Table]bool{}
	var enter func(ir.Pos, *ir.Fn, *ir.Table)
	enter = func(_ ir.Pos, f *ir.Fn, t *ir.Table) {
		var in ir.Node
		switch {
		case f != nil && !fns[f]:
			fns[f] = true
			in = f.Body
		case t != nil && !tables[t]:
			tables[t] = true
			in = t.ReadIf.Cond
		default: // functions and policies may be recursive
			return
		}
		direct(in, func(x ir.Expr) { out = append(out, callerRead{x: x}) }, enter)
	}
	enter(ir.Pos{}, f, t)
	if f != nil {
		c.fns[f] = out
	} else {
		c.policies[t] = out
	}
	return out
}

// direct calls read for each expression in n that reads the caller, and enter for each function that n calls and each table
// with a policy that it queries.
func direct(n ir.Node, read func(ir.Expr), enter func(at ir.Pos, f *ir.Fn, t *ir.Table)) {
	ir.Walk(n, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.CtxUser, *ir.CtxIP, *ir.CtxAdded:
			read(n.(ir.Expr))
		case *ir.Builtin:
			if facts.Of(n.Name).Request {
				read(n)
			}
		case *ir.CallFn:
			enter(n.Pos, n.Fn, nil)
		case *ir.Query:
			for _, t := range tablesOf(n) {
				if t.ReadIf != nil && !n.System {
					enter(n.Pos, nil, t)
				}
			}
		}
		return true
	})
}

// tablesOf returns the tables that a query reads directly, without those of the queries inside of it.
func tablesOf(q *ir.Query) []*ir.Table {
	out := []*ir.Table{q.Pipeline.Table}
	for _, s := range q.Pipeline.Stages {
		if j, ok := s.(*ir.JoinStage); ok {
			out = append(out, j.Right)
		}
	}
	return out
}

// shared finds out what each stream that several callers share reads about them. For a derived stream it returns this as
// hidden parameters, and reports what cannot be one. For a published stream it reports everything.
func shared(p *ir.Program, r *report) map[*ir.Stream]*Hidden {
	c := &callers{map[*ir.Fn][]callerRead{}, map[*ir.Table][]callerRead{}}
	hidden := map[*ir.Stream]*Hidden{}
	for _, m := range p.Modules {
		for _, e := range m.AllEntryPoints() {
			s, ok := e.(*ir.Stream)
			if !ok {
				continue
			}
			switch s.Form {
			case ir.LiveStream: // its query runs once per caller
			case ir.DerivedStream:
				h := &Hidden{}
				for _, x := range c.reads(s.Body) {
					c.hide(h, &x, r)
				}
				hidden[s] = h
			case ir.PublishedStream:
				c.published(p, s, r)
			default:
				panic(fmt.Sprintf("a stream of unknown form: %s", s.Form))
			}
		}
	}
	return hidden
}

// hide adds what a derived stream reads to its hidden parameters. Data of a request cannot be a parameter: it differs with
// each connection, and the computation has no request.
func (c *callers) hide(h *Hidden, x *callerRead, r *report) {
	switch v := x.x.(type) {
	case *ir.CtxUser:
		h.User = true
	case *ir.CtxIP:
		h.IP = true
	case *ir.CtxAdded:
		if !slices.ContainsFunc(h.Added, func(a *ir.CtxAdded) bool { return a.Field == v.Field }) {
			h.Added = append(h.Added, &ir.CtxAdded{At: ir.At{Pos: v.Pos, T: v.Field.Type}, Guard: v.Guard, Field: v.Field})
		}
	default:
		f := r.errorf(x.at, diag.CodeSharedRequest,
			"callers share the value of a derived stream, but `%s` reads the request of one caller", x.name())
		x.explain(f)
		if b, ok := v.(*ir.Builtin); ok && b.Name == "session" {
			f.help("identify the caller in `upgrade -> User? = session()`, and read `ctx.user` here")
			return
		}
		f.help("add it to `ctx` in a guard, `guard tagged -> { tag: string? } { return { tag: %s } }`, and read `ctx.tag`; "+
			"or read it in `upgrade`; or take a parameter", x.text())
	}
}

// explain points to the place that contains the expression.
func (x *callerRead) explain(f finding) {
	switch {
	case x.fn != nil:
		f.also(x.x.Where(), "read here, through `%s`", x.fn.Name)
	case x.table != nil:
		f.also(x.x.Where(), "read here, through `read if` of `%s`", x.table.Row.Name)
	}
}

// published reports a published stream whose body reads its caller. Its events go to everybody who subscribes to the topic,
// and the arguments alone identify the topic.
func (c *callers) published(p *ir.Program, s *ir.Stream, r *report) {
	blocks := []*ir.Block{s.Body}
	if s.Delta != nil {
		blocks = append(blocks, s.Delta.Version, s.Delta.Diff)
	}
	for _, b := range blocks {
		var reported *ir.Table
		for _, x := range c.reads(b) {
			if x.table != nil && x.table == reported {
				continue
			}
			if reported = x.table; reported != nil {
				f := r.errorf(x.at, diag.CodePublishedCaller,
					"all subscribers of `%s` share its events, but each caller may see different rows of `%s`", s.Name, x.table.Row.Name)
				x.explain(f)
				f.help("make it a live stream, `= %s | …`, which shows each caller the rows that the policy allows", x.table.Row.Name)
				continue
			}
			f := r.errorf(x.at, diag.CodePublishedCaller,
				"all subscribers of `%s` share its events, but `%s` differs by caller", s.Name, x.name())
			x.explain(f)
			f.help("take it as a parameter, so that each value has its own topic, and check in `access` that it is the caller's own: "+
				"`stream %s%s`", s.Name, x.parameter(p))
		}
	}
}

// parameter returns the parameter that a published stream can take instead of reading its caller, with the access it needs.
func (x *callerRead) parameter(p *ir.Program) string {
	switch v := x.x.(type) {
	case *ir.CtxUser:
		return owned("user", "ctx.user", &ir.Optional{Elem: p.User})
	case *ir.CtxIP:
		return "(ip: string) … access ctx.ip == ip"
	case *ir.CtxAdded:
		return owned(v.Field.Name, x.name(), v.Field.Type)
	case *ir.Builtin:
		if v.Name == "session" && p.User != nil {
			return owned("user", "ctx.user", &ir.Optional{Elem: p.User})
		}
		return "(tag: string) guard tagged access ctx.tag != null && ctx.tag == tag`, with " +
			"`guard tagged -> { tag: string? } { return { tag: " + x.text() + " } }"
	}
	return "(…) … access …"
}

// owned returns a parameter that must equal the value of a path of ctx. If that is a row, the parameter is its key.
func owned(name, path string, t ir.Type) string {
	access := ""
	if o, ok := t.(*ir.Optional); ok {
		access, t = path+" != null && ", o.Elem
	}
	typ := ir.TypeString(t)
	if r, ok := t.(*ir.Record); ok {
		key := "id"
		if r.Table != nil {
			key = r.Table.Key[0].Name
		}
		path, typ = path+"."+key, r.Name+"."+key
	}
	return "(" + name + ": " + typ + ") … access " + access + path + " == " + name
}
