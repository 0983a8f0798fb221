package emitts

import (
	"slices"

	"github.com/livec-lang/livec/compiler/ir"
)

// reachModule finds the types that the entry points of a module send or receive.
func (g *gen) reachModule(m *ir.Module) {
	for _, e := range m.AllEntryPoints() {
		g.reachEntryPoint(e)
	}
}

func (g *gen) reachEntryPoint(e ir.EntryPoint) {
	head := e.Head()
	if head.Kind == ir.SignalKind { // the server sends its arguments
		g.reachParams(head.Params, out)
	} else {
		g.reachParams(head.Params, in)
	}
	if head.Result != nil {
		g.reach(head.Result, out)
	}
	switch x := e.(type) {
	case *ir.RPC, *ir.Stream, *ir.Signal:
	case *ir.Channel:
		if x.Writable {
			g.reach(x.Declared, in)
		}
	case *ir.Room:
		if p := x.Presence; p != nil {
			g.reach(p.Member, out)
			if p.Writable {
				g.reach(p.Declared, in)
			}
		}
		if c := x.Cursors; c != nil {
			g.reach(c.Cursor, out)
			g.reach(c.Declared, in)
		}
	default:
		panic(ir.UnknownEntryPoint(e))
	}
}

func (g *gen) reachParams(params []*ir.Var, d direction) {
	for _, p := range params {
		g.reach(p.Type, d)
	}
}

// reach marks a type and its parts.
func (g *gen) reach(t ir.Type, d direction) {
	mark := func() bool {
		n := named{t, d}
		if g.reached[n] {
			return false
		}
		g.reached[n] = true
		g.order = append(g.order, n)
		return true
	}
	switch t := t.(type) {
	case *ir.Optional:
		g.reach(t.Elem, d)
	case *ir.List:
		g.reach(t.Elem, d)
	case *ir.Map:
		g.reach(t.Elem, d)
	case *ir.Enum:
		if !t.Anonymous {
			mark()
		}
	case *ir.Record:
		if mark() {
			for _, f := range visible(t, d) {
				g.reach(fieldType(t, f), d)
			}
		}
	case *ir.Union:
		if mark() {
			for _, v := range t.Variants {
				g.reach(v.Record, d)
			}
		}
	case *ir.Scalar, *ir.Null, *ir.Void:
	default:
		panic(ir.UnknownType(t))
	}
}

// visible returns the fields of a record that exist in one direction.
func visible(r *ir.Record, d direction) []*ir.Field {
	var fields []*ir.Field
	for _, f := range r.Fields {
		if d == in && f.Sent() || d == out && f.Shown() {
			fields = append(fields, f)
		}
	}
	return fields
}

// fieldType returns the type of a field that is present. For a patch this is its type in the patched record.
func fieldType(r *ir.Record, f *ir.Field) ir.Type {
	if r.PatchOf != nil {
		for _, original := range r.PatchOf.Fields {
			if original.Name == f.Name {
				return original.Type
			}
		}
	}
	return f.Type
}

// nameTypes gives each form of a type a name in its module, in the order of the declarations: the type's own name, and
// NameInput for what clients send if that is different.
func (g *gen) nameTypes() {
	slices.SortStableFunc(g.order, func(a, b named) int {
		pa, _, _, _ := about(a.t)
		pb, _, _, _ := about(b.t)
		return int(pa.Span.Start - pb.Span.Start)
	})
	for _, suffix := range []string{"", "Input"} {
		for _, n := range g.order {
			_, home, name, _ := about(n.t)
			second := n.d == in && g.reached[named{n.t, out}]
			switch {
			case second && !ir.Directed(n.t):
				continue // both forms have one name
			case second != (suffix != ""):
				continue
			}
			m := g.module(home)
			g.names[n] = m.take(name + suffix)
			m.types = append(m.types, n)
		}
	}
}

// nameOf returns the name of a type in its module.
func (g *gen) nameOf(t ir.Type, d direction) string {
	if name, ok := g.names[named{t, d}]; ok {
		return name
	}
	return g.names[named{t, out}]
}
