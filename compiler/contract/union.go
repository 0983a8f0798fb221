package contract

import "github.com/livec-lang/livec/compiler/ir"

// union is the schema of a union of records: exactly one fits, and the literal in its tag says which.
func (s *schemas) union(u *ir.Union, d direction) object {
	variants := list{}
	for _, v := range u.Variants {
		variants = append(variants, s.of(v.Record, d))
	}
	return object{{"oneOf", variants}}
}
