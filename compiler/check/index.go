package check

import (
	"fmt"
	"slices"

	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/index"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/compiler/resolve"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/source"
)

// This file records for the index which symbol each name refers to and which type each expression has.

// refer finds the declaration of a name in the source, and records the use.
func (m *module) refer(name string, at source.Span) *resolve.Symbol {
	s := m.lookup(name)
	if s.Known() {
		m.index.Use(at, declared(s))
	}
	return s
}

// declared returns the index entry of a declaration, without its type.
func declared(s *resolve.Symbol) index.Symbol {
	n := s.Decl.Named()
	return index.Symbol{Kind: index.Kind(s.Decl.Keyword()), Name: s.Name, Pos: ir.Pos{File: s.Module.File.Source, Span: n.Span},
		Doc: s.Decl.Docs()}
}

// useField records that a name refers to a field.
func (m *module) useField(at source.Span, f *ir.Field) {
	if f != nil && f.Pos.File != nil {
		m.index.Use(at, field(f))
	}
}

func field(f *ir.Field) index.Symbol {
	return index.Symbol{Kind: index.Field, Name: f.Name, Pos: f.Pos, Doc: f.Doc, Type: unlessBad(f.Type)}
}

// useVar records that a name refers to a variable.
func (m *module) useVar(at source.Span, v *ir.Var) {
	if v.Pos.File != nil {
		m.index.Use(at, variable(index.Variable, v))
	}
}

func variable(kind index.Kind, v *ir.Var) index.Symbol {
	return index.Symbol{Kind: kind, Name: v.Name, Pos: v.Pos, Doc: v.Doc, Type: unlessBad(v.Type)}
}

func setting(v *ir.EnvVar) index.Symbol {
	return index.Symbol{Kind: index.Setting, Name: v.Name, Pos: v.Pos, Doc: v.Doc, Type: unlessBad(v.Type)}
}

// useOwn records the use of a name that the language defines, or that has no declaration.
func (m *module) useOwn(at source.Span, kind index.Kind, name string, t ir.Type) {
	m.index.Use(at, index.Symbol{Kind: kind, Name: name, Type: unlessBad(t)})
}

// typed records the type of an expression.
func (m *module) typed(at source.Span, t ir.Type) {
	if t = unlessBad(t); t != nil {
		m.index.Typed(at, t)
	}
}

// unlessBad returns a type for people; nil if a mistake hides it, or if the language has no syntax for it.
func unlessBad(t ir.Type) ir.Type {
	if t == nil || types.IsBad(t) || t == ir.Type(clientT) {
		return nil
	}
	return t
}

// declareField records the declaration of a field.
func (c *checker) declareField(f *ir.Field) { c.index.Declare(field(f)) }

// declareMember records the declaration of a value of an enum.
func (c *checker) declareMember(m *module, e *ir.Enum, lit ast.Node, value string) {
	p := m.pos(lit)
	if c.members[e] == nil {
		c.members[e] = map[string]ir.Pos{}
	}
	c.members[e][value] = p
	c.index.Declare(index.Symbol{Kind: index.Member, Name: value, Pos: p, Type: e})
}

// useMember records that a string is a value of an enum.
func (b *body) useMember(at ir.Pos, e *ir.Enum, value string) {
	p, ok := b.c.members[e][value]
	if ok && at.File == b.m.src {
		b.m.index.Use(at.Span, index.Symbol{Kind: index.Member, Name: value, Pos: p, Type: e})
	}
}

// declarations records the declarations of all modules, and the uses that package resolve has found.
func (c *checker) declarations() {
	for _, u := range c.app.Uses {
		if u.Symbol.Known() {
			c.index.File(u.File).Use(u.Span, declared(u.Symbol))
		}
	}
	c.each(func(m *module, d ast.Decl) {
		if u, ok := d.(*ast.Use); ok {
			if of := c.byName[u.Module.Name]; of != nil {
				m.index.Use(u.Module.Span, index.Symbol{Kind: index.Module, Name: of.Name, Pos: ir.Pos{File: of.src}, Doc: of.File.Doc})
			}
			return
		}
		n := d.Named()
		if _, bad := d.(*ast.BadDecl); bad || n == nil {
			return
		}
		if _, ok := d.(*ast.Migrate); ok { // its name is the name of the table
			return
		}
		s := index.Symbol{Kind: index.Kind(d.Keyword()), Name: n.Name, Pos: m.pos(n), Doc: d.Docs()}
		c.signature(m, d, &s)
		c.index.Declare(s)
		if room, ok := d.(*ast.Room); ok {
			c.roomMembers(m, room)
		}
	})
}

// signature records the type and the parameters of a declaration.
func (c *checker) signature(m *module, d ast.Decl, s *index.Symbol) {
	called := func(params []*ir.Var, t ir.Type) { s.Called, s.Params, s.Type = true, params, unlessBad(t) }
	switch d := d.(type) {
	case *ast.TypeDecl, *ast.Table:
		s.Type = unlessBad(c.types[d])
	case *ast.Fn:
		called(c.fns[d].Params, c.fns[d].Result)
	case *ast.Extern:
		called(c.externs[d].Params, c.externs[d].Result)
	case *ast.Guard:
		called(c.guards[d].Params, nil)
	case *ast.Signal:
		called(c.signals[d].Params, nil)
	case *ast.Stream:
		called(c.streams[d].Params, c.streams[d].Value)
	case *ast.Channel:
		called(c.channels[d].Params, c.channels[d].Value)
	case *ast.RPC:
		called(c.rpcs[d].Params, c.rpcs[d].Result)
	case *ast.Aggregate:
		if r := c.aggregates[d]; r != nil {
			s.Type = r
		}
	case *ast.Room:
		for _, r := range m.ir.Rooms {
			if r.Pos == s.Pos {
				called(r.Params, nil)
			}
		}
	case *ast.Pipe:
		called(c.pipes[d], nil)
	case *ast.App, *ast.Cron, *ast.Effect, *ast.Middleware, *ast.Webhook: // these are not values
	default:
		panic(fmt.Sprintf("a declaration of kind %T has no signature", d))
	}
}

// roomMembers records the parts and the actions of a room.
func (c *checker) roomMembers(m *module, d *ast.Room) {
	i := slices.IndexFunc(m.ir.Rooms, func(r *ir.Room) bool { return r.Pos == m.pos(&d.Name) })
	if i < 0 {
		return
	}
	r := m.ir.Rooms[i]
	for _, p := range d.Parts {
		s := index.Symbol{Kind: index.Part, Name: p.Name.Name, Pos: m.pos(&p.Name), Doc: p.Doc}
		switch {
		case p.Name.Name == "data" && r.Data != nil:
			s.Type = unlessBad(r.Data.Value)
		case p.Name.Name == "presence" && r.Presence != nil:
			s.Type = unlessBad(r.Presence.Declared)
		case p.Name.Name == "cursors" && r.Cursors != nil:
			s.Type = unlessBad(r.Cursors.Declared)
		}
		c.index.Declare(s)
	}
	for _, a := range r.Actions {
		own := a.Params[min(len(r.Params), len(a.Params)):]
		name := a.Name[len(r.Name)+1:]
		c.index.Declare(index.Symbol{Kind: "rpc", Name: name, Pos: a.Pos, Doc: a.Doc, Params: own, Called: true, Type: unlessBad(a.Result)})
	}
}
