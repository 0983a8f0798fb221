package feed

import (
	"encoding/json"

	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/wire"
)

// KeyRoom is the spare capacity, in bytes, of a value for the key that Stamped inserts.
const KeyRoom = 64

// keyMember is the member of presence and cursor values with the key of the publisher.
const keyMember = "key"

// Stamped returns a JSON object with the publisher's key as the first member. For a nil value, the key is the only member.
func Stamped(key string, value []byte) []byte {
	b := make([]byte, 0, len(value)+len(keyMember)+len(key)+KeyRoom)
	b = append(b, '{')
	b = wire.AppendString(b, keyMember)
	b = append(b, ':')
	b = wire.AppendString(b, key)
	if len(value) > 2 { // more than {}
		b = append(b, ',')
		return append(b, value[1:]...)
	}
	return append(b, '}')
}

// RowKey reduces a row that a client removes to the members that identify it. Without members, `id` identifies it.
func RowKey(members []string, row []byte) ([]byte, error) {
	if len(members) == 0 {
		members = []string{"id"}
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(row, &all); err != nil {
		return nil, &fault.Error{Code: fault.CodeValidation, Message: "A row must be a JSON object"}
	}
	key := []byte{'{'}
	for i, m := range members {
		v := all[m]
		if len(v) == 0 || v[0] == '{' || v[0] == '[' || v[0] == 'n' {
			issue := fault.Issue{Path: "/" + wire.EscapePointer(m), Message: "is missing, but the row needs it as its key"}
			return nil, &fault.Error{Code: fault.CodeValidation, Message: m + " is missing", Issues: []fault.Issue{issue}}
		}
		if i > 0 {
			key = append(key, ',')
		}
		key = append(wire.AppendString(key, m), ':')
		key = append(key, v...)
	}
	return append(key, '}'), nil
}
