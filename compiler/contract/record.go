package contract

import "github.com/livec-lang/livec/compiler/ir"

// record returns the schema of a record's fields. It refuses members that the type does not have.
func (s *schemas) record(r *ir.Record, d direction) object {
	properties, required := object{}, []string{}
	for _, f := range r.Fields {
		if d == in && !f.Sent() || d == out && !f.Shown() {
			continue
		}
		t := f.Type
		if r.PatchOf != nil {
			t = patched(r, f)
		}
		properties.set(f.Name, described(s.member(r, f, t, d), f.Doc))
		if r.PatchOf == nil && (d == out || !ir.Omittable(t, f.Default)) {
			required = append(required, f.Name)
		}
	}
	o := object{{"type", "object"}, {"properties", properties}}
	o.setNames("required", required)
	return o.with("additionalProperties", false)
}

// member returns the schema of a field. For the tag of a union, this is its literal.
func (s *schemas) member(r *ir.Record, f *ir.Field, t ir.Type, d direction) object {
	if r.TagOf != nil && f.Name == r.TagOf.Tag {
		for _, v := range r.TagOf.Variants {
			if v.Record == r {
				return object{{"const", v.Value}}
			}
		}
	}
	return s.of(t, d)
}

// patched returns the type of a member that is present in a patch: its type in the patched record.
func patched(r *ir.Record, f *ir.Field) ir.Type {
	for _, original := range r.PatchOf.Fields {
		if original.Name == f.Name {
			return original.Type
		}
	}
	return f.Type
}

// different reports whether clients send a type in a different form than they receive it.
func (s *schemas) different(t ir.Type) bool {
	known, ok := s.differs[t]
	if !ok {
		known = ir.Directed(t)
		s.differs[t] = known
	}
	return known
}
