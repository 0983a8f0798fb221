package contract

import (
	"github.com/livec-lang/livec/compiler/analyze"
	"github.com/livec-lang/livec/compiler/ir"
)

// draft identifies the version of JSON Schema.
const draft = "https://json-schema.org/draft/2020-12/schema"

// schemaFile returns the JSON Schema document of a module, for people and other tools. It defines the types by name,
// with the module in front for types of other modules, and for each entry point NAME the arguments as NAME.args and the
// result as NAME.result. It does not refer to other documents. ok is false if there is nothing to define.
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

// both defines a type as clients receive it and, if that is different, as they send it.
func (s *schemas) both(t ir.Type) {
	s.of(t, out)
	s.of(t, in)
}

// addEntryPoint adds the schemas of an entry point. The parts of a room become separate entry points here.
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
