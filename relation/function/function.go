// Package function is the table of facts about the built-in functions of the language. The checker, the analyses, the planner, the
// emitter and the evaluation of rows all read it, so that a function has the same properties for each of them.
package function

import (
	"maps"
	"slices"
)

// Fact is what is known of a built-in function besides its types.
type Fact struct {
	MayFail    bool  // it may end the call with an error, for some arguments of the right types
	Pure       bool  // it has no side effects and gives the same result for the same arguments at any time. Pure implies Stable
	Stable     bool  // it gives the same result for the same arguments throughout one call
	Request    bool  // it reads the request of the caller, or answers it: there is none behind a clock
	Session    bool  // it is about the caller's session
	Writes     bool  // it changes something: no function or guard may call it
	Slow       bool  // it takes so long that a call remembers what it gave in its rehearsal
	Relational bool  // it may be computed for each row of a pipeline over a table
	Carry      Carry // how a secret in its arguments reaches its result
	Key        int   // of Keyed: which argument is the key
}

// Carry is how a secret in the arguments of a function reaches its result. The zero value is the careful one.
type Carry uint8

// The ways in which functions carry secrets.
const (
	Carries Carry = iota // the result is secret if an argument is
	Keyed                // the result is made of the other arguments with a key, and does not hold the key
	Checks               // it compares secrets as they are: what the result says is not secret
	Reveals              // it lets a secret out on purpose
	None                 // it takes no data
)

// unknown is the bad case of everything.
var unknown = Fact{MayFail: true, Request: true, Session: true, Writes: true, Carry: Carries}

// Of is the fact about the function of a name. A name that is not in the table gives the bad case: it may fail, is not pure, changes
// something, and carries secrets.
func Of(name string) Fact {
	if f, ok := facts[name]; ok {
		return f
	}
	return unknown
}

// Known reports whether the table has a function.
func Known(name string) bool {
	_, ok := facts[name]
	return ok
}

// Names are the functions of the table, sorted.
func Names() []string { return slices.Sorted(maps.Keys(facts)) }
