package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"unicode/utf8"
)

// Limits of messages, checked before anything is decoded.
const (
	MaxDepth    = 32 // of nested arrays and objects in a message, which counts as one of them
	MaxMessages = 50 // in a frame, and calls in a batch
)

// ErrDeep is the error of JSON that is nested deeper than MaxDepth.
var ErrDeep = fmt.Errorf("it is nested deeper than %d levels", MaxDepth)

var (
	errShort = errors.New("it ends too early")
	errJSON  = errors.New("it is not JSON")
)

// Classes of bytes that make the structure of JSON.
const (
	plain = iota
	quote
	open
	shut
)

var class = [256]uint8{'"': quote, '[': open, '{': open, ']': shut, '}': shut}

// skip returns the offset after the value that starts at i. It follows only strings and brackets; the decoder of the value checks the rest.
func skip(b []byte, i int, depth int) (int, error) {
	if i >= len(b) {
		return i, errShort
	}
	switch class[b[i]] {
	case quote:
		return skipString(b, i)
	case shut:
		return i, errJSON
	case plain:
		start := i
		for i < len(b) && !ends(b[i]) {
			i++
		}
		if i == start {
			return i, errJSON
		}
		return i, nil
	}
	var objects uint64 // a bit for each open bracket: whether it is a brace
	level := 0
	for i < len(b) {
		c := b[i]
		if class[c] == plain {
			i++
			continue
		}
		switch class[c] {
		case quote:
			if end := i + 1 + Plain(b[i+1:]); end < len(b) && b[end] == '"' {
				i = end + 1
				continue
			}
			var err error
			if i, err = skipString(b, i); err != nil {
				return i, err
			}
		case open:
			if level+depth >= MaxDepth {
				return i, ErrDeep
			}
			objects <<= 1
			if c == '{' {
				objects |= 1
			}
			level++
			i++
		case shut:
			if (objects&1 == 1) != (c == '}') {
				return i, errJSON
			}
			objects >>= 1
			level--
			i++
			if level == 0 {
				return i, nil
			}
		}
	}
	return i, errShort
}

// skipDeep is skip for a value that is nested to any depth. It needs a bit for each level.
func skipDeep(b []byte, i int) (int, error) {
	var objects []uint64 // a bit for each open bracket: whether it is a brace
	level := 0
	for i < len(b) {
		c := b[i]
		switch class[c] {
		case plain:
			i++
		case quote:
			var err error
			if i, err = skipString(b, i); err != nil {
				return i, err
			}
		case open:
			word, bit := level/64, uint64(1)<<(level%64)
			if word == len(objects) {
				objects = append(objects, 0)
			}
			objects[word] &^= bit
			if c == '{' {
				objects[word] |= bit
			}
			level++
			i++
		case shut:
			if level--; level < 0 || (objects[level/64]>>(level%64)&1 == 1) != (c == '}') {
				return i, errJSON
			}
			if i++; level == 0 {
				return i, nil
			}
		}
	}
	return i, errShort
}

// skipString returns the offset after the string whose quote is at i.
func skipString(b []byte, i int) (int, error) {
	for i++; i < len(b); i++ {
		if i += Plain(b[i:]); i == len(b) {
			break
		}
		switch c := b[i]; {
		case c == '"':
			return i + 1, nil
		case c == '\\':
			i++
		case c < 0x20:
			return i, errJSON
		}
	}
	return len(b), errShort
}

// Plain is the number of bytes at the start of b that are plain text of a JSON string: ASCII without quotes, backslashes and control
// characters. It reads eight bytes at a time, and leaves the last seven bytes of b to its caller.
func Plain(b []byte) int {
	rest := b
	for len(rest) >= 16 { // twice, since most texts are plain to their end
		if special(binary.LittleEndian.Uint64(rest))|special(binary.LittleEndian.Uint64(rest[8:])) != 0 {
			break
		}
		rest = rest[16:]
	}
	for len(rest) >= 8 {
		if found := special(binary.LittleEndian.Uint64(rest)); found != 0 {
			return len(b) - len(rest) + bits.TrailingZeros64(found)/8
		}
		rest = rest[8:]
	}
	return len(b) - len(rest)
}

// special returns a word whose lowest set bit is in the first of eight bytes that is not plain, or 0 if all are. It subtracts from all
// bytes at once, and bytes that are too small borrow (as in https://graphics.stanford.edu/~seander/bithacks.html, "determine if a word has
// a byte less than n"). What a borrow does to later bytes does not matter.
func special(w uint64) uint64 {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	low := (w ^ ones*2) - ones*0x21 // with that bit turned a quote is 0x20, all below it are as small, and nothing else is
	slash := (w ^ ones*'\\') - ones
	return (low | slash | w) & highs
}

// valid reports whether b is UTF-8. Nearly all frames are ASCII, which is faster to check.
func valid(b []byte) bool {
	const chunk = 32
	if len(b) < chunk {
		return utf8.Valid(b)
	}
	rest := b
	for len(rest) >= chunk && ascii32(rest) {
		rest = rest[chunk:]
	}
	if len(rest) < chunk && ascii32(b[len(b)-chunk:]) { // the rest, with some of what was before it
		return true
	}
	return utf8.Valid(rest)
}

// ascii32 reports whether the first 32 bytes of b are ASCII.
func ascii32(b []byte) bool {
	const highs = 0x8080808080808080
	_ = b[31]
	return (binary.LittleEndian.Uint64(b)|binary.LittleEndian.Uint64(b[8:])|
		binary.LittleEndian.Uint64(b[16:])|binary.LittleEndian.Uint64(b[24:]))&highs == 0
}

// ends reports whether c ends a number or a literal.
func ends(c byte) bool {
	switch c {
	case ',', ']', '}', ':', ' ', '\t', '\n', '\r', '"', '[', '{':
		return true
	}
	return false
}

func space(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	return i
}
