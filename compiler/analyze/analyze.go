// Package analyze contains the analyses of a checked program. They find out what each entry point does, and report what must
// not happen on any path. They do not change the program. An analysis assumes the worst of what it does not know: what may
// fail does fail, and what may contain a secret does contain it.
//
// Secrets and row policies are analyzed separately, since they ask different questions. The analysis of secrets (flow*.go)
// needs to know which secrets a value may have been made of. It computes sets of labels, joins them where paths meet, and
// summarizes each function. The analysis of policies (origin*.go, truth.go) needs to know which row a value is, and what is
// certain about everybody who receives it. It identifies rows, and proves that one condition implies another. Labels cannot
// do this: a label does not identify a row, and proofs must not be joined as labels are.
package analyze

import (
	"slices"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/diag"
)

// Program finds out what the entry points of a program do, and reports what they must not do. The program must have no
// errors so far.
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
