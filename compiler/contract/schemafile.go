package contract

import (
	"github.com/livec-lang/livec/compiler/analyze"
	"github.com/livec-lang/livec/compiler/ir"
)

// draft is the dialect of the schemas.
const draft = "https://json-schema.org/draft/2020-12/schema"

// schemaFile is the JSON Schema document of a module, for people and other tools: its types by their names, types of other modules
// with the module before them, and for each entry point NAME the definitions NAME.args and NAME.result. It needs no other document.
// A module with neither has none.
func schemaFile(m *ir.Module, facts *analyze.Facts) (SchemaFile, bool) {
	s := newSchemas(m.Name)
	for _, t := range m.Types {
		s.both(t)
	}
	for _, t := range m.Tables {
		s.both(t.Row)
	}
	defs := object{}
	for _, e := range entryPoints(s, facts, m) {
		addEntryPoint(&defs, m.Name, e.(object))
	}
	if len(s.defs)+len(defs) == 0 {
		return SchemaFile{}, false
	}
	o := object{{"$schema", draft}, {"title", m.Name}}
	o.setText("description", docText(m.Doc))
	return SchemaFile{Module: m.Name, JSON: pretty(o.with("$defs", append(s.sorted(), defs...)))}, true
}

// both defines a type as clients receive it and, where that differs, as they send it.
func (s *schemas) both(t ir.Type) {
	s.of(t, out)
	s.of(t, in)
}

// addEntryPoint adds the parameters and results of an entry point. Parts of a room are separate entry points here.
func addEntryPoint(defs *object, module string, e object) {
	name := e.get("name").(string)[len(module)+1:]
	doc, _ := e.get("doc").(string)
	about := func(schema object) object {
		if doc != "" {
			return schema.with("description", doc)
		}
		return schema
	}
	for _, part := range []string{"data", "presence", "cursors"} {
		if p, ok := e.get(part).(object); ok {
			addSchemas(defs, name+"."+part, p, about)
		}
	}
	addSchemas(defs, name, e, about)
}

func addSchemas(defs *object, name string, e object, about func(object) object) {
	for _, word := range []string{"args", "event", "result"} {
		if schema, ok := e.get(word).(object); ok {
			defs.set(name+"."+word, about(schema))
		}
	}
}
