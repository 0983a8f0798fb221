package value

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/livec-lang/livec/relation"
)

// The functions below convert values of a row to Go values. The store has checked that they have the kinds of their columns.

// String is a text, an id or an enum's value.
func String(v relation.Value) string { return v.(string) }

// Int is an int.
func Int(v relation.Value) int64 { return v.(int64) }

// Float is a float.
func Float(v relation.Value) float64 { return v.(float64) }

// Bool is a bool.
func Bool(v relation.Value) bool { return v.(bool) }

// Bytes are bytes.
func Bytes(v relation.Value) []byte { return v.([]byte) }

// Time is a time.
func Time(v relation.Value) time.Time { return time.UnixMilli(v.(int64)).UTC() }

// Duration is a duration.
func Duration(v relation.Value) time.Duration { return time.Duration(v.(int64)) * time.Millisecond }

// JSON is a json value.
func JSON(v relation.Value) json.RawMessage {
	if v == nil {
		return json.RawMessage("null")
	}
	return json.RawMessage(v.(relation.JSON))
}

// Enum is a value of an enum type.
func Enum[T ~string](v relation.Value) T { return T(v.(string)) }

// Maybe converts a value that may be null to an optional.
func Maybe[T any](v relation.Value, of func(relation.Value) T) *T {
	if v == nil {
		return nil
	}
	x := of(v)
	return &x
}

// Row converts a nested row to a record.
func Row[T any](v relation.Value, of func(relation.Row) T) T { return of(v.(relation.Row)) }

// MaybeRow converts a nested row that may be null to an optional record.
func MaybeRow[T any](v relation.Value, of func(relation.Row) T) *T {
	if v == nil {
		return nil
	}
	x := of(v.(relation.Row))
	return &x
}

// FirstValue converts the only value of a nested row; if there is no row, it converts null.
func FirstValue[T any](v relation.Value, of func(relation.Row) T) T {
	if v == nil {
		var none T
		return none
	}
	return of(v.(relation.Row))
}

// Rows converts rows to a list of records.
func Rows[T any](v relation.Value, of func(relation.Row) T) []T {
	rows := v.([]relation.Row)
	out := make([]T, len(rows))
	for i, r := range rows {
		out[i] = of(r)
	}
	return out
}

// Stored reads a value that is stored as JSON text. The text was written by generated code of the same type. If it cannot be read, others
// have changed the database, and Stored panics, which the runtime turns into an INTERNAL error.
func Stored[T any](v relation.Value, decode func(*Decoder) T) T {
	d := stored([]byte(v.(relation.JSON)))
	x := decode(&d)
	if err := d.Err(); err != nil {
		panic(fmt.Errorf("a stored value cannot be read: %w", err))
	}
	return x
}

// MaybeStored is Stored for a value that may be null.
func MaybeStored[T any](v relation.Value, decode func(*Decoder) T) *T {
	if v == nil {
		return nil
	}
	x := Stored(v, decode)
	return &x
}

// OrNull converts an optional to the value of a row.
func OrNull[T any](p *T, to func(T) relation.Value) relation.Value {
	if p == nil {
		return nil
	}
	return to(*p)
}

// Of converts an optional whose Go type is that of rows.
func Of[T string | int64 | float64 | bool](p *T) relation.Value {
	if p == nil {
		return nil
	}
	return *p
}

// OfText is the value of an optional enum.
func OfText[T ~string](p *T) relation.Value {
	if p == nil {
		return nil
	}
	return string(*p)
}

// OfTime is the value of an optional time.
func OfTime(p *time.Time) relation.Value {
	if p == nil {
		return nil
	}
	return p.UnixMilli()
}

// OfDuration is the value of an optional duration.
func OfDuration(p *time.Duration) relation.Value {
	if p == nil {
		return nil
	}
	return p.Milliseconds()
}

// OfBytes is the value of optional bytes.
func OfBytes(p *[]byte) relation.Value {
	if p == nil {
		return nil
	}
	return *p
}

// OfJSON is the value of a json column, in its canonical text.
func OfJSON(v json.RawMessage) relation.Value { return relation.JSON(Canonical(v)) }

// OfStored is the value of a column that keeps JSON text.
func OfStored[T any](x T, appendTo func([]byte, *T) []byte) relation.Value {
	return relation.JSON(appendTo(nil, &x))
}
