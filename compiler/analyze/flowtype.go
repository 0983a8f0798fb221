package analyze

import "github.com/livec-lang/livec/compiler/ir"

// shown returns the labels that reach a client with a value of a type. Fields marked secret are not sent. own are the
// secrets in the value; chosen are the secrets that decided about it.
func shown(v *value, t ir.Type) (own, chosen labels) {
	s := &reading{seen: map[seenType]bool{}}
	s.value(v, t)
	return s.own, s.chosen
}

// whole returns the labels that an operation on the whole value can reveal: comparing it, sorting it, or writing it as text.
func whole(v *value, t ir.Type) labels {
	s := &reading{seen: map[seenType]bool{}, marked: true}
	s.value(v, t)
	return union(s.own, s.chosen)
}

// reading collects the labels of a value by its type.
type reading struct {
	own, chosen labels
	marked      bool // include fields that are marked secret
	seen        map[seenType]bool
}

type seenType struct {
	v *value
	t ir.Type
}

func (s *reading) value(v *value, t ir.Type) {
	s.own, s.chosen = union(s.own, v.own), union(s.chosen, v.chosen)
	switch t := t.(type) {
	case *ir.Scalar, *ir.Enum, *ir.Null, *ir.Void, nil:
		for _, f := range v.fields { // of a record that was converted
			s.own = union(s.own, f.all())
		}
	case *ir.Optional:
		s.value(v, t.Elem)
	case *ir.List:
		s.value(v, t.Elem)
	case *ir.Map:
		s.value(v, t.Elem)
	case *ir.Union:
		for _, variant := range t.Variants {
			s.value(v, variant.Record)
		}
	case *ir.Record:
		s.record(v, t)
	default:
		panic(unknown(t))
	}
}

func (s *reading) record(v *value, t *ir.Record) {
	key := seenType{v, t}
	if v.fields == nil { // all parts have the same labels, and a type may contain itself
		key.v = nil
	}
	if s.seen[key] {
		return
	}
	s.seen[key] = true
	for _, f := range t.Fields {
		part := v.member(f.Name)
		switch {
		case !f.Secret:
			s.value(part, f.Type)
		case s.marked:
			s.own = union(s.own, fieldLabel(f, f.Pos))
			s.value(part, f.Type)
		case t.Anonymous: // the author has written out its fields
			s.value(part, f.Type)
		}
	}
}

// converted describes a value that is converted to a type with the same fields. The two types may mark different fields as
// secret.
func (a *flow) converted(v *value, from, to ir.Type, depth int) *value {
	from, to = element(from), element(to)
	if from == to {
		return v
	}
	if isUnion(from) || isUnion(to) { // a variant, which keeps its marks
		return v
	}
	source, ok := from.(*ir.Record)
	target, is := to.(*ir.Record)
	if !ok || !is || depth == 0 {
		return made(union(whole(v, from), v.chosen))
	}
	out := &value{own: v.own, chosen: v.chosen, fields: map[string]*value{}}
	for _, f := range source.Fields {
		for _, g := range target.Fields {
			if f.Name != g.Name {
				continue
			}
			part := a.converted(v.member(f.Name), f.Type, g.Type, depth-1)
			switch {
			case f.Secret && !g.Secret && len(part.own) == 0: // otherwise the description of the field is already complete
				part = a.marked(part, f, f.Pos)
			case f.Secret && a.weakest[f.Pos] != asIs: // the new field does not have this information
				part = a.marked(part, f, f.Pos)
			}
			out.fields[f.Name] = part
		}
	}
	return out
}

func isUnion(t ir.Type) bool {
	_, ok := t.(*ir.Union)
	return ok
}

// sized describes a secret that is read as it is. Whether an optional has a value is not secret. The number of elements is
// part of the secret.
func sized(v *value, t ir.Type) *value {
	switch t := t.(type) {
	case *ir.Scalar, *ir.Enum, *ir.Record, *ir.Union:
		return v
	case *ir.Optional:
		return sized(v, t.Elem)
	default: // a list or a map; for an unknown type, the size counts as secret too
		return v.after(v.own)
	}
}

// element returns the innermost element type of nested containers.
func element(t ir.Type) ir.Type {
	for {
		switch in := t.(type) {
		case *ir.Optional:
			t = in.Elem
		case *ir.List:
			t = in.Elem
		case *ir.Map:
			t = in.Elem
		default:
			return t
		}
	}
}
