package ir

// Node is a part of the program that may have parts of its own: an expression, a statement, a block, a query, a pipeline or
// a stage. Each kind must list its parts to implement Node.
type Node interface {
	// children calls visit for each direct part, in source order.
	children(visit visitor)
}

// Walk calls visit for n and, if it returns true, for the nodes inside of n, outermost first and in source order. It enters
// queries. It does not enter the bodies of called functions or the policies of tables.
func Walk(n Node, visit func(Node) bool) {
	if absent(n) || !visit(n) {
		return
	}
	n.children(func(in Node) { Walk(in, visit) })
}

// WalkExprs is Walk for expressions only: it calls visit for each expression, and skips the parts of one for which visit
// returns false.
func WalkExprs(n Node, visit func(Expr) bool) {
	Walk(n, func(n Node) bool {
		x, ok := n.(Expr)
		return !ok || visit(x)
	})
}

// absent reports whether a node is nil: an optional part that was left out.
func absent(n Node) bool {
	switch n := n.(type) {
	case nil:
		return true
	case *Block:
		return n == nil
	case *Query:
		return n == nil
	case *Pipeline:
		return n == nil
	}
	return false
}

// visitor is called for each part of a node.
type visitor func(Node)

// nodes visits parts and skips nil ones.
func (v visitor) nodes(parts ...Node) {
	for _, n := range parts {
		if !absent(n) {
			v(n)
		}
	}
}

func (v visitor) exprs(xs []Expr) {
	for _, x := range xs {
		v.nodes(x)
	}
}

func (v visitor) inits(fields []FieldInit) {
	for _, f := range fields {
		v.nodes(f.X)
	}
}

func (v visitor) keys(keys []ListSortKey) {
	for _, k := range keys {
		v.nodes(k.X)
	}
}

func (x *Lit) children(visitor)       {}
func (x *Local) children(visitor)     {}
func (x *CtxUser) children(visitor)   {}
func (x *CtxIP) children(visitor)     {}
func (x *CtxPath) children(visitor)   {}
func (x *CtxAdded) children(visitor)  {}
func (x *CtxCursor) children(visitor) {}
func (x *EnvRef) children(visitor)    {}

func (x *FieldOf) children(v visitor) { v.nodes(x.X) }
func (x *Index) children(v visitor)   { v.nodes(x.X, x.I) }
func (x *Unary) children(v visitor)   { v.nodes(x.X) }
func (x *Binary) children(v visitor)  { v.nodes(x.L, x.R) }
func (x *In) children(v visitor)      { v.nodes(x.X, x.List) }
func (x *Cond) children(v visitor)    { v.nodes(x.If, x.Then, x.Else) }

func (x *MatchExpr) children(v visitor) {
	v.nodes(x.X)
	for _, a := range x.Arms {
		v.exprs(a.Values)
		v.nodes(a.X)
	}
}

func (x *Interp) children(v visitor)     { v.exprs(x.Parts) }
func (x *RecordLit) children(v visitor)  { v.inits(x.Fields) }
func (x *ListLit) children(v visitor)    { v.exprs(x.Elems) }
func (x *CallFn) children(v visitor)     { v.exprs(x.Args) }
func (x *CallExtern) children(v visitor) { v.exprs(x.Args) }
func (x *Builtin) children(v visitor)    { v.exprs(x.Args) }
func (x *QueryExpr) children(v visitor)  { v.nodes(x.Query) }

func (x *MapLit) children(v visitor) {
	for i := range x.Keys {
		v.nodes(x.Keys[i], x.Values[i])
	}
}

func (x *ListPipe) children(v visitor) {
	v.nodes(x.List)
	for _, s := range x.Stages {
		v.nodes(s.X)
		v.keys(s.Keys)
	}
}

func (x *Wrap) children(v visitor)     { v.nodes(x.X) }
func (x *Unwrap) children(v visitor)   { v.nodes(x.X) }
func (x *ToFloat) children(v visitor)  { v.nodes(x.X) }
func (x *ToEnum) children(v visitor)   { v.nodes(x.X) }
func (x *FromEnum) children(v visitor) { v.nodes(x.X) }
func (x *Fit) children(v visitor)      { v.nodes(x.X) }
func (x *Check) children(v visitor)    { v.nodes(x.X) }
func (x *As) children(v visitor)       { v.nodes(x.X) }

func (x *Insert) children(v visitor)      { v.inits(x.Fields) }
func (x *Upsert) children(v visitor)      { v.inits(x.Fields); v.inits(x.Set) }
func (x *UpdateRow) children(v visitor)   { v.nodes(x.Row); v.inits(x.Set); v.nodes(x.Patch) }
func (x *UpdateWhere) children(v visitor) { v.nodes(x.Query); v.inits(x.Set) }
func (x *DeleteRow) children(v visitor)   { v.nodes(x.Row) }
func (x *DeleteWhere) children(v visitor) { v.nodes(x.Query) }

func (q *Query) children(v visitor) { v.nodes(q.Pipeline) }

func (p *Pipeline) children(v visitor) {
	for _, s := range p.Stages {
		v.nodes(s)
	}
}

func (s *FilterStage) children(v visitor) { v.nodes(s.Cond) }
func (s *SortStage) children(v visitor)   { v.keys(s.Keys) }
func (s *LimitStage) children(visitor)    {}
func (s *PageStage) children(visitor)     {}
func (s *JoinStage) children(v visitor)   { v.exprs(s.Left) }
func (s *MapStage) children(v visitor)    { v.inits(s.Fields); v.nodes(s.X) }
func (s *ReduceStage) children(v visitor) { v.nodes(s.X) }
func (s *FindStage) children(v visitor)   { v.exprs(s.Keys) }

func (s *GroupStage) children(v visitor) {
	v.inits(s.Keys)
	for _, a := range s.Aggs {
		v.nodes(a.X)
	}
}

func (b *Block) children(v visitor) {
	for _, s := range b.Stmts {
		v.nodes(s)
	}
}

func (s *Let) children(v visitor)     { v.nodes(s.Init) }
func (s *If) children(v visitor)      { v.nodes(s.Cond, s.Then, s.Else) }
func (s *For) children(v visitor)     { v.nodes(s.Over, s.Body) }
func (s *Return) children(v visitor)  { v.nodes(s.X) }
func (s *Fail) children(v visitor)    { v.nodes(s.Message) }
func (s *Require) children(v visitor) { v.nodes(s.Cond, s.Message) }
func (s *Log) children(v visitor)     { v.nodes(s.Message); v.inits(s.Fields) }
func (s *Do) children(v visitor)      { v.nodes(s.X) }

func (s *Match) children(v visitor) {
	v.nodes(s.X)
	for _, a := range s.Arms {
		v.exprs(a.Values)
		v.nodes(a.Body)
	}
}

func (s *Publish) children(v visitor)    { v.exprs(s.Args); v.nodes(s.Data) }
func (s *SendSignal) children(v visitor) { v.exprs(s.Args); v.nodes(s.To) }
