package ir

// Roots calls visit for the nodes that are not inside of another node: bodies, clauses, policies and defaults. Walk on each
// of them visits every node of the program, some more than once: an action of a room includes the access of its room.
func (p *Program) Roots(visit func(Node)) {
	v := visitor(visit)
	if p.Upgrade != nil {
		v.nodes(p.Upgrade.Body)
	}
	for _, e := range p.Env {
		v.nodes(e.Default)
	}
	p.Accesses(func(a *Access) { a.roots(v) })
	for _, m := range p.Modules {
		m.roots(v)
	}
}

// Accesses calls visit for every access: of guards, of entry points, and of constructs that have no back end yet.
func (p *Program) Accesses(visit func(*Access)) {
	for _, m := range p.Modules {
		for _, g := range m.Guards {
			visit(&g.Access)
		}
		for _, e := range m.AllEntryPoints() {
			if a := e.Head().Access; a != nil {
				visit(a)
			}
			if c, ok := e.(*Channel); ok {
				visit(&c.Writers)
			}
		}
		for _, x := range m.Pending {
			visit(&x.Access)
		}
	}
}

func (a *Access) roots(v visitor) {
	for _, g := range a.Guards {
		v.exprs(g.Args)
	}
	v.nodes(a.Allow, a.Gate)
}

func (m *Module) roots(v visitor) {
	for _, t := range m.Types {
		typeRoots(v, t)
	}
	for _, t := range m.Shapes {
		typeRoots(v, t)
	}
	for _, t := range m.Tables {
		t.roots(v)
	}
	for _, g := range m.Guards {
		v.vars(g.Params)
		v.nodes(g.Body)
	}
	for _, f := range m.Fns {
		v.vars(f.Params)
		v.nodes(f.Body)
	}
	for _, x := range m.Externs {
		v.vars(x.Params)
	}
	for _, e := range m.AllEntryPoints() {
		entryPointRoots(v, e)
	}
	for _, x := range m.Pending {
		v.vars(x.Params)
		v.nodes(x.Body)
		v.exprs(x.Verify)
		v.exprs(x.Shown)
	}
}

// typeRoots visits the defaults of a record's fields. Only records have any.
func typeRoots(v visitor, t Type) {
	if r, ok := t.(*Record); ok {
		for _, f := range r.Fields {
			v.nodes(f.Default)
		}
	}
}

func (t *Table) roots(v visitor) {
	typeRoots(v, t.Row)
	for _, p := range []*Policy{t.ReadIf, t.WriteIf} {
		if p != nil {
			v.nodes(p.Cond)
		}
	}
}

// entryPointRoots visits the parts of an entry point other than its access.
func entryPointRoots(v visitor, e EntryPoint) {
	head := e.Head()
	v.vars(head.Params)
	for _, r := range head.Rates {
		v.nodes(r.Key)
	}
	switch x := e.(type) {
	case *RPC:
		v.nodes(x.Body)
	case *Stream:
		v.nodes(x.Query, x.Body)
		if d := x.Delta; d != nil {
			v.nodes(d.Version, d.Diff)
		}
		v.nodes(x.OnSubscribe, x.OnUnsubscribe)
	case *Channel:
		v.nodes(x.OnSubscribe, x.OnUnsubscribe)
	case *Room:
		if x.Presence != nil {
			v.nodes(x.Presence.Value)
		}
		v.nodes(x.OnSubscribe, x.OnUnsubscribe)
	case *Signal:
	default:
		panic(UnknownEntryPoint(e))
	}
}

// vars visits the defaults of parameters.
func (v visitor) vars(params []*Var) {
	for _, p := range params {
		v.nodes(p.Default)
	}
}
