// Package analyze holds the analyses over a checked program: what each entry point does, and what must not be, whatever way it
// comes about. An analysis takes what it does not know as the bad case: what may
// fail does, what may carry a secret does.
package analyze

import (
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/diag"
)

// Program fills in what the entry points of a program do and reports what the program must not do. The program has no errors so
// far.
func Program(p *ir.Program) diag.List {
	r := &report{}
	recursion(p, r)
	cycles(p, r)
	reactions(p, r)
	secrets(p, r)
	shared(p, r)
	policies(p, r)
	jwtKeys(p, r)
	footprints(p)
	return r.list
}

// Footprints is Program with nothing but what entry points do, which nothing can be wrong with.
func Footprints(p *ir.Program) diag.List {
	footprints(p)
	return nil
}
