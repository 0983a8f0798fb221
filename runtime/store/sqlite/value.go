package sqlite

import (
	sqldriver "database/sql/driver"
	"fmt"

	"github.com/livec-lang/livec/relation"
)

// bind is a value as the driver takes it.
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
			return []byte{}, nil // the driver would store null
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

// scan makes a row of what the driver gave.
func scan(cols relation.Schema, from []sqldriver.Value) (relation.Row, error) {
	if len(from) != len(cols) {
		return nil, fmt.Errorf("the statement gives %d columns where %d are expected", len(from), len(cols))
	}
	row := make(relation.Row, len(cols))
	for i := range cols {
		v, err := scanValue(&cols[i], from[i])
		if err != nil {
			return nil, err
		}
		row[i] = v
	}
	return row, nil
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
	return nil, fmt.Errorf("column %s holds a value of type %T, which is not of its kind", c.Name, v)
}
