package analyze

import "github.com/livec-lang/livec/compiler/ir"

// block follows statements. What follows a statement that may end the body is reached only if the body has not ended.
func (a *flow) block(f *frame, b *ir.Block) {
	if b == nil {
		return
	}
	for _, s := range b.Stmts {
		a.stmt(f, s)
	}
}

func (a *flow) stmt(f *frame, s ir.Stmt) {
	switch s := s.(type) {
	case *ir.Let:
		f.vars[s.Var] = a.expr(f, s.Init)
		f.predictable[s.Var], f.macs[s.Var] = a.predictable(f, s.Init), f.mac(s.Init)
	case *ir.Do:
		a.expr(f, s.X)
	case *ir.If:
		a.branches(f, kind(s), a.expr(f, s.Cond).all(), s.Then, s.Else)
	case *ir.For:
		over := a.expr(f, s.Over)
		f.vars[s.Var], f.predictable[s.Var] = over, a.predictable(f, s.Over)
		if s.Value != nil {
			f.vars[s.Var], f.vars[s.Value] = &value{own: over.own, chosen: over.chosen}, over // own includes the keys of a map
		}
		a.mayFail(f, s.Pos, over.chosen)            // the loop may exceed the time limit
		for before := -1; before != len(f.ended); { // what ends one iteration decides about the next
			before = len(f.ended)
			a.branches(f, kind(s), over.chosen, s.Body)
		}
	case *ir.Match:
		a.match(f, s)
	case *ir.Return:
		v := a.expr(f, s.X).after(f.now())
		f.result = join(f.result, v).bounded(maxDepth)
		at := s.Pos
		if s.X != nil {
			at = s.X.Where()
		}
		f.returns = append(f.returns, returned{at, v})
		f.ended = f.now()
	case *ir.Fail:
		a.text(f, sinkError, s.Message)
		a.decides(f, s.Pos, f.now())
		f.ended = f.now()
	case *ir.Require:
		cond := a.expr(f, s.Cond).all()
		a.text(f, sinkError, s.Message)
		a.decides(f, s.Cond.Where(), union(cond, f.now())) // reported here, so what follows need not be
		f.ended = f.now()
	case *ir.Log:
		a.text(f, sinkLog, s.Message)
		for _, m := range s.Fields {
			own, chosen := shown(a.expr(f, m.X), m.X.Type())
			a.sink(sinkLog, m.X.Where(), own, chosen)
		}
		a.sink(sinkLog, s.Pos, nil, f.now())
	case *ir.Publish:
		for _, x := range s.Args {
			a.key(f, x)
		}
		a.leaves(f, sinkEvent, s.Data)
		a.weakensIn(a.expr(f, s.Data), s.Data.Type(), map[seenType]bool{}) // subscribers of the stream receive it
		a.sink(sinkEvent, s.Pos, nil, f.now())
	case *ir.SendSignal:
		for _, x := range s.Args {
			a.leaves(f, sinkSignal, x)
		}
		a.key(f, s.To)
		a.sink(sinkSignal, s.Pos, nil, f.now())
	default:
		panic(unknown(s))
	}
}

// branches follows blocks whose execution depends on a value.
func (a *flow) branches(f *frame, rule string, by labels, blocks ...*ir.Block) {
	if !ruled(rule) {
		by = nil
	}
	f.under(by, func() {
		for _, b := range blocks {
			a.block(f, b)
		}
	})
}

func (a *flow) match(f *frame, s *ir.Match) {
	v := a.expr(f, s.X)
	by := matched(v, s.X.Type())
	blocks := make([]*ir.Block, len(s.Arms))
	for i, arm := range s.Arms {
		for _, lit := range arm.Values {
			by = union(by, a.expr(f, lit).all())
		}
		if arm.Bind != nil {
			f.vars[arm.Bind], f.predictable[arm.Bind] = v, a.predictable(f, s.X)
		}
		blocks[i] = arm.Body
	}
	a.branches(f, kind(s), by, blocks...)
}

// text follows a text that people outside of the app can read.
func (a *flow) text(f *frame, to sink, x ir.Expr) {
	if x == nil {
		return
	}
	own, chosen := shown(a.expr(f, x), x.Type())
	a.sink(to, x.Where(), own, chosen)
}

// leaves follows a value that is sent to somebody.
func (a *flow) leaves(f *frame, to sink, x ir.Expr) {
	if x == nil {
		return
	}
	own, chosen := shown(a.expr(f, x), x.Type())
	a.sink(to, x.Where(), own, union(chosen, f.now()))
}

// key follows a value that identifies something: a topic, a user, or who is counted.
func (a *flow) key(f *frame, x ir.Expr) {
	if x == nil {
		return
	}
	v := a.expr(f, x)
	a.sink(sinkKey, x.Where(), v.all(), nil)
}

// decides reports secrets that decide whether a call fails.
func (a *flow) decides(f *frame, at ir.Pos, by labels) { a.sink(sinkFailure, at, nil, by) }

// mayFail reports secrets in the operands of an operation that fails for some values.
func (a *flow) mayFail(f *frame, at ir.Pos, by labels) {
	a.sink(sinkOperation, at, nil, union(by, f.now()))
}
