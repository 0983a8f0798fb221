package sqlite

import (
	sqldriver "database/sql/driver"
	"fmt"

	"github.com/livec-lang/livec/relation"
)

// bind converts a value for the driver.
func bind(v relation.Value) (any, error) {
	switch v := v.(type) {
	case nil, int64, float64, string:
		return v, nil
	case bool:
		if v {
			return int64(1), nil
		}
		return int64(0), nil
	case relation.JSON:
		return string(v), nil
	case []byte:
		if v == nil {
			return []byte{}, nil // for nil the driver would store null
		}
		return v, nil
	}
	return nil, fmt.Errorf("a value of type %T cannot be bound", v)
}

func bindAll(vs []relation.Value) ([]any, error) {
	out := make([]any, len(vs))
	for i, v := range vs {
		b, err := bind(v)
		if err != nil {
			return nil, err
		}
		out[i] = b
	}
	return out, nil
}

// scan converts the driver's values to a row. A record has several columns: the first says whether there is a record, and its fields
// follow. Or the whole record is packed into the first column.
func scan(cols relation.Schema, from []sqldriver.Value) (relation.Row, error) {
	row, rest, err := scanRow(cols, from)
	if err == nil && len(rest) > 0 {
		err = fmt.Errorf("the statement returned %d columns more than expected", len(rest))
	}
	return row, err
}

func scanRow(cols relation.Schema, from []sqldriver.Value) (relation.Row, []sqldriver.Value, error) {
	row := make(relation.Row, len(cols))
	for i := range cols {
		if len(from) == 0 {
			return nil, nil, fmt.Errorf("the statement returned no column %s", cols[i].Name)
		}
		var err error
		if cols[i].Kind == relation.Record {
			row[i], from, err = scanRecord(cols[i].Fields, from)
		} else {
			row[i], err = scanValue(&cols[i], from[0])
			from = from[1:]
		}
		if err != nil {
			return nil, nil, err
		}
	}
	return row, from, nil
}

func scanRecord(fields relation.Schema, from []sqldriver.Value) (relation.Value, []sqldriver.Value, error) {
	rest := from[1:]
	if n := columnsOf(fields); len(rest) < n {
		return nil, nil, fmt.Errorf("the statement returned %d columns of a record of %d", len(rest), n)
	}
	switch there := from[0].(type) {
	case []byte:
		row, err := unpackRow(fields, there)
		return row, rest[columnsOf(fields):], err
	case int64:
		if there != 0 {
			row, rest, err := scanRow(fields, rest)
			return row, rest, err
		}
	}
	return nil, rest[columnsOf(fields):], nil
}

// columnsOf is the number of columns that a statement has for those of a schema.
func columnsOf(s relation.Schema) int {
	n := len(s)
	for i := range s {
		if s[i].Kind == relation.Record {
			n += columnsOf(s[i].Fields)
		}
	}
	return n
}

func scanValue(c *relation.Column, v sqldriver.Value) (relation.Value, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case int64:
		switch c.Kind {
		case relation.Bool:
			return v != 0, nil
		case relation.Int, relation.Time, relation.Duration:
			return v, nil
		case relation.Float:
			return float64(v), nil
		}
	case float64:
		if c.Kind == relation.Float {
			return v, nil
		}
	case string:
		switch c.Kind {
		case relation.Text, relation.ID, relation.Enum:
			return v, nil
		case relation.JSONKind:
			return relation.JSON(v), nil
		}
	case []byte:
		if c.Kind == relation.Bytes {
			if v == nil {
				return []byte{}, nil
			}
			return v, nil
		}
	}
	return nil, fmt.Errorf("column %s has a value of type %T, which does not fit its kind", c.Name, v)
}
