package check

import (
	"strconv"

	"github.com/livec-lang/livec/compiler/index"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/compiler/resolve"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/source"
)

// module is a module being checked.
type module struct {
	*resolve.Module
	ir         *ir.Module
	src        *source.File
	fileGuards []*ast.FileGuard
	shapes     map[string]bool          // names that types without a name have received
	lookedUp   map[string]bool          // names that have been looked up
	used       map[*resolve.Symbol]bool // symbols that the checker has marked as used
	index      *index.File
}

func (c *checker) module(m *resolve.Module) {
	mod := &module{Module: m, src: m.File.Source, shapes: map[string]bool{}, lookedUp: map[string]bool{}, used: c.used,
		index: c.index.File(m.File.Source), ir: &ir.Module{Name: m.Name, File: m.File.Source, Doc: m.File.Doc}}
	c.mods[m], c.byName[m.Name] = mod, mod
	c.order = append(c.order, mod)
	c.prog.Modules = append(c.prog.Modules, mod.ir)
	for _, d := range m.File.Decls {
		if g, ok := d.(*ast.FileGuard); ok {
			mod.fileGuards = append(mod.fileGuards, g)
		}
	}
}

func (m *module) pos(n ast.Node) ir.Pos { return ir.Pos{File: m.src, Span: n.Where()} }

func (m *module) namePos(d ast.Decl) ir.Pos {
	if n := d.Named(); n != nil {
		return ir.Pos{File: m.src, Span: n.Span}
	}
	return m.pos(d)
}

// lookup finds a name in the scope of a module and marks it as used.
func (m *module) lookup(name string) *resolve.Symbol {
	s := m.Module.Lookup(name)
	if s != nil {
		m.used[s] = true
		m.lookedUp[name] = true
	}
	return s
}

// home returns the module that declares a symbol.
func (c *checker) home(s *resolve.Symbol) *module { return c.mods[s.Module] }

// pending records a construct that has no back end yet.
func (m *module) pending(n ast.Node, keyword, name string) *ir.Pending {
	p := &ir.Pending{Pos: m.pos(n), Keyword: keyword, Name: name}
	m.ir.Pending = append(m.ir.Pending, p)
	return p
}

// shape chooses a name for a type without one that is free in the module.
func (c *checker) shape(m *module, base string) string {
	base = resolve.Pascal.Of(base)
	name := base
	for n := 2; m.shapes[name] || m.Module.Lookup(name) != nil; n++ {
		name = base + strconv.Itoa(n)
	}
	m.shapes[name] = true
	return name
}
