package sqlite

import (
	sqldriver "database/sql/driver"
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/livec-lang/livec/relation"
)

var errPacked = errors.New("a packed row cannot be read")

// packRow encodes values as one value, so that a subquery can return a whole row. Each value is a letter for its type, then its bytes.
func packRow(values []sqldriver.Value) []byte {
	var b []byte
	for _, v := range values {
		switch v := v.(type) {
		case nil:
			b = append(b, 'n')
		case int64:
			b = binary.BigEndian.AppendUint64(append(b, 'i'), uint64(v))
		case float64:
			b = binary.BigEndian.AppendUint64(append(b, 'f'), math.Float64bits(v))
		case string:
			b = append(binary.AppendUvarint(append(b, 's'), uint64(len(v))), v...)
		case []byte:
			b = append(binary.AppendUvarint(append(b, 'b'), uint64(len(v))), v...)
		}
	}
	return b
}

// nextPacked decodes the first value of b, and returns the rest of b.
func nextPacked(b []byte) (sqldriver.Value, []byte, error) {
	if len(b) == 0 {
		return nil, nil, errPacked
	}
	form, b := b[0], b[1:]
	switch form {
	case 'n':
		return nil, b, nil
	case 'i', 'f':
		if len(b) < 8 {
			return nil, nil, errPacked
		}
		n := binary.BigEndian.Uint64(b)
		if form == 'i' {
			return int64(n), b[8:], nil
		}
		return math.Float64frombits(n), b[8:], nil
	case 's', 'b':
		n, size := binary.Uvarint(b)
		if size <= 0 || uint64(len(b)-size) < n {
			return nil, nil, errPacked
		}
		data, rest := b[size:size+int(n)], b[size+int(n):]
		if form == 's' {
			return string(data), rest, nil
		}
		return append([]byte{}, data...), rest, nil
	}
	return nil, nil, errPacked
}

// packedField is the value at an index of a packed row.
func packedField(b []byte, at int64) (v sqldriver.Value, err error) {
	for ; at >= 0; at-- {
		if v, b, err = nextPacked(b); err != nil {
			return nil, err
		}
	}
	return v, nil
}

func unpackRow(cols relation.Schema, b []byte) (relation.Value, error) {
	row := make(relation.Row, len(cols))
	for i := range cols {
		v, rest, err := nextPacked(b)
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", cols[i].Name, err)
		}
		b = rest
		if inner, ok := v.([]byte); ok && cols[i].Kind == relation.Record {
			row[i], err = unpackRow(cols[i].Fields, inner)
		} else {
			row[i], err = scanValue(&cols[i], v)
		}
		if err != nil {
			return nil, err
		}
	}
	return row, nil
}
