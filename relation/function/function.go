// Package function is the table of facts about the built-in functions of the language. The checker, the analyses, the
// planner, the emitter and package eval all read it, so that a function has the same properties for each of them.
package function

import (
	"maps"
	"slices"
)

// Fact is what is known about a built-in function besides its types.
type Fact struct {
	MayFail    bool  // it may end the call with an error, even for arguments of the right types
	Pure       bool  // it has no side effects, and returns the same result for the same arguments at any time. Pure implies Stable
	Stable     bool  // it returns the same result for the same arguments during one call
	Request    bool  // it reads or answers the caller's request, which code without a caller does not have
	Session    bool  // it uses the caller's session
	Writes     bool  // it changes something: no function or guard may call it
	Slow       bool  // it is so slow that it runs outside of transactions, once for each call
	Relational bool  // it may be computed for each row of a pipeline over a table
	Carry      Carry // how a secret in its arguments reaches its result
	Key        int   // of Keyed: which argument is the key
	Size       Size  // what bounds its result
}

// Carry is how a secret in the arguments of a function reaches its result. The zero value is the most careful one.
type Carry uint8

// The ways in which functions carry secrets.
const (
	Carries Carry = iota // the result is secret if an argument is
	Keyed                // the result is computed from the other arguments with a key, and does not contain the key
	Checks               // it compares whole secrets, so its result is not secret
	Reveals              // it reveals a secret on purpose
	None                 // its arguments contain no data
)

// unknown assumes the worst of everything.
var unknown = Fact{MayFail: true, Request: true, Session: true, Writes: true, Carry: Carries}

// Of returns the fact about a function. For a function that is not in the table it assumes the worst: it may fail, is
// not pure, changes something, and carries secrets.
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

// Names returns the names of all functions, sorted.
func Names() []string { return slices.Sorted(maps.Keys(facts)) }
