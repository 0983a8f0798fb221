package emitts

import "github.com/livec-lang/livec/compiler/ir"

// carries reports whether a value of a type that clients receive contains something that JSON has no type for: a time or bytes.
func carries(t ir.Type) bool {
	return holds(t, out, func(k ir.ScalarKind) bool { return k == ir.Time || k == ir.Bytes }, map[ir.Type]bool{})
}

// hasBytes reports whether a value that clients send contains bytes.
func hasBytes(t ir.Type) bool {
	return holds(t, in, func(k ir.ScalarKind) bool { return k == ir.Bytes }, map[ir.Type]bool{})
}

// holds reports whether a type, in the form for one direction, contains a scalar of some kinds at any depth.
func holds(t ir.Type, d direction, kind func(ir.ScalarKind) bool, seen map[ir.Type]bool) bool {
	switch t := t.(type) {
	case *ir.Scalar:
		return kind(t.Kind)
	case *ir.Optional:
		return holds(t.Elem, d, kind, seen)
	case *ir.List:
		return holds(t.Elem, d, kind, seen)
	case *ir.Map:
		return holds(t.Elem, d, kind, seen)
	case *ir.Record:
		if seen[t] {
			return false
		}
		seen[t] = true
		for _, f := range visible(t, d) {
			if holds(fieldType(t, f), d, kind, seen) {
				return true
			}
		}
	case *ir.Union:
		for _, v := range t.Variants {
			if holds(v.Record, d, kind, seen) {
				return true
			}
		}
	case *ir.Enum, *ir.Null, *ir.Void:
	default:
		panic(ir.UnknownType(t))
	}
	return false
}

// codec returns the decoder of a type; nil if the decoded JSON is already the value.
func (m *module) codec(t ir.Type) doc {
	if t == nil || !carries(t) {
		return nil
	}
	switch t := t.(type) {
	case *ir.Scalar:
		if t.Kind == ir.Time {
			return text("$.time")
		}
		return text("$.bytes")
	case *ir.Optional:
		return m.codec(t.Elem) // codecs accept null
	case *ir.List:
		return call("$.list", m.codec(t.Elem))
	case *ir.Map:
		return call("$.map", m.codec(t.Elem))
	case *ir.Record:
		return m.recordCodec(t)
	case *ir.Union:
		var variants []doc
		for _, v := range t.Variants {
			if c := m.codec(v.Record); c != nil {
				variants = append(variants, concat(text(property(v.Value)+": "), c))
			}
		}
		return call("$.union", text(quote(t.Tag)), enclosed("{", space, variants, "}"))
	}
	panic(ir.UnknownType(t)) // carries is false for all other types
}

// recordCodec returns a reference to the codec of a record, and writes the codec if it is new.
func (m *module) recordCodec(r *ir.Record) doc {
	name, known := m.codecs[r]
	switch {
	case known && name != "":
		return text(name)
	case known: // it is being written: the record contains itself
		return call("$.lazy", text("() => "+m.codecName(r)))
	}
	m.codecs[r] = ""
	var fields []doc
	for _, f := range visible(r, out) {
		if c := m.codec(f.Type); c != nil {
			fields = append(fields, concat(text(f.Name+": "), c))
		}
	}
	name = m.codecName(r)
	m.consts = append(m.consts, concat(text("const "+name+": $.Codec = "), call("$.record", enclosed("{", space, fields, "}"))))
	m.codecs[r] = name
	return text(name)
}

func (m *module) codecName(r *ir.Record) string { return runtimeName + m.ref(r, out) }
