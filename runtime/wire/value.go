package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Check returns an error if b is not one JSON value within the limits of this package. It is for JSON that does not come in a frame.
func Check(b []byte) error {
	if !utf8.Valid(b) {
		return errors.New("it is not UTF-8")
	}
	i := space(b, 0)
	end, err := skip(b, i, 0)
	if err != nil {
		return err
	}
	if space(b, end) != len(b) || !json.Valid(b) {
		return errJSON
	}
	return nil
}

// DuplicateError is the error of a value in which an object has a member twice, so that its meaning is ambiguous (RFC 8259 §4).
type DuplicateError struct {
	Path string // JSON Pointer (RFC 6901) of the member
}

func (e *DuplicateError) Error() string { return "the member " + e.Path + " appears twice" }

// Parse decodes one JSON value as encoding/json does into an any, with numbers as json.Number. It bounds the exponents of numbers, and
// refuses objects that have a member twice.
func Parse(b []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	v, err := parse(d, "")
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("it has data after its value")
	}
	return v, nil
}

func parse(d *json.Decoder, at string) (any, error) {
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t {
	case json.Delim('['):
		list := []any{}
		for d.More() {
			v, err := parse(d, at+"/"+strconv.Itoa(len(list)))
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err := d.Token()
		return list, err
	case json.Delim('{'):
		object := map[string]any{}
		for d.More() {
			t, err := d.Token()
			if err != nil {
				return nil, err
			}
			name, ok := t.(string)
			if !ok {
				return nil, fmt.Errorf("%v is not the name of a member", t)
			}
			path := at + "/" + EscapePointer(name)
			if _, twice := object[name]; twice {
				return nil, &DuplicateError{Path: path}
			}
			if object[name], err = parse(d, path); err != nil {
				return nil, err
			}
		}
		_, err := d.Token()
		return object, err
	}
	if n, ok := t.(json.Number); ok {
		return boundExponent(n), nil
	}
	return t, nil
}

// maxExponent is larger than any exponent of a float64, from 1e-324 to 1e308.
const maxExponent = 400

// boundExponent bounds the exponent of a number. The bounds are beyond every type of the language. But JSON Schema compares by exact
// arithmetic, whose time and memory grow with the exponent: some 80 ms for the nine bytes 1e1000000.
func boundExponent(n json.Number) json.Number {
	i := strings.IndexAny(string(n), "eE")
	if i < 0 {
		return n
	}
	exponent, err := strconv.Atoi(string(n[i+1:]))
	switch {
	case err == nil && -maxExponent <= exponent && exponent <= maxExponent:
		return n
	case n[i+1] == '-':
		return n[:i] + "e-" + json.Number(strconv.Itoa(maxExponent))
	}
	return n[:i] + "e" + json.Number(strconv.Itoa(maxExponent))
}

var (
	escaper   = strings.NewReplacer("~", "~0", "/", "~1")
	unescaper = strings.NewReplacer("~1", "/", "~0", "~")
)

// EscapePointer escapes a name for a JSON Pointer (RFC 6901 §3).
func EscapePointer(name string) string { return escaper.Replace(name) }

// UnescapePointer undoes EscapePointer.
func UnescapePointer(name string) string { return unescaper.Replace(name) }
