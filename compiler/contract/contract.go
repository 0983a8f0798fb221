// Package contract is the pass that makes the contract of a program: its entry points, with the JSON Schemas (draft 2020-12) of their
// parameters and results. Package runtime validates arguments with it, the console builds forms from it, and clients carry its hash.
package contract

import (
	"maps"
	"slices"
	"strings"

	"github.com/livec-lang/livec/compiler/analyze"
	"github.com/livec-lang/livec/compiler/ir"
)

// Contract is a program as clients see it. Contract of package runtime/contract describes its members.
type Contract struct {
	Hash    string
	Hashes  []EntryPointHash // in order of their names
	JSON    []byte           // a Contract of runtime/contract
	Schemas []SchemaFile     // one JSON Schema document for each module, for people and other tools
}

// EntryPointHash is the digest of what the clients of one entry point depend on.
type EntryPointHash struct {
	Name, Hash string
}

// SchemaFile has the JSON Schemas of one module: its types, arguments and results under $defs.
type SchemaFile struct {
	Module string
	JSON   []byte
}

// Build makes the contract of a checked program. The same program always gives the same bytes.
func Build(p *ir.Program, facts *analyze.Facts) *Contract {
	s := newSchemas("")
	modules := list{}
	for _, m := range p.Modules {
		points := entryPoints(s, facts, m)
		if len(points) == 0 {
			continue
		}
		o := object{{"name", m.Name}}
		o.setText("doc", docText(m.Doc))
		modules = append(modules, o.with("entryPoints", points))
	}
	defs := s.sorted()
	hashes := addHashes(modules, defs)
	document := object{{"name", p.Name}, {"hash", hash(modules, defs)}, {"modules", modules}, {"$defs", defs}}
	c := &Contract{Hash: document.get("hash").(string), Hashes: hashes, JSON: pretty(document)}
	for _, m := range p.Modules {
		if file, ok := schemaFile(m, facts); ok {
			c.Schemas = append(c.Schemas, file)
		}
	}
	return c
}

// addHashes writes its own hash into each entry point, and returns these hashes.
func addHashes(modules list, defs object) (all []EntryPointHash) {
	for _, m := range modules {
		points := m.(object).get("entryPoints").(list)
		for i, e := range points {
			h := EntryPointHash{Name: e.(object).get("name").(string), Hash: entryPointHash(e.(object), defs)}
			points[i] = e.(object).with("hash", h.Hash)
			all = append(all, h)
		}
	}
	slices.SortFunc(all, func(a, b EntryPointHash) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// entryPoints describes the entry points of a module, by kind and then in source order.
func entryPoints(s *schemas, facts *analyze.Facts, m *ir.Module) list {
	all := list{}
	add := func(e ir.EntryPoint) { all = append(all, entryPoint(s, facts, e)) }
	for _, e := range m.EntryPoints() {
		add(e)
		for _, member := range e.Members() {
			if _, data := member.(*ir.Stream); !data { // the data of a room is part of it
				add(member)
			}
		}
	}
	return all
}

// entryPoint describes one entry point, in the form of EntryPoint of runtime/contract.
func entryPoint(s *schemas, facts *analyze.Facts, e ir.EntryPoint) object {
	switch x := e.(type) {
	case *ir.RPC:
		return common(s, x, facts.Footprint(x))
	case *ir.Stream:
		return stream(s, x, facts.Footprint(x))
	case *ir.Channel:
		return channel(s, x, facts.Footprint(x))
	case *ir.Room:
		return room(s, x, facts.Footprint(x))
	case *ir.Signal:
		return signal(s, x)
	}
	panic(ir.UnknownEntryPoint(e))
}

// sorted returns the definitions in order of their names.
func (s *schemas) sorted() object {
	all := object{}
	for _, name := range slices.Sorted(maps.Keys(s.defs)) {
		all.set(name, s.defs[name])
	}
	return all
}
