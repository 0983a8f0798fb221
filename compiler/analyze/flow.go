package analyze

import (
	"fmt"
	"reflect"

	"github.com/livec-lang/livec/compiler/ir"
)

// flow follows values through a program: which secrets reach which place. It runs the program over descriptions of values
// instead of values, and describes a function for each kind of arguments that it is called with.
// See D. E. Denning, P. J. Denning: Certification of programs for secure information flow (CACM 20/7, 1977).
type flow struct {
	prog      *ir.Program
	out       *report
	user      *value               // of ctx.user
	added     map[*ir.Guard]*value // what guards add to ctx
	fns       map[*ir.Fn]*function
	worn      map[ir.Pos]form    // of marked fields, by where they are declared: the least that may be left of a secret in them
	guessable map[*ir.Guard]bool // guards that were given an id which the caller knows before
	used      map[SecretUse]bool // those of this pass
	uses      []SecretUse        // those of this pass
	pass      int
	changed   bool // this pass has learnt something that an earlier part of it did not know
}

// frame is the body that is followed.
type frame struct {
	vars     map[*ir.Var]*value
	pc       labels // what has decided that this place is reached, in the blocks and expressions around it
	ended    labels // what has decided that the body has not ended before
	result   *value // of the returns so far
	returns  []returned
	foretold map[*ir.Var]bool // variables that hold an id which the caller knows before
	macs     map[*ir.Var]bool // variables that hold an HMAC
}

func newFrame() *frame {
	return &frame{vars: map[*ir.Var]*value{}, foretold: map[*ir.Var]bool{}, macs: map[*ir.Var]bool{}, result: clean}
}

// returned is what one return gives.
type returned struct {
	at ir.Pos
	v  *value
}

// now is all that has decided that this place is reached.
func (f *frame) now() labels { return union(f.pc, f.ended) }

// under follows what is only reached where more decides so.
func (f *frame) under(more labels, do func()) {
	before := f.pc
	f.pc = union(f.pc, more)
	do()
	f.pc = before
}

// withoutRule is the name of a rule that the analysis leaves out: a kind of node, a built-in function or a sink. Only the test
// of the tests sets it, which expects that somebody notices.
var withoutRule string

// ruled reports whether a rule is in force.
func ruled(name string) bool { return withoutRule != name }

// kind is the name of a kind of node, by which its rule is known.
func kind(n ir.Node) string { return reflect.TypeOf(n).Elem().Name() }

// unknown stops the compiler at a node that no rule is written for.
func unknown(n any) string { return fmt.Sprintf("compiler/analyze has no rule for %T", n) }
