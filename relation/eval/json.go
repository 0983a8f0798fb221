package eval

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/livec-lang/livec/relation"
)

// Member returns the member at a path of a JSON value, as a value of kind k; null if there is none.
func Member(doc relation.Value, path []string, k relation.Kind) relation.Value {
	text, ok := jsonText(doc)
	if !ok {
		return nil
	}
	raw := json.RawMessage(text)
	for _, name := range path {
		var object map[string]json.RawMessage
		if json.Unmarshal(raw, &object) != nil {
			return nil
		}
		raw, ok = object[name]
		if !ok {
			return nil
		}
	}
	return FromJSON(raw, k)
}

func jsonText(v relation.Value) (string, bool) {
	switch v := v.(type) {
	case relation.JSON:
		return string(v), true
	case string:
		return v, true
	}
	return "", false
}

// FromJSON decodes JSON text, in the form of values in the protocol, as a value of kind k; null if it is not one.
func FromJSON(raw []byte, k relation.Kind) relation.Value {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	switch k {
	case relation.JSONKind:
		return relation.JSON(raw)
	case relation.Bool:
		switch string(raw) {
		case "true":
			return true
		case "false":
			return false
		}
		return nil
	case relation.Int, relation.Duration:
		return jsonInt(raw)
	case relation.Float:
		if f, err := strconv.ParseFloat(string(raw), 64); err == nil {
			return f
		}
		return nil
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		if k == relation.Time {
			return jsonInt(raw)
		}
		return nil
	}
	switch k {
	case relation.Time:
		t, err := time.Parse(time.RFC3339, s)
		if err != nil {
			return nil
		}
		return t.UnixMilli()
	case relation.Bytes:
		b, err := base64.StdEncoding.DecodeString(s)
		if err != nil {
			return nil
		}
		return b
	}
	return s
}

func jsonInt(raw []byte) relation.Value {
	if n, err := strconv.ParseInt(string(raw), 10, 64); err == nil {
		return n
	}
	if f, err := strconv.ParseFloat(string(raw), 64); err == nil && f == float64(int64(f)) {
		return int64(f)
	}
	return nil
}

// List decodes a JSON array as values of kind k.
func List(doc relation.Value, k relation.Kind) []relation.Value {
	text, ok := jsonText(doc)
	if !ok {
		return nil
	}
	var raws []json.RawMessage
	if json.Unmarshal([]byte(text), &raws) != nil {
		return nil
	}
	out := make([]relation.Value, len(raws))
	for i, raw := range raws {
		out[i] = FromJSON(raw, k)
	}
	return out
}

// In reports whether x equals an element of a JSON array, or a name in a JSON object.
func In(x, doc relation.Value, k relation.Kind) bool {
	if text, ok := jsonText(doc); ok && strings.HasPrefix(strings.TrimSpace(text), "{") {
		var object map[string]json.RawMessage
		name, isText := x.(string)
		if !isText || json.Unmarshal([]byte(text), &object) != nil {
			return false
		}
		_, has := object[name]
		return has
	}
	for _, v := range List(doc, k) {
		if Equal(x, v) {
			return true
		}
	}
	return false
}
