package emitts

import (
	"maps"
	"slices"
	"strings"

	"github.com/livec-lang/livec/compiler/ir"
)

// module is one generated file.
type module struct {
	g    *gen
	ir   *ir.Module // nil for a module that has only types for others
	name string

	types   []named         // declared in this module
	taken   map[string]bool // names of types
	imports map[string]map[string]string

	codecs map[*ir.Record]string // names of codecs; "" while a codec is being written
	consts []doc                 // the codecs
	values []doc
}

// take returns a free name for a type.
func (m *module) take(name string) string {
	for primitives[name] || m.taken[name] || name == "" {
		name += "_"
	}
	m.taken[name] = true
	return name
}

// entryPoint is the constant for an entry point, with its position in the source.
type entryPoint struct {
	pos  ir.Pos
	name string
	typ  doc
	doc  doc
	init doc
}

// source returns the text of the module; empty if it has no content.
func (m *module) source() string {
	for _, e := range m.entryPoints() {
		m.values = append(m.values, m.constant(e))
	}
	var body []doc
	for _, n := range m.types {
		body = append(body, m.declare(n))
	}
	body = append(append(body, m.consts...), m.values...)
	if len(body) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString(header)
	if m.ir != nil {
		if d := comment(m.ir.Doc, "@module"); len(trimmed(m.ir.Doc)) > 0 {
			b.WriteString("\n" + render(d))
		}
	}
	b.WriteString("\n")
	if len(m.values) > 0 {
		b.WriteString("import * as " + runtimeName + " from " + quote(importPath(m.name, "_live/index.js")) + "\n")
	}
	for _, from := range slices.Sorted(maps.Keys(m.imports)) {
		var names []doc
		for _, name := range slices.Sorted(maps.Keys(m.imports[from])) {
			if as := m.imports[from][name]; as != name {
				name += " as " + as
			}
			names = append(names, text(name))
		}
		b.WriteString(
			render(concat(text("import type "), enclosed("{", space, names, "}"), text(" from "+quote(importPath(m.name, from+".js"))))) + "\n",
		)
	}
	for i, d := range body {
		if i > 0 || len(m.values)+len(m.imports) > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(render(d))
		b.WriteByte('\n')
	}
	return b.String()
}

// entryPoints returns the entry points of the module, in source order.
func (m *module) entryPoints() []entryPoint {
	if m.ir == nil {
		return nil
	}
	var all []entryPoint
	for _, e := range m.ir.EntryPoints() { // a room writes its members
		all = append(all, m.entryPoint(e))
	}
	slices.SortStableFunc(all, func(a, b entryPoint) int { return int(a.pos.Span.Start - b.pos.Span.Start) })
	return all
}

// entryPoint writes an entry point.
func (m *module) entryPoint(e ir.EntryPoint) entryPoint {
	switch x := e.(type) {
	case *ir.RPC:
		return m.rpc(x)
	case *ir.Stream:
		return m.stream(x)
	case *ir.Channel:
		return m.channel(x)
	case *ir.Room:
		return m.room(x)
	case *ir.Signal:
		return m.signal(x)
	}
	panic(ir.UnknownEntryPoint(e))
}

// constant returns the declaration of an entry point. If its name is reserved in TypeScript, the constant has another
// name and is exported under its own.
func (m *module) constant(e entryPoint) doc {
	if reserved[e.name] {
		return concat(
			e.doc,
			text("const "+runtimeName+e.name+": "),
			e.typ,
			text(" = "),
			e.init,
			newline,
			text("export { "+runtimeName+e.name+" as "+e.name+" }"),
		)
	}
	return concat(e.doc, text("export const "+e.name+": "), e.typ, text(" = "), e.init)
}

// member returns an entry point as a member of a room. Its name is the part after the dot.
func member(e entryPoint) (typ, init doc) {
	name := e.name[strings.LastIndexByte(e.name, '.')+1:]
	return concat(e.doc, text("readonly "+name+": "), e.typ), concat(text(name+": "), e.init)
}
