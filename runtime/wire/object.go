package wire

import "encoding/json"

// Members calls do with each member of a JSON object, in order, until do returns false. name is unquoted, value is JSON. ok is false if b
// is not an object. Names and values point into b where possible.
func Members(b []byte, do func(name string, value []byte) bool) (ok bool) {
	i := space(b, 0)
	if i >= len(b) || b[i] != '{' {
		return false
	}
	i = space(b, i+1)
	for i < len(b) && b[i] != '}' {
		if b[i] != '"' {
			return false
		}
		end, err := skipString(b, i)
		if err != nil {
			return false
		}
		name, err := unquote(b[i:end])
		if err != nil {
			return false
		}
		i = space(b, end)
		if i >= len(b) || b[i] != ':' {
			return false
		}
		i = space(b, i+1)
		if end, err = skip(b, i, 0); err != nil {
			return false
		}
		if !do(name, b[i:end]) {
			return true
		}
		i = space(b, end)
		if i < len(b) && b[i] == ',' {
			i = space(b, i+1)
		}
	}
	return i < len(b)
}

// Leading is the value of the first member of a JSON object, if that has this name and the object is written without white space.
func Leading(b []byte, name string) (value []byte, ok bool) {
	start := len(name) + len(`{"":`)
	if len(b) <= start || b[0] != '{' || b[1] != '"' || string(b[2:2+len(name)]) != name || b[start-2] != '"' || b[start-1] != ':' {
		return nil, false
	}
	end, err := skip(b, start, 0)
	if err != nil {
		return nil, false
	}
	return b[start:end], true
}

// Elements calls do with each element of a JSON array, in order. ok is false if b is not an array. Elements point into b.
func Elements(b []byte, do func(element []byte)) (ok bool) {
	i := space(b, 0)
	if i >= len(b) || b[i] != '[' {
		return false
	}
	i = space(b, i+1)
	for i < len(b) && b[i] != ']' {
		end, err := skip(b, i, 0)
		if err != nil || end == i {
			return false
		}
		do(b[i:end])
		i = space(b, end)
		if i < len(b) && b[i] == ',' {
			i = space(b, i+1)
		}
	}
	return i < len(b)
}

// Same returns text that is equal for equal JSON scalars as this server writes them: all strings get the same form of escaping.
func Same(v []byte) string {
	if len(v) > 0 && v[0] == '"' {
		for _, c := range v {
			if c == '\\' {
				var s string
				if json.Unmarshal(v, &s) == nil {
					return string(AppendString(nil, s))
				}
				break
			}
		}
	}
	return string(v)
}

// AppendSig appends a signal with its arguments, a JSON array.
func AppendSig(dst []byte, name string, args []byte) []byte {
	dst = append(dst, `{"t":"sig","m":`...)
	dst = AppendString(dst, name)
	dst = append(dst, `,"a":`...)
	dst = append(dst, args...)
	return append(dst, '}')
}
