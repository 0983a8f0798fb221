package function

import "errors"

// Size is what bounds the result of a function. The zero value is that nothing is known to, which a test refuses: every function has a
// bound, so that no argument of a client makes the server build something that it has no memory for.
type Size uint8

// What bounds results.
const (
	Unbounded Size = iota
	Fixed          // a number, a time, a condition, or a text of a fixed length
	Part           // it is not larger than its arguments, or than what it reads of the request or the database
	Near           // it is at most a few times as large as its arguments, whatever they are: lower, json
	Made           // it may be much larger than its arguments, and fails beyond MaxMade
	Joined         // it puts its arguments together, and fails beyond MaxJoined, or MaxMade elements of a list
)

const (
	// MaxMade bounds the text or list that repeat, padStart, replace, split and range make, in bytes, code points or elements. A text
	// in which replace replaces may be longer, if the result is not longer than that text. Lists that are put together have the same bound.
	MaxMade = 1 << 20
	// MaxJoined bounds the text that join, + and {…} put together, and json that is made from values, in bytes.
	MaxJoined = 16 << 20
)

// ErrSize means that a text or list would be larger than MaxMade or MaxJoined allows. The client gets RESULT_TOO_LARGE.
var ErrSize = errors.New("a text that a function makes has at most 1 mb, one that is put together 16 mb, and a list 1048576 elements")
