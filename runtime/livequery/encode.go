package livequery

import (
	"encoding/base64"
	"strconv"
	"time"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/eval"
	"github.com/livec-lang/livec/runtime/value"
	"github.com/livec-lang/livec/runtime/wire"
)

// isBare reports whether rows of a schema are single values, as a map to a value makes.
func isBare(s relation.Schema) bool { return len(s) == 1 && s[0].Name == "" }

// appendRows appends rows as a JSON array.
func appendRows(dst []byte, s relation.Schema, rows []*item) []byte {
	dst = append(dst, '[')
	for i, r := range rows {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendRow(dst, s, r.row)
	}
	return append(dst, ']')
}

// appendRow appends a row as a JSON object without secret columns, or as its only value, which is null if it is secret.
func appendRow(dst []byte, s relation.Schema, row relation.Row) []byte {
	if isBare(s) {
		if s[0].Secret {
			return append(dst, "null"...)
		}
		return appendValue(dst, &s[0], row[0])
	}
	dst = append(dst, '{')
	n := 0
	for i := range s {
		if s[i].Secret {
			continue
		}
		if n++; n > 1 {
			dst = append(dst, ',')
		}
		dst = appendMember(dst, &s[i], row[i])
	}
	return append(dst, '}')
}

func appendMember(dst []byte, c *relation.Column, v relation.Value) []byte {
	dst = wire.AppendString(dst, c.Name)
	dst = append(dst, ':')
	return appendValue(dst, c, v)
}

// appendValue appends a value as docs/protocol.md says.
func appendValue(dst []byte, c *relation.Column, v relation.Value) []byte {
	switch v := v.(type) {
	case bool:
		return strconv.AppendBool(dst, v)
	case int64:
		if c.Kind == relation.Time {
			return appendTime(dst, v)
		}
		return strconv.AppendInt(dst, v, 10)
	case float64:
		return append(dst, eval.FormatFloat(v)...)
	case string:
		return wire.AppendString(dst, v)
	case []byte:
		dst = append(dst, '"')
		dst = base64.StdEncoding.AppendEncode(dst, v)
		return append(dst, '"')
	case relation.JSON:
		if c.Visible != nil {
			return value.AppendVisible(dst, v, c.Visible)
		}
		return append(dst, v...)
	case relation.Row:
		return appendRow(dst, c.Fields, v)
	case []relation.Row:
		dst = append(dst, '[')
		for i, r := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendRow(dst, c.Fields, r)
		}
		return append(dst, ']')
	}
	return append(dst, "null"...)
}

func appendTime(dst []byte, ms int64) []byte {
	dst = append(dst, '"')
	dst = time.UnixMilli(ms).UTC().AppendFormat(dst, "2006-01-02T15:04:05.000Z")
	return append(dst, '"')
}
