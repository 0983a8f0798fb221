package value

import (
	"errors"
	"fmt"
	"strings"

	"github.com/livec-lang/livec/runtime/wire"
)

// mode is how strict a Decoder is, and where its input comes from.
type mode uint8

const (
	// fast accepts JSON in the plain form that clients write, and refuses everything else: whatever it accepts, the JSON Schema of the type
	// accepts too.
	fast mode = iota
	// validated reads JSON that a schema has accepted, in any form.
	validated
	// trusted reads what generated code has stored.
	trusted
	// foreign reads JSON from elsewhere for `as`: unknown members are skipped, and an invalid value is an error with its path.
	foreign
)

// Decoder reads one JSON value from front to back, as generated code asks for it. After the first invalid value it reads nothing more:
// methods return zero values, loops end, and OK and Err report it.
type Decoder struct {
	b     []byte
	i     int
	mode  mode
	first bool // whether an array or object has just begun
	bad   bool
	depth int
	kinds uint64 // a bit for each open array or object, the innermost lowest; 1 is an object
	key   []byte
	err   error
	path  []string // of the current value; not kept in mode fast

	copied string // b, once one of its texts was needed, in mode fast
}

// Fast reads the arguments of a call, if they are in plain form.
func Fast(b []byte) Decoder { return Decoder{b: b} }

// Validated reads JSON that the schema of the type has accepted.
func Validated(b []byte) Decoder { return Decoder{b: b, mode: validated} }

// Foreign reads JSON that nothing has validated.
func Foreign(b []byte) Decoder { return Decoder{b: b, mode: foreign} }

func stored(b []byte) Decoder { return Decoder{b: b, mode: trusted} }

// OK reports whether the whole value was read and is valid.
func (d *Decoder) OK() bool {
	d.space()
	return !d.bad && d.i == len(d.b)
}

// Err is nil if OK is true. Otherwise it says what is invalid, as an *Error if that is a certain value.
func (d *Decoder) Err() error {
	switch {
	case d.err != nil:
		return d.err
	case !d.OK():
		return &Error{Path: pointer(d.path), Message: "does not fit its type"}
	}
	return nil
}

// Error says which part of a value is invalid.
type Error struct {
	Path    string // JSON Pointer (RFC 6901); empty for the value itself
	Message string // what it must be, such as "must be a string"
}

func (e *Error) Error() string {
	if e.Path == "" {
		return e.Message
	}
	return e.Path + " " + e.Message
}

func pointer(path []string) string {
	var b strings.Builder
	for _, p := range path {
		b.WriteByte('/')
		b.WriteString(wire.EscapePointer(p))
	}
	return b.String()
}

// Refuse ends reading because the current value is invalid. message says what it must be.
func (d *Decoder) Refuse(message string) {
	if d.bad {
		return
	}
	d.bad = true
	if d.mode != fast {
		d.err = &Error{Path: pointer(d.path), Message: message}
	}
}

// Check refuses the last value unless ok.
func (d *Decoder) Check(ok bool, message string) {
	if !ok {
		d.Refuse(message)
	}
}

var errTwice = errors.New("the same member appears twice")

// Once records that a member was read, by its bit in seen, and refuses it if it is there twice.
func (d *Decoder) Once(seen *uint64, bit uint64) {
	if *seen&bit != 0 {
		d.Refuse(errTwice.Error())
	}
	*seen |= bit
}

// Unknown skips a member that the type does not have, or refuses it.
func (d *Decoder) Unknown() {
	if d.mode == fast {
		d.Refuse("")
		return
	}
	d.Skip()
}

// Server refuses a member that no client may set.
func (d *Decoder) Server() {
	if d.mode != trusted {
		d.Refuse("is set by the server")
	}
}

// Secret refuses a secret member, which no client may set. Stored values and foreign JSON may have it.
func (d *Decoder) Secret() {
	if d.fromClient() {
		d.Refuse("is secret")
	}
}

// fromClient reports whether the JSON comes from a client.
func (d *Decoder) fromClient() bool { return d.mode == fast || d.mode == validated }

// NeedSecret is Need for secret members, which clients do not send.
func (d *Decoder) NeedSecret(seen, want uint64) {
	if !d.fromClient() {
		d.Need(seen, want)
	}
}

// Need refuses an object without one of the members of want.
func (d *Decoder) Need(seen, want uint64) {
	if seen&want != want {
		d.Refuse("lacks a member")
	}
}

func (d *Decoder) space() {
	if d.mode == fast {
		return
	}
	for d.i < len(d.b) {
		switch d.b[d.i] {
		case ' ', '\t', '\n', '\r':
			d.i++
		default:
			return
		}
	}
}

// peek is the next byte of the text; 0 at its end and after an invalid value.
func (d *Decoder) peek() byte {
	d.space()
	if d.bad || d.i >= len(d.b) {
		return 0
	}
	return d.b[d.i]
}

// Array begins an array.
func (d *Decoder) Array() { d.open('[', "must be a list") }

// Object begins an object.
func (d *Decoder) Object() { d.open('{', "must be an object") }

func (d *Decoder) open(c byte, message string) {
	if d.peek() != c {
		d.Refuse(message)
		return
	}
	if d.depth++; d.depth > wire.MaxDepth {
		d.Refuse(fmt.Sprintf("is nested deeper than %d levels", wire.MaxDepth))
		return
	}
	d.i++
	d.first = true
	d.kinds <<= 1
	if c == '{' {
		d.kinds |= 1
	}
	if d.mode != fast {
		d.path = append(d.path, "")
	}
}

// Next moves to the next element of an array. It returns false at the end.
func (d *Decoder) Next() bool { return d.next(']') }

// Item is Next for the element with this index.
func (d *Decoder) Item(i int) bool {
	if d.mode == fast {
		return d.next(']')
	}
	if !d.next(']') {
		return false
	}
	if d.mode != fast {
		d.path[len(d.path)-1] = itoa(i)
	}
	return true
}

func (d *Decoder) next(end byte) bool {
	c := d.peek()
	switch {
	case c == end:
		return false
	case d.first && c != 0:
		d.first = false
		return true
	case c == ',':
		d.i++
		return true
	}
	d.Refuse("is not JSON")
	return false
}

// Member moves to the next member of an object, whose name is Key. It returns false at the end.
func (d *Decoder) Member() bool {
	if !d.next('}') {
		return false
	}
	key, plain, ok := d.text()
	if !ok {
		d.Refuse("is not JSON")
		return false
	}
	if !plain {
		s, ok := d.unescape(key)
		if !ok {
			return false
		}
		key = []byte(s)
	}
	d.key = key
	if d.mode != fast {
		d.path[len(d.path)-1] = string(key)
	}
	if d.peek() != ':' {
		d.Refuse("is not JSON")
		return false
	}
	d.i++
	return true
}

// Key is the name of the current member. It is valid until the next call of Member.
func (d *Decoder) Key() []byte { return d.key }

// End ends an array or object after its elements were read.
func (d *Decoder) End() {
	end := byte(']')
	if d.kinds&1 == 1 {
		end = '}'
	}
	if d.peek() != end {
		d.Refuse("has too many elements")
		return
	}
	d.i++
	d.depth--
	d.kinds >>= 1
	d.first = false
	if d.mode != fast {
		d.path = d.path[:len(d.path)-1]
	}
}

// Null skips null, and reports whether it was there.
func (d *Decoder) Null() bool { return d.literal("null") }

func (d *Decoder) literal(word string) bool {
	d.space()
	if d.bad || len(d.b)-d.i < len(word) || string(d.b[d.i:d.i+len(word)]) != word {
		return false
	}
	d.i += len(word)
	return true
}

// Tag is the value of the member that says which form of a union an object has; the object itself is still to be read. In plain form this
// member is the first one.
func (d *Decoder) Tag(name string) []byte {
	if d.bad {
		return nil
	}
	ahead := *d
	ahead.path = append([]string(nil), d.path...)
	for ahead.Object(); ahead.Member(); {
		if string(ahead.Key()) == name {
			tag, plain, ok := ahead.text()
			if ok && !plain {
				s, fits := ahead.unescape(tag)
				tag, ok = []byte(s), fits
			}
			if ok {
				return tag
			}
			break
		}
		if d.mode == fast {
			break
		}
		ahead.Skip()
	}
	return nil
}
