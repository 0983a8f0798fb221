package ir

// WalkBlock calls stmt for every statement of a block, outside in and in source order, and expr for each expression that stands in one of them by itself; Walk enters it.
// Either may be nil.
func WalkBlock(b *Block, stmt func(Stmt), expr func(Expr)) {
	if b == nil {
		return
	}
	at := func(x Expr) {
		if x != nil && expr != nil {
			expr(x)
		}
	}
	for _, s := range b.Stmts {
		if stmt != nil {
			stmt(s)
		}
		switch s := s.(type) {
		case *Let:
			at(s.Init)
		case *If:
			at(s.Cond)
			WalkBlock(s.Then, stmt, expr)
			WalkBlock(s.Else, stmt, expr)
		case *For:
			at(s.Over)
			WalkBlock(s.Body, stmt, expr)
		case *Return:
			at(s.X)
		case *Fail:
			at(s.Message)
		case *Require:
			at(s.Cond)
			at(s.Message)
		case *Log:
			at(s.Message)
			for _, f := range s.Fields {
				at(f.X)
			}
		case *Do:
			at(s.X)
		case *Match:
			at(s.X)
			for _, a := range s.Arms {
				for _, v := range a.Values {
					at(v)
				}
				WalkBlock(a.Body, stmt, expr)
			}
		case *Publish:
			for _, a := range s.Args {
				at(a)
			}
			at(s.Data)
		case *SendSignal:
			for _, a := range s.Args {
				at(a)
			}
			at(s.To)
		}
	}
}

// WalkPipeline calls visit for every expression that stands in the stages of a pipeline.
func WalkPipeline(p *Pipeline, visit func(Expr)) {
	at := func(x Expr) {
		if x != nil {
			visit(x)
		}
	}
	for _, s := range p.Stages {
		switch s := s.(type) {
		case *FilterStage:
			at(s.Cond)
		case *SortStage:
			for _, k := range s.Keys {
				at(k.X)
			}
		case *JoinStage:
			for _, x := range s.Left {
				at(x)
			}
		case *MapStage:
			for _, f := range s.Fields {
				at(f.X)
			}
			at(s.X)
		case *GroupStage:
			for _, k := range s.Keys {
				at(k.X)
			}
			for _, a := range s.Aggs {
				at(a.X)
			}
		case *ReduceStage:
			at(s.X)
		case *FindStage:
			for _, x := range s.Keys {
				at(x)
			}
		}
	}
}
