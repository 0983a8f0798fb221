package contract

import "github.com/livec-lang/livec/compiler/ir"

// record is the schema of a record's fields. It is closed: a member that the type does not have is refused.
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

// member is the schema of a field. The one that tells a variant of a union apart holds its literal.
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

// patched is the type of a present member of a patch: the type in the record that it patches.
func patched(r *ir.Record, f *ir.Field) ir.Type {
	for _, original := range r.PatchOf.Fields {
		if original.Name == f.Name {
			return original.Type
		}
	}
	return f.Type
}

// different reports whether what clients send of a type and what they receive have different schemas, in the type itself or anywhere in it.
func (s *schemas) different(t ir.Type) bool {
	known, ok := s.differs[t]
	if !ok {
		known = ir.Directed(t)
		s.differs[t] = known
	}
	return known
}
