package wire

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// maxID is the greatest integer that every client can write exactly.
const maxID = 1<<53 - 1

// fields are the members that messages can have.
type fields struct {
	kind, path, hash string
	token            string
	hashes           map[string]string
	id               uint64
	version          int
	key              []byte
	sequential       bool
	args, value      []byte
	batch            []byte
	at               At
}

// read reads the members of raw, a JSON object. It skips unknown members, which a newer client may send.
func (f *fields) read(raw []byte) error {
	seen := map[string]bool{}
	i := space(raw, 1)
	for raw[i] != '}' {
		end, err := skipString(raw, i)
		if err != nil {
			return malformed(f.id, "The message cannot be read: %v", err)
		}
		name, err := unquote(raw[i:end])
		if err != nil {
			return malformed(f.id, "The message cannot be read: %v", err)
		}
		i = space(raw, space(raw, end)+1) // after the colon
		end, err = skip(raw, i, 1)
		if err != nil {
			return malformed(f.id, "The message cannot be read: %v", err)
		}
		if seen[name] {
			return malformed(f.id, "The message has %s twice", strconv.Quote(name))
		}
		seen[name] = true
		if !f.set(name, raw[i:end]) {
			return malformed(f.id, "The message has an invalid %s", strconv.Quote(name))
		}
		i = space(raw, end)
		if raw[i] == ',' {
			i = space(raw, i+1)
		}
	}
	return nil
}

// set reads one member and reports whether its value is valid.
func (f *fields) set(name string, v []byte) bool {
	var err error
	switch name {
	case "t":
		f.kind, err = unquote(v)
	case "m":
		f.path, err = unquote(v)
	case "h":
		f.hash, err = unquote(v)
	case "k":
		var s string
		s, err = unquote(v)
		f.key = []byte(s)
	case "id":
		f.id, err = strconv.ParseUint(string(v), 10, 64)
		if f.id > maxID || f.id == 0 {
			f.id = 0
			return false
		}
	case "v":
		// "v" is the version in a hello and the value in a pub.
		f.value = v
		f.version, _ = strconv.Atoi(string(v))
	case "q":
		f.sequential = string(v) == "true"
		return f.sequential || string(v) == "false"
	case "a":
		f.args = v
	case "b":
		f.batch = v
	case "at":
		return f.setAt(v)
	case "p":
		return json.Unmarshal(v, &f.hashes) == nil
	case "token":
		if string(v) != "null" {
			f.token, err = unquote(v)
		}
	}
	return err == nil
}

func (f *fields) setAt(v []byte) bool {
	if string(v) == "null" {
		return true
	}
	var at struct {
		Epoch  *string `json:"e"`
		Offset *uint64 `json:"s"`
	}
	if err := json.Unmarshal(v, &at); err != nil || at.Epoch == nil || at.Offset == nil {
		return false
	}
	f.at = At{Epoch: *at.Epoch, Offset: *at.Offset}
	return true
}

func unquote(v []byte) (string, error) {
	if len(v) < 2 || v[0] != '"' {
		return "", errJSON
	}
	if bytes.IndexByte(v, '\\') < 0 {
		return string(v[1 : len(v)-1]), nil
	}
	var s string
	err := json.Unmarshal(v, &s)
	return s, err
}
