// Package analyze holds the analyses over a checked program: they find out what each entry point does, and refuse what must not
// happen on any path. They leave the program as it is. An analysis assumes the worst of what it does not know: what may fail
// does, what may carry a secret does.
//
// Secrets and row policies have an engine each, since they ask different questions. Secrets (flow*.go) need to know what a value may
// have been made of: sets of labels, joined where paths meet, with a summary for each function. Policies (origin*.go, truth.go) need to
// know which row a value is, and what is certain of it for everybody who receives it: rows by identity, and proofs that one condition
// implies another. A label has lost the row by then, and joining proofs as labels are joined would be wrong.
package analyze

import (
	"slices"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/diag"
)

// Program finds out what the entry points of a program do, and reports what the program must not do. The program has no errors
// so far.
func Program(p *ir.Program) (*Facts, diag.List) {
	r := &report{}
	recursion(p, r)
	cycles(p, r)
	reactions(p, r)
	uses := secrets(p, r)
	hidden := shared(p, r)
	uses = append(uses, policies(p, r)...)
	slices.SortStableFunc(uses, func(x, y SecretUse) int { return comparePos(x.Pos, y.Pos) })
	return &Facts{Footprints: footprintsOf(p), Hidden: hidden, Secrets: uses, JWTKeys: jwtKeys(p, r)}, r.list
}
