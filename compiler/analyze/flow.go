package analyze

import (
	"fmt"
	"reflect"

	"github.com/livec-lang/livec/compiler/ir"
)

// flow finds out which secrets reach which place. It interprets the program over descriptions of values instead of values,
// and summarizes a function for each kind of arguments that it is called with. See D. E. Denning, P. J. Denning:
// Certification of programs for secure information flow (CACM 20/7, 1977).
type flow struct {
	prog      *ir.Program
	out       *report
	user      *value               // the value of ctx.user
	added     map[*ir.Guard]*value // the values that guards add to ctx
	fns       map[*ir.Fn]*function
	weakest   map[ir.Pos]form    // for each secret field, by declaration: the weakest form of a secret that is stored in it
	guessable map[*ir.Guard]bool // guards that may have received an id which the caller can predict
	used      map[SecretUse]bool // the uses found in this pass
	uses      []SecretUse        // the uses found in this pass
	pass      int
	changed   bool // this pass has learnt something that its earlier part did not use
}

// frame is the state for the body being followed.
type frame struct {
	vars        map[*ir.Var]*value
	pc          labels // labels that decide whether this place is reached, from the enclosing blocks and expressions
	ended       labels // labels that decide whether the body has ended before
	result      *value // the joined values of the returns so far
	returns     []returned
	predictable map[*ir.Var]bool // variables that hold an id which the caller can predict
	macs        map[*ir.Var]bool // variables that hold an HMAC
}

func newFrame() *frame {
	return &frame{vars: map[*ir.Var]*value{}, predictable: map[*ir.Var]bool{}, macs: map[*ir.Var]bool{}, result: clean}
}

// returned is the value of one return.
type returned struct {
	at ir.Pos
	v  *value
}

// now returns all labels that decide whether this place is reached.
func (f *frame) now() labels { return union(f.pc, f.ended) }

// under follows code that is reached only if further labels decide so.
func (f *frame) under(more labels, do func()) {
	before := f.pc
	f.pc = union(f.pc, more)
	do()
	f.pc = before
}

// withoutRule is the name of a rule that the analysis leaves out: a kind of node, a built-in function or a sink. Only
// TestEachRule sets it, to see that some program shows the difference.
var withoutRule string

// ruled reports whether a rule is enabled.
func ruled(name string) bool { return withoutRule != name }

// kind returns the name of a kind of node. It is also the name of its rule.
func kind(n ir.Node) string { return reflect.TypeOf(n).Elem().Name() }

// unknown returns the message of the panic for a node without a rule.
func unknown(n any) string { return fmt.Sprintf("compiler/analyze has no rule for %T", n) }
