package check

import (
	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
)

// streamHead makes a stream with its parameters and its form.
func (c *checker) streamHead(m *module, d *ast.Stream) {
	s := &ir.Stream{Pos: m.namePos(d), Module: m.Name, Name: d.Name.Name, Doc: d.Doc, Params: c.params(m, d.Params, d.Name.Name),
		Value: types.Bad}
	s.Form = ir.DerivedStream
	switch {
	case d.Query != nil:
		s.Form = ir.LiveStream
	case clause[*ast.MergeClause](d.Clauses) != nil:
		s.Form = ir.PublishedStream
	}
	c.streams[d] = s
	m.ir.Streams = append(m.ir.Streams, s)
}

// clause finds the clause of a kind; nil if there is none.
func clause[C ast.Clause](clauses []ast.Clause) (found C) {
	for _, cl := range clauses {
		if x, ok := cl.(C); ok {
			return x
		}
	}
	return found
}

// valueOf finds the clause with one expression that begins with a keyword; nil if there is none.
func valueOf(clauses []ast.Clause, word string) *ast.ValueClause {
	for _, cl := range clauses {
		if x, ok := cl.(*ast.ValueClause); ok && x.Keyword == word {
			return x
		}
	}
	return nil
}

// stream checks a stream.
func (c *checker) stream(m *module, d *ast.Stream) {
	if c.streamState[d] != untouched {
		return
	}
	c.streamState[d] = underway
	s := c.streams[d]
	b := c.body(m, "stream", m.Name+"/"+d.Name.Name)
	b.declareParams(s.Params, d.Params)
	b.input(s.Params, d.Params)
	s.Access = b.access(d, d.Clauses)
	s.Rates = b.rates(d.Clauses)
	if d.Result != nil {
		s.Value = c.typ(m, d.Result, naming{d.Name.Name + "Value"})
	}
	common := []string{"public", "guard", "access", "gate", "rate", "on subscribe", "on unsubscribe"}
	switch s.Form {
	case ir.LiveStream:
		if mc := clause[*ast.MergeClause](d.Clauses); mc != nil {
			b.errorf(mc.Span, diag.CodeStreamForm, "a live stream has no `merge`: its events come from the writes").
				help("remove `merge`, or compute the first value in a body, `{ return … }`")
			b.once(without(d.Clauses, mc), "live stream", common...)
		} else {
			b.once(d.Clauses, "live stream", common...)
		}
		c.liveStream(b, s, d)
		c.streamState[d] = done
	case ir.PublishedStream:
		b.once(d.Clauses, "published stream", append(common, "merge", "key", "prepend", "replay", "delta", "page")...)
		b.streamBody(s, d)
		s.Merge = b.merge(d.Clauses, s.Value)
		b.newestFirst(s, d)
		c.streamState[d] = done
		b.replay(s, d)
	default:
		b.once(d.Clauses, "derived stream", append(common, "on", "debounce")...)
		if d.Body == nil {
			b.errorf(d.Name.Span, diag.CodeStreamForm, "stream `%s` has no value", d.Name.Name).
				help("write `= pipeline` for a live stream, or `{ return … }` for a computed one")
		}
		b.streamBody(s, d)
		c.streamState[d] = done
		b.sources(s, d)
		b.couldBeLive(s, d)
	}
	s.OnSubscribe, s.OnUnsubscribe = b.lifecycle(d.Clauses)
	c.unusedLocals(b)
}

func without(clauses []ast.Clause, drop ast.Clause) []ast.Clause {
	var out []ast.Clause
	for _, cl := range clauses {
		if cl != drop {
			out = append(out, cl)
		}
	}
	return out
}

// liveStream checks the pipeline of a live stream.
func (c *checker) liveStream(b *body, s *ir.Stream, d *ast.Stream) {
	b.live = true
	declared := s.Value
	x := b.infer(d.Query, nil)
	b.live = false
	s.Value = x.Type()
	if types.IsBad(s.Value) {
		return
	}
	q, ok := x.(*ir.QueryExpr)
	if !ok {
		b.errorf(d.Query.Where(), diag.CodeStreamForm, "a live stream must be a pipeline over a table").
			help("give it a body, `{ return … }`, which is run again when the data that it reads changes")
		s.Value = types.Bad
		return
	}
	q.Query.Live = true
	s.Query = q.Query
	b.wholeTable(q.Query, &d.Name)
	if d.Result != nil && !types.Same(declared, s.Value) {
		b.errorf(d.Result.Where(), diag.CodeTypeMismatch, "the pipeline returns `%s`, not `%s`", ir.TypeString(s.Value), ir.TypeString(declared)).
			help("a live stream has the type of its pipeline: remove `-> …`")
	}
}

// streamBody checks the body that computes the value, or the first value, of a stream.
func (b *body) streamBody(s *ir.Stream, d *ast.Stream) {
	b.result = nil
	if d.Result != nil {
		b.result = s.Value
	}
	b.resultOf = ""
	if m := valueOf(d.Clauses, "page"); m != nil {
		b.cursor = types.JSON
		b.m.pending(m, "page of a published stream", s.Name)
	}
	s.Body = b.block(d.Body)
	if d.Body != nil && b.alive && b.result != nil {
		b.noReturn(d.Body, b.result)
	}
	b.alive = true
	if b.result == nil {
		if d.Body != nil && !b.broken {
			b.errorf(d.Body.Span, diag.CodeNoReturn, "the body of the stream returns no value").help("end it with `return value`")
		}
		b.result = types.Bad
	}
	s.Value = b.result
}

// sources resolves `on a, b` of a derived stream.
func (b *body) sources(s *ir.Stream, d *ast.Stream) {
	if x := valueOf(d.Clauses, "debounce"); x != nil {
		s.Debounce = b.duration(x.X, "`debounce`")
	}
	x := clause[*ast.SourcesClause](d.Clauses)
	if x == nil {
		return
	}
	for _, n := range x.Names {
		if n.Name == "" {
			continue
		}
		sym := b.m.refer(n.Name, n.Span)
		if sym == nil {
			b.errorf(n.Span, diag.CodeUnknownName, "there is no table or stream `%s`", n.Name).
				suggest(b.m, n.Span, n.Name, b.m.declared("table", "stream"))
			continue
		}
		switch decl := sym.Decl.(type) {
		case *ast.Table:
			s.Sources = append(s.Sources, ir.Source{Table: b.c.table(b.c.home(sym), decl)})
		case *ast.Stream:
			s.Sources = append(s.Sources, ir.Source{Stream: b.c.streams[decl]})
		case nil, *ast.BadDecl:
		default:
			b.errorf(n.Span, diag.CodeWrongKind, "`%s` is %s; a derived stream follows tables and streams", n.Name, diag.Article(decl.Keyword()))
		}
	}
}

// replay reads `replay` and `delta`.
func (b *body) replay(s *ir.Stream, d *ast.Stream) {
	if x := valueOf(d.Clauses, "replay"); x != nil {
		if _, ok := x.X.(*ast.DurationLit); ok {
			s.Replay.Age = b.duration(x.X, "`replay`")
		} else {
			s.Replay.Count = b.number(x.X, "`replay`")
		}
	}
	x := clause[*ast.DeltaClause](d.Clauses)
	if x == nil {
		return
	}
	b.m.pending(x, "delta", s.Name)
	delta := &ir.Delta{}
	result, alive := b.result, b.alive
	b.result = nil
	delta.Version = b.block(x.Version)
	delta.VersionType = b.result
	if delta.VersionType == nil {
		delta.VersionType = types.Bad
	}
	b.alive = true
	b.push()
	if x.Since != nil {
		t := types.Elem(delta.VersionType)
		if x.Since.Type != nil {
			t = b.c.typ(b.m, x.Since.Type, naming{"Since"})
			if !types.Same(types.Elem(delta.VersionType), t) {
				b.errorf(x.Since.Type.Where(), diag.CodeTypeMismatch, "the version is `%s`, not `%s`",
					ir.TypeString(types.Elem(delta.VersionType)), ir.TypeString(t))
			}
		}
		delta.Since = b.declareVar(&x.Since.Name, t, false)
		b.input([]*ir.Var{delta.Since}, nil) // clients send it back
		b.c.sendable(b.m, &x.Since.Name, t, false)
	}
	b.result = types.Optional(s.Value)
	delta.Diff = b.block(x.Diff)
	b.pop()
	b.result, b.alive = result, alive
	s.Delta = delta
}

// lifecycle checks `on subscribe` and `on unsubscribe`.
func (b *body) lifecycle(clauses []ast.Clause) (on, off *ir.Block) {
	write, result := b.write, b.result
	b.write, b.result = true, types.Void
	defer func() { b.write, b.result, b.alive = write, result, true }()
	for _, cl := range clauses {
		x, ok := cl.(*ast.OnClause)
		if !ok {
			continue
		}
		b.alive = true
		switch x.Event.Name {
		case "subscribe":
			on = b.block(x.Body)
		case "unsubscribe":
			off = b.block(x.Body)
		}
	}
	return on, off
}
