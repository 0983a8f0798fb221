package value

import (
	"encoding/base64"
	"encoding/json"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/livec-lang/livec/runtime/wire"
)

func itoa(i int) string { return strconv.Itoa(i) }

// plainByte has the bytes that need no escape in a string: ASCII without control characters, quotes and backslashes.
var plainByte = func() (plain [256]bool) {
	for c := ' '; c < utf8.RuneSelf; c++ {
		plain[c] = c != '"' && c != '\\'
	}
	return plain
}()

// text reads a string up to its closing quote and returns what is between the quotes. plain reports that it has no escapes. Text that is
// not ASCII is valid UTF-8.
func (d *Decoder) text() (s []byte, plain, ok bool) {
	if d.peek() != '"' {
		return nil, false, false
	}
	start := d.i + 1
	plain = true
	ascii := true
	for i := start + wire.Plain(d.b[start:]); i < len(d.b); i++ {
		if plainByte[d.b[i]] {
			continue
		}
		switch c := d.b[i]; {
		case c == '"':
			s = d.b[start:i]
			d.i = i + 1
			return s, plain, ascii || utf8.Valid(s)
		case c == '\\':
			if d.mode == fast {
				return nil, false, false
			}
			plain = false
			i++
		case c < 0x20:
			return nil, false, false
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	return nil, false, false
}

// maxShared is the size of arguments, in bytes, up to which all their texts share one copy of them.
const maxShared = 512

// own converts the last result of text to a string that does not change with the bytes it was read from. Short arguments are copied once,
// not text by text.
func (d *Decoder) own(s []byte) string {
	if d.mode != fast || len(d.b) > maxShared {
		return string(s)
	}
	if d.copied == "" {
		d.copied = string(d.b)
	}
	end := d.i - 1 // of the closing quote
	return d.copied[end-len(s) : end]
}

// unescape replaces the escapes of a string (RFC 8259 §7).
func (d *Decoder) unescape(s []byte) (string, bool) {
	var out string
	quoted := append(append(append(make([]byte, 0, len(s)+2), '"'), s...), '"')
	if err := json.Unmarshal(quoted, &out); err != nil {
		d.Refuse("is not JSON")
		return "", false
	}
	return out, true
}

// String reads a string.
func (d *Decoder) String() string {
	s, plain, ok := d.text()
	if !ok {
		d.Refuse("must be a string")
		return ""
	}
	if plain {
		return d.own(s)
	}
	out, _ := d.unescape(s)
	return out
}

// Text reads a string that is only compared. It is valid until the next read.
func (d *Decoder) Text() []byte {
	s, plain, ok := d.text()
	if !ok {
		d.Refuse("must be a string")
		return nil
	}
	if !plain {
		out, _ := d.unescape(s)
		return []byte(out)
	}
	return s
}

// Bool reads a bool.
func (d *Decoder) Bool() bool {
	switch {
	case d.literal("true"):
		return true
	case !d.literal("false"):
		d.Refuse("must be true or false")
	}
	return false
}

// maxDigits is the most digits of an int.
const maxDigits = 16

// Int reads an int. In plain form that is an optional minus and digits.
func (d *Decoder) Int() int64 {
	d.space()
	i, negative := d.i, false
	if i < len(d.b) && d.b[i] == '-' {
		negative = true
		i++
	}
	start := i
	var n int64
	for i < len(d.b) && i-start <= maxDigits && d.b[i]-'0' <= 9 {
		n = n*10 + int64(d.b[i]-'0')
		i++
	}
	plain := i > start && i-start <= maxDigits && n <= MaxInt && (d.b[start] != '0' || i == start+1 && !negative) &&
		(i == len(d.b) || d.b[i] != '.' && d.b[i] != 'e' && d.b[i] != 'E')
	switch {
	case d.bad:
		return 0
	case plain:
		d.i = i
		if negative {
			return -n
		}
		return n
	case d.mode == fast:
		d.Refuse("")
		return 0
	}
	x := d.Float()
	if x != math.Trunc(x) || math.Abs(x) > MaxInt {
		d.Refuse("must be an integer")
		return 0
	}
	return int64(x)
}

// Float reads a float.
func (d *Decoder) Float() float64 {
	d.space()
	if x, ok := d.decimal(); ok {
		return x
	}
	s := d.number()
	if s == nil {
		d.Refuse("must be a number")
		return 0
	}
	x, err := strconv.ParseFloat(string(s), 64)
	if err != nil {
		d.Refuse("must be a number in the range of a float")
		return 0
	}
	return x + 0 // turns the negative zero into zero
}

// exactPowers are the powers of ten that a float holds exactly.
var exactPowers = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18}

// decimal reads a number with few digits and without an exponent, as nearly all are. If the digits and the power of ten are exact as
// floats, their quotient is the float that is nearest to the number (W. Clinger, "How to read floating point numbers accurately", 1990,
// section 4). For any other text ok is false, and nothing was read.
func (d *Decoder) decimal() (x float64, ok bool) {
	if d.bad {
		return 0, false
	}
	b, i := d.b, d.i
	negative := i < len(b) && b[i] == '-'
	if negative {
		i++
	}
	start := i
	var n uint64
	for i < len(b) && b[i]-'0' <= 9 {
		n = n*10 + uint64(b[i]-'0')
		i++
	}
	digits, decimals := i-start, 0
	if digits == 0 || digits > 1 && b[start] == '0' {
		return 0, false
	}
	if i < len(b) && b[i] == '.' {
		i++
		point := i
		for i < len(b) && b[i]-'0' <= 9 {
			n = n*10 + uint64(b[i]-'0')
			i++
		}
		if decimals = i - point; decimals == 0 {
			return 0, false
		}
	}
	if digits+decimals >= len(exactPowers) || n > 1<<53 || i < len(b) && (b[i] == 'e' || b[i] == 'E') {
		return 0, false
	}
	d.i = i
	x = float64(n) / exactPowers[decimals]
	if negative && n != 0 {
		x = -x
	}
	return x, true
}

// number skips a number (RFC 8259 §6) and returns its text, or nil.
func (d *Decoder) number() []byte {
	d.space()
	if d.bad {
		return nil
	}
	b, i := d.b, d.i
	digits := func() bool {
		start := i
		for i < len(b) && b[i]-'0' <= 9 {
			i++
		}
		return i > start
	}
	if i < len(b) && b[i] == '-' {
		i++
	}
	if i < len(b) && b[i] == '0' {
		i++
	} else if !digits() {
		return nil
	}
	if i < len(b) && b[i] == '.' {
		if i++; !digits() {
			return nil
		}
	}
	if i < len(b) && (b[i] == 'e' || b[i] == 'E') {
		i++
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		if !digits() {
			return nil
		}
	}
	s := b[d.i:i]
	d.i = i
	return s
}

// Bytes reads bytes from base64 (RFC 4648 §4).
func (d *Decoder) Bytes() []byte {
	s := d.Text()
	if d.bad {
		return nil
	}
	out := make([]byte, base64.StdEncoding.DecodedLen(len(s)))
	n, err := base64.StdEncoding.Decode(out, s)
	if err != nil {
		d.Refuse("must be bytes in base64")
		return nil
	}
	return out[:n]
}

// JSON reads any value, and returns its canonical text.
func (d *Decoder) JSON() json.RawMessage {
	d.space()
	start := d.i
	d.Skip()
	if d.bad {
		return nil
	}
	text := d.b[start:d.i]
	if d.mode == trusted {
		return append(json.RawMessage(nil), text...)
	}
	parsed, err := wire.Parse(text)
	if err != nil {
		d.Refuse("is not JSON")
		return nil
	}
	return appendAny(make([]byte, 0, len(text)), parsed)
}

// maxMembers is the number of members up to which Skip looks for duplicates in plain form.
const maxMembers = 16

// Skip skips any value.
func (d *Decoder) Skip() {
	switch d.peek() {
	case '[':
		for d.Array(); d.Next(); {
			d.Skip()
		}
		d.End()
	case '{':
		var names [maxMembers][]byte
		n := 0
		for d.Object(); d.Member(); n++ {
			if d.mode == fast {
				if n == maxMembers {
					d.Refuse("")
					return
				}
				for _, name := range names[:n] {
					if string(name) == string(d.key) {
						d.Refuse("")
						return
					}
				}
				names[n] = d.key
			}
			d.Skip()
		}
		d.End()
	case '"':
		s, plain, ok := d.text()
		if ok && !plain {
			_, ok = d.unescape(s)
		}
		if !ok {
			d.Refuse("is not JSON")
		}
	case 't', 'f':
		d.Bool()
	case 'n':
		if !d.Null() {
			d.Refuse("is not JSON")
		}
	default:
		if d.number() == nil {
			d.Refuse("is not JSON")
		}
	}
}
