package livetest

import "encoding/json"

// JSON is a value as the server sent it.
type JSON []byte

// String is the text of the value, or "undefined" if there is none.
func (v JSON) String() string {
	if v == nil {
		return "undefined"
	}
	return string(v)
}

// Decode reads the value into what p points to, as encoding/json does.
func (v JSON) Decode(p any) error { return json.Unmarshal(v, p) }

// Any is the value as encoding/json reads it into an any; nil if there is none.
func (v JSON) Any() any {
	var a any
	if json.Unmarshal(v, &a) != nil {
		return nil
	}
	return a
}

// Len is the number of rows of a list, 0 for anything else.
func (v JSON) Len() int {
	var list []json.RawMessage
	if json.Unmarshal(v, &list) != nil {
		return 0
	}
	return len(list)
}

// At is the row of a list at an index, or nil.
func (v JSON) At(i int) JSON {
	var list []json.RawMessage
	if json.Unmarshal(v, &list) != nil || i < 0 || i >= len(list) {
		return nil
	}
	return JSON(list[i])
}

// Get is a member of an object, or nil.
func (v JSON) Get(member string) JSON {
	var object map[string]json.RawMessage
	if json.Unmarshal(v, &object) != nil {
		return nil
	}
	return JSON(object[member])
}
