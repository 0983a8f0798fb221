package wire

import (
	"encoding/json"
	"slices"
)

// decodeDeep reads a message in which a member is nested deeper than MaxDepth. The member is left out, without being read: so the message
// fails by itself, with its id, and the others of the frame do not.
func decodeDeep(raw []byte, m *Message, batches bool) error {
	short := make([]byte, 0, 256)
	var left []string
	var batch []byte
	i := space(raw, 1)
	short = append(short, '{')
	for i < len(raw) && raw[i] != '}' {
		start := i
		if raw[i] != '"' {
			return notAnObject()
		}
		end, err := skipString(raw, i)
		if err != nil {
			return notAnObject()
		}
		name, err := unquote(raw[start:end])
		if i = space(raw, end); err != nil || raw[i] != ':' { // raw ends with a bracket
			return notAnObject()
		}
		value := space(raw, i+1)
		end, err = skip(raw, value, 1)
		short = append(short, raw[start:value]...)
		switch {
		case err == nil:
			short = append(short, raw[value:end]...)
		case err != ErrDeep:
			return notAnObject()
		default:
			if end, err = skipDeep(raw, value); err != nil {
				return notAnObject()
			}
			if name == "b" {
				batch = raw[value:end]
			}
			left = append(left, name)
			short = append(short, "[]"...)
		}
		if i = space(raw, end); raw[i] == ',' {
			short = append(short, ',')
			i = space(raw, i+1)
		}
	}
	short = append(short, '}')
	if !json.Valid(short) {
		return notAnObject()
	}
	if err := decodeFull(short, m, batches); err != nil {
		return err
	}
	switch m.Kind {
	case Batch:
		if batch == nil {
			return nil
		}
		var calls []json.RawMessage
		if !deepElements(batch, func(e []byte) { calls = append(calls, e) }) {
			return malformed(0, `A batch needs "b", a list of calls`)
		}
		return decodeCalls(calls, m)
	case Call, Sub:
		m.Deep = slices.Contains(left, "a")
	case Pub:
		m.Deep = slices.Contains(left, "a") || slices.Contains(left, "v")
	default: // what is left out is no part of such a message
	}
	return nil
}

func notAnObject() error { return malformed(0, "A message must be a JSON object") }

// deepElements is Elements for elements that are nested to any depth.
func deepElements(b []byte, do func(element []byte)) (ok bool) {
	if b[0] != '[' {
		return false
	}
	i := space(b, 1)
	for i < len(b) && b[i] != ']' {
		end, err := skip(b, i, 0)
		if err == ErrDeep {
			end, err = skipDeep(b, i)
		}
		if err != nil {
			return false
		}
		do(b[i:end])
		if i = space(b, end); i < len(b) && b[i] == ',' {
			i = space(b, i+1)
		}
	}
	return i == len(b)-1
}
