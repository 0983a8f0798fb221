// Package contract is the pass that gives the outside view of a program: its entry points with the JSON Schemas (draft 2020-12) of what they take and give. Package runtime judges arguments by
// it, the console makes forms of it, and clients carry its hash.
package contract

import (
	"maps"
	"slices"
	"strings"

	"github.com/livec-lang/livec/compiler/ir"
)

// Build makes the contract of a checked program. It depends on the program alone: the same program gives the same bytes.
func Build(p *ir.Program) *ir.Contract {
	s := newSchemas("")
	modules := list{}
	for _, m := range p.Modules {
		entries := entries(s, m)
		if len(entries) == 0 {
			continue
		}
		o := object{{"name", m.Name}}
		o.setText("doc", docText(m.Doc))
		modules = append(modules, o.with("entries", entries))
	}
	defs := s.sorted()
	document := object{{"name", p.Name}, {"hash", hash(modules, defs)}, {"modules", modules}, {"$defs", defs}}
	c := &ir.Contract{Hash: document.get("hash").(string), JSON: pretty(document)}
	for _, m := range p.Modules {
		if file, ok := schemaFile(m); ok {
			c.Schemas = append(c.Schemas, file)
		}
	}
	return c
}

// entries are the entry points of a module, by the kinds of the language and in source order.
func entries(s *schemas, m *ir.Module) list {
	all := list{}
	for _, x := range m.Streams {
		if !strings.Contains(x.Name, ".") { // the data of a room is part of it
			all = append(all, stream(x).json(s))
		}
	}
	for _, x := range m.Channels {
		all = append(all, channel(s, x).json(s))
	}
	for _, x := range m.RPCs {
		if !strings.Contains(x.Name, ".") {
			all = append(all, rpc(x).json(s))
		}
	}
	for _, x := range m.Rooms {
		for _, e := range room(s, x) {
			all = append(all, e.json(s))
		}
	}
	for _, x := range m.Signals {
		all = append(all, signal(s, x))
	}
	return all
}

// sorted is the definitions in order of their names.
func (s *schemas) sorted() object {
	all := object{}
	for _, name := range slices.Sorted(maps.Keys(s.defs)) {
		all.set(name, s.defs[name])
	}
	return all
}
