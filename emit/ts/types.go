package emitts

import (
	"strings"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/internal/layout"
)

// typ returns a type in the form for one direction.
func (m *module) typ(t ir.Type, d direction) doc {
	switch t := t.(type) {
	case *ir.Scalar:
		return m.scalar(t, d)
	case *ir.Optional:
		return concat(m.typ(t.Elem, d), text(" | null"))
	case *ir.List:
		elem := m.typ(t.Elem, d)
		if compound(t.Elem, d) {
			elem = concat(text("("), elem, text(")"))
		}
		return concat(elem, text("[]"))
	case *ir.Map:
		return concat(text("{ [key: string]: "), m.typ(t.Elem, d), text(" }"))
	case *ir.Enum:
		if t.Anonymous {
			return literals(t.Values)
		}
		return text(m.ref(t, d))
	case *ir.Record, *ir.Union:
		return text(m.ref(t, d))
	case *ir.Null:
		return text("null")
	case *ir.Void, nil: // an rpc without a result
		return text("void")
	}
	panic(ir.UnknownType(t))
}

// compound reports whether a type is written with operators.
func compound(t ir.Type, d direction) bool {
	switch t := t.(type) {
	case *ir.Optional:
		return true
	case *ir.Scalar:
		return t.Kind == ir.Bytes && d == in
	case *ir.Enum:
		return t.Anonymous && len(t.Values) != 1
	}
	return false
}

func (m *module) scalar(t *ir.Scalar, d direction) doc {
	switch t.Kind {
	case ir.Int, ir.Float, ir.Duration:
		return text("number")
	case ir.Bool:
		return text("boolean")
	case ir.Time:
		return text(m.global("Date"))
	case ir.Bytes:
		if d == in {
			return text(m.global("ArrayBuffer") + " | " + m.global("ArrayBufferView"))
		}
		return text(m.global("Uint8Array"))
	case ir.JSON:
		return text("unknown")
	case ir.String, ir.ID:
		return text("string")
	}
	panic("a scalar of unknown kind: " + t.Kind.String())
}

// global returns the name of a JavaScript type, qualified if the app declares a type with this name.
func (m *module) global(name string) string {
	if m.taken[name] {
		return "globalThis." + name
	}
	return name
}

// ref returns the name of a named type in this module, and imports the type if another module declares it.
func (m *module) ref(t ir.Type, d direction) string {
	_, home, _, _ := about(t)
	name := m.g.nameOf(t, d)
	if home == m.name {
		return name
	}
	names := m.imports[home]
	if names == nil {
		names = map[string]string{}
		m.imports[home] = names
	}
	if as, ok := names[name]; ok {
		return as
	}
	as := name
	if m.taken[as] || globals[as] {
		as = strings.ReplaceAll(home, "/", "$") + "$" + name
	}
	m.taken[as] = true
	names[name] = as
	return as
}

// literals returns a union of string literals.
func literals(values []string) doc {
	if len(values) == 0 {
		return text("never")
	}
	docs := make([]doc, len(values))
	for i, v := range values {
		docs[i] = text(quote(v))
	}
	return group(join(concat(space, text("| ")), docs))
}

// declare returns the declaration of a named type.
func (m *module) declare(n named) doc {
	_, _, _, lines := about(n.t)
	name := m.g.names[n]
	head := comment(lines)
	switch t := n.t.(type) {
	case *ir.Enum:
		values := make([]doc, len(t.Values))
		for i, v := range t.Values {
			values[i] = text(quote(v))
		}
		return concat(head, text("export type "+name+" = "), alternatives(values))
	case *ir.Union:
		variants := make([]doc, len(t.Variants))
		for i, v := range t.Variants {
			variants[i] = text(m.ref(v.Record, n.d))
		}
		return concat(head, text("export type "+name+" = "), alternatives(variants))
	case *ir.Record:
		fields := visible(t, n.d)
		if len(fields) == 0 {
			return concat(head, text("export type "+name+" = { [key: string]: never }"))
		}
		var body []doc
		for _, f := range fields {
			body = append(body, newline, comment(f.Doc), m.field(t, f, n.d))
		}
		return concat(head, text("export interface "+name+" {"), nest(body...), newline, text("}"))
	}
	return nil
}

// alternatives returns a union, with one alternative per line if it is long.
func alternatives(docs []doc) doc {
	return group(nest(concat(soft, layout.Broken("| "), join(concat(space, text("| ")), docs))))
}

// field returns a field. The tag of a variant has its literal as its type.
func (m *module) field(r *ir.Record, f *ir.Field, d direction) doc {
	t := fieldType(r, f)
	mark := ": "
	if r.PatchOf != nil || d == in && ir.Omittable(t, f.Default) {
		mark = "?: "
	}
	if r.TagOf != nil && f.Name == r.TagOf.Tag {
		for _, v := range r.TagOf.Variants {
			if v.Record == r {
				return text(f.Name + ": " + quote(v.Value))
			}
		}
	}
	return concat(text(f.Name+mark), nest(m.typ(t, d)))
}

// params returns parameters of a function, or named elements of a tuple.
func (m *module) params(vars []*ir.Var, d direction) []doc {
	docs := make([]doc, len(vars))
	for i, v := range vars {
		mark := ": "
		if d == in && ir.Omittable(v.Type, v.Default) {
			mark = "?: "
		}
		name := v.Name
		if reserved[name] {
			name = runtimeName + name
		}
		docs[i] = concat(text(name+mark), m.typ(v.Type, d))
	}
	return docs
}

// function returns the type of a function.
func (m *module) function(vars []*ir.Var, result doc) doc {
	return concat(enclosed("(", soft, m.params(vars, in), ")"), text(" => "), result)
}

// paramDocs returns the sections of a comment that describe parameters.
func paramDocs(vars []*ir.Var) []string {
	var lines []string
	for _, v := range vars {
		if d := paragraph(v.Doc); d != "" {
			lines = append(lines, "@param "+v.Name+" "+d)
		}
	}
	return lines
}
