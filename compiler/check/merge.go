package check

import (
	"slices"

	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/index"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
)

const latestMax = 50

// merge reads the clauses that say how events are merged into a value.
func (b *body) merge(clauses []ast.Clause, value ir.Type) *ir.Merge {
	x := clause[*ast.MergeClause](clauses)
	m := &ir.Merge{Kind: ir.MergeSet, Item: value}
	if x == nil {
		return m
	}
	kinds := []string{"crud", "latest", "set", "presence", "cursor"}
	if !slices.Contains(kinds, x.Kind.Name) {
		if x.Kind.Name != "" {
			b.errorf(x.Kind.Span, diag.CodeMerge, "there is no merge `%s`", x.Kind.Name).
				suggest(b.m, x.Kind.Span, x.Kind.Name, kinds).help("the merges are %s", diag.Or(kinds))
		}
		m.Kind, m.Item = "", types.Bad // do not report its events, which may be right
		return m
	}
	m.Kind = ir.MergeKind(x.Kind.Name)
	m.Prepend = clause[*ast.PrependClause](clauses) != nil
	if m.Kind == ir.MergeLatest {
		m.Max = latestMax
		if x.Max != nil {
			m.Max = b.number(x.Max, "`merge latest`")
		}
	} else if x.Max != nil {
		b.errorf(x.Max.Where(), diag.CodeMerge, "only `merge latest` takes a number of items")
	}
	if k := clause[*ast.KeyClause](clauses); k != nil && m.Kind != ir.MergeCrud {
		b.errorf(k.Span, diag.CodeMerge, "only the items of `merge crud` have a key").help("remove it")
	}
	if p := clause[*ast.PrependClause](clauses); p != nil && m.Kind != ir.MergeCrud && m.Kind != ir.MergeLatest {
		b.errorf(p.Span, diag.CodeMerge, "`prepend` only works with lists that grow: `merge crud` and `merge latest`").help("remove it")
	}
	if m.Kind == ir.MergeSet || types.IsBad(value) {
		return m
	}
	list, ok := value.(*ir.List)
	if !ok {
		b.errorf(x.Span, diag.CodeMerge, "`merge %s` merges items into a list, but the value is `%s`", m.Kind, ir.TypeString(value)).
			help("return a list, or use `merge set`")
		m.Kind = ir.MergeSet
		return m
	}
	m.Item = list.Elem
	rec, record := list.Elem.(*ir.Record)
	switch {
	case types.IsBad(list.Elem):
	case m.Kind == ir.MergeCrud:
		b.mergeKey(x, m, rec, clauses)
	case m.Kind == ir.MergePresence || m.Kind == ir.MergeCursor:
		if !record || types.FieldOf(rec, "key") == nil || !types.IsScalar(types.FieldOf(rec, "key").Type, ir.String, ir.ID) {
			b.errorf(x.Span, diag.CodeMerge, "the members of `merge %s` need a field `key: string`", m.Kind).
				help("the key says who each member is: `{ key: ctx.user.id, … }`")
		}
	}
	return m
}

// mergeKey finds the fields that identify an item of `merge crud`.
func (b *body) mergeKey(x *ast.MergeClause, m *ir.Merge, rec *ir.Record, clauses []ast.Clause) {
	if rec == nil {
		b.errorf(x.Span, diag.CodeMerge, "the items of `merge crud` must be records").help("use `merge latest` for single values")
		return
	}
	if k := clause[*ast.KeyClause](clauses); k != nil {
		for _, n := range k.Names {
			f := types.FieldOf(rec, n.Name)
			if f == nil {
				b.unknownFieldOf(&n, rec)
				continue
			}
			b.m.useField(n.Span, f)
			m.Key = append(m.Key, f)
		}
		return
	}
	switch {
	case rec.Table != nil:
		m.Key = rec.Table.Key
	case types.FieldOf(rec, "id") != nil:
		m.Key = []*ir.Field{types.FieldOf(rec, "id")}
	default:
		b.errorf(x.Span, diag.CodeMerge, "the items have no key").help("name the field that identifies an item: `key sku`")
	}
}

// publish checks `publish stream(args) event data`.
func (b *body) publish(s *ast.Publish) ir.Stmt {
	st := &ir.Publish{Pos: b.pos(s), Event: s.Event.Name}
	if !b.write {
		b.cannotWrite(s, "publishing")
	}
	if s.Throttle != nil {
		st.Throttle = b.duration(s.Throttle, "`throttle`")
	}
	if s.Debounce != nil {
		st.Debounce = b.duration(s.Debounce, "`debounce`")
	}
	params, merge, value := b.published(s, st)
	if merge == nil {
		for _, a := range s.Args {
			b.infer(a, nil)
		}
		if s.Data != nil {
			b.infer(s.Data, nil)
		}
		return nil
	}
	if args := b.args(s, s.Args, params, "`"+s.Stream.Name+"`"); args != nil {
		st.Args = args
	}
	if !b.publishable(&s.Event, merge) {
		if s.Data != nil {
			b.infer(s.Data, nil)
		}
		return nil
	}
	b.c.notePublished(merge, s.Event.Name)
	b.m.useOwn(s.Event.Span, index.Event, s.Event.Name, nil)
	sent := *s
	sent.Data, st.Revealed = b.withoutReveal(s.Data)
	st.Data = b.eventData(&sent, merge, value)
	return st
}

// published finds the stream or channel that an event is published to.
func (b *body) published(s *ast.Publish, st *ir.Publish) ([]*ir.Var, *ir.Merge, ir.Type) {
	if s.Stream.Name == "" {
		return nil, nil, nil
	}
	sym := b.m.refer(s.Stream.Name, s.Stream.Span)
	if sym == nil {
		b.errorf(s.Stream.Span, diag.CodeUnknownName, "there is no stream or channel `%s`", s.Stream.Name).
			suggest(b.m, s.Stream.Span, s.Stream.Name, b.m.declared("stream", "channel"))
		return nil, nil, nil
	}
	switch d := sym.Decl.(type) {
	case *ast.Stream:
		target := b.c.streams[d]
		switch target.Form {
		case ir.LiveStream:
			b.errorf(s.Stream.Span, diag.CodePublishLive, "`%s` is live: its events come from the writes", s.Stream.Name).
				also(target.Pos, "declared here").help("remove the `publish`: the write itself reaches the stream")
			return nil, nil, nil
		case ir.DerivedStream:
			b.errorf(s.Stream.Span, diag.CodePublishLive, "`%s` is derived: it is recomputed when the data that it reads changes", s.Stream.Name).
				also(target.Pos, "declared here").help("remove the `publish`, or give the stream a `merge`")
			return nil, nil, nil
		}
		b.c.stream(b.c.home(sym), d)
		if b.c.streamState[d] != done && target.Merge == nil {
			b.errorf(s.Stream.Span, diag.CodeNoType, "the type of `%s` depends on this body", s.Stream.Name).
				help("declare the result type of the stream: `-> [T]`")
			return nil, nil, nil
		}
		st.Stream = target
		return target.Params, target.Merge, target.Value
	case *ast.Channel:
		target := b.c.channels[d]
		st.Channel = target
		return target.Params, target.Merge, target.Value
	case nil, *ast.BadDecl:
	default:
		b.errorf(s.Stream.Span, diag.CodeWrongKind, "`%s` is %s, which cannot be published to", s.Stream.Name, diag.Article(d.Keyword())).
			help("publish to a stream with a `merge`, or to a channel")
	}
	return nil, nil, nil
}

// sendSignal checks `signal s(args) to user`.
func (b *body) sendSignal(s *ast.SendSignal) ir.Stmt {
	if !b.write {
		b.cannotWrite(s, "sending a signal")
	}
	to := b.expr(s.To, types.String)
	sym := b.m.refer(s.Signal.Name, s.Signal.Span)
	var d *ast.Signal
	if sym != nil {
		d, _ = sym.Decl.(*ast.Signal)
	}
	if d == nil {
		for _, a := range s.Args {
			b.infer(a, nil)
		}
		switch {
		case s.Signal.Name == "" || sym != nil && !sym.Known():
		case sym != nil:
			b.errorf(s.Signal.Span, diag.CodeWrongKind, "`%s` is not a signal", s.Signal.Name)
		default:
			b.errorf(s.Signal.Span, diag.CodeUnknownName, "there is no signal `%s`", s.Signal.Name).
				suggest(b.m, s.Signal.Span, s.Signal.Name, b.m.declared("signal")).help("declare it: `signal %s(…)`", s.Signal.Name)
		}
		return nil
	}
	sig := b.c.signals[d]
	out := &ir.SendSignal{Pos: b.pos(s), Signal: sig, To: to, Reveal: make([]bool, len(s.Args))}
	args := make([]ast.Expr, len(s.Args))
	for i, a := range s.Args {
		args[i], out.Reveal[i] = b.withoutReveal(a)
	}
	out.Args = b.args(s, args, sig.Params, "signal `"+sig.Name+"`")
	return out
}

// newestFirst warns of a first value with the newest item first, to which `merge latest` adds newer ones at the end.
func (b *body) newestFirst(s *ir.Stream, d *ast.Stream) {
	clause := clause[*ast.MergeClause](d.Clauses)
	if s.Merge.Kind != ir.MergeLatest || s.Merge.Prepend || clause == nil || s.Body == nil || len(s.Body.Stmts) == 0 {
		return
	}
	ret, ok := s.Body.Stmts[len(s.Body.Stmts)-1].(*ir.Return)
	if !ok {
		return
	}
	q, ok := ret.X.(*ir.QueryExpr)
	if !ok {
		return
	}
	var last *ir.SortStage
	for _, stage := range q.Query.Pipeline.Stages {
		if sort, ok := stage.(*ir.SortStage); ok {
			last = sort
		}
	}
	if last == nil || !last.Keys[0].Desc {
		return
	}
	key := last.Keys[0].X.Type()
	if !types.IsScalar(types.Elem(key), ir.Time, ir.ID) {
		return // it is another order than that of their coming
	}
	const problem = "the body of `%s` has the newest item first, but `merge latest` adds new ones at the end"
	b.c.warnf(b.m, clause.Span, diag.CodeNewestFirst, problem, s.Name).also(last.Pos, "sorted here").help("write `prepend`").
		fix(b.m, source.Span{Start: clause.Span.End, End: clause.Span.End}, "add new items at the start", " prepend")
}
