package contract

import "github.com/livec-lang/livec/compiler/ir"

// union returns the schema of a union of records: exactly one record matches, and the literal in its tag says which.
func (s *schemas) union(u *ir.Union, d direction) object {
	variants := list{}
	for _, v := range u.Variants {
		variants = append(variants, s.of(v.Record, d))
	}
	return object{{"oneOf", variants}}
}
