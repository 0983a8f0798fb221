package wire

import (
	"encoding/binary"
	"errors"
	"math/bits"
	"unicode/utf8"
)

// Limits of what is read, checked before anything is decoded.
const (
	MaxDepth    = 32 // of nested arrays and objects in a message
	MaxMessages = 50 // in a frame, and calls in a batch
)

var (
	errDepth = errors.New("it is nested deeper than 32 levels")
	errShort = errors.New("it ends too early")
	errJSON  = errors.New("it is not JSON")
)

// Classes of bytes that the structure of JSON hangs on.
const (
	plain = iota
	quote
	open
	shut
)

var class = [256]uint8{'"': quote, '[': open, '{': open, ']': shut, '}': shut}

// skip gives the offset behind the value that starts at i. It follows strings and brackets only; whether the value is JSON inside is left to whoever decodes it.
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
		switch class[c] {
		case plain:
			i++
		case quote:
			var err error
			if i, err = skipString(b, i); err != nil {
				return i, err
			}
		case open:
			if level+depth >= MaxDepth {
				return i, errDepth
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

// skipString gives the offset behind the string whose quote is at i.
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

// Plain gives how many bytes at the start of b are plain text of a JSON string: ASCII but quotes, backslashes and control characters. It looks at eight bytes at a time (as in
// https://graphics.stanford.edu/~seander/bithacks.html, "determine if a word has a byte less than n"), and leaves the last seven bytes of b to its caller.
func Plain(b []byte) int {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	n := 0
	for ; len(b)-n >= 16; n += 16 { // twice, since most texts are plain to their end
		w, x := binary.LittleEndian.Uint64(b[n:]), binary.LittleEndian.Uint64(b[n+8:])
		if ((w-ones*0x20)|(w^(ones*'"')-ones)|(w^(ones*'\\')-ones)|w|(x-ones*0x20)|(x^(ones*'"')-ones)|(x^(ones*'\\')-ones)|x)&highs != 0 {
			break
		}
	}
	for ; len(b)-n >= 8; n += 8 {
		w := binary.LittleEndian.Uint64(b[n:])
		quote, slash := w^(ones*'"'), w^(ones*'\\')
		// A borrow may find what is not there, but only behind what is: the first one found is right.
		if found := ((w - ones*0x20) | (quote - ones) | (slash - ones) | w) & highs; found != 0 {
			return n + bits.TrailingZeros64(found)/8
		}
	}
	return n
}

// valid tells whether b is UTF-8. Nearly all frames are ASCII, which shows in fewer steps.
func valid(b []byte) bool {
	const highs = 0x8080808080808080
	i := 0
	for ; len(b)-i >= 32; i += 32 {
		c := b[i : i+32]
		if (binary.LittleEndian.Uint64(c)|binary.LittleEndian.Uint64(c[8:])|binary.LittleEndian.Uint64(c[16:])|binary.LittleEndian.Uint64(c[24:]))&highs != 0 {
			break
		}
	}
	return utf8.Valid(b[i:])
}

// ends tells whether c ends a number or a literal.
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
