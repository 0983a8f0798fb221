package runtime

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/auth"
	"github.com/livec-lang/livec/runtime/value"
	"github.com/livec-lang/livec/runtime/wire"
)

// The functions of this file are for generated code. Each replaces several lines that every generated function would repeat.

// None is the result of an rpc without one.
type None = struct{}

// Rows runs a query and converts its rows by of.
func Rows[T any](c *Call, q *relation.Query, of func(relation.Row) T, params ...relation.Value) ([]T, error) {
	rows, err := c.Rows(q, params...)
	if err != nil {
		return nil, err
	}
	out := make([]T, len(rows))
	for i, r := range rows {
		out[i] = of(r)
	}
	return out, nil
}

// FirstRow runs a query and returns the first of its rows, or nil if there is none.
func FirstRow(c *Call, q *relation.Query, params ...relation.Value) (relation.Row, error) {
	rows, err := c.Rows(q, params...)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0], nil
}

// One runs a query that returns one row at most, and converts it by of; nil if there is no row.
func One[T any](c *Call, q *relation.Query, of func(relation.Row) T, params ...relation.Value) (*T, error) {
	v, err := c.Value(q, params...)
	if err != nil || v == nil {
		return nil, err
	}
	row, ok := v.(relation.Row)
	if !ok {
		return nil, fmt.Errorf("the query %s returned no row", q.Name)
	}
	x := of(row)
	return &x, nil
}

// Value runs a query that returns one value, and converts it by of.
func Value[T any](c *Call, q *relation.Query, of func(relation.Value) T, params ...relation.Value) (T, error) {
	v, err := c.Value(q, params...)
	if err != nil {
		var zero T
		return zero, err
	}
	return of(v), nil
}

// Stored is the row of a table with a key, as it is now. If the row has been deleted meanwhile, the error is NOT_FOUND.
func Stored(c *Call, t *relation.Table, key ...relation.Value) (relation.Row, error) {
	row, err := c.Tx().Get(t, key)
	if err == nil && row == nil {
		err = Gone()
	}
	return row, err
}

// Gone is the error of a write to a row that does not exist, or that its caller may not see: NOT_FOUND.
func Gone() *Error { return Fail(CodeNotFound, "This is no longer there") }

// Invalid is the error of assigning an invalid value: VALIDATION. path names the field, with slashes; message says what the value must be.
func Invalid(path, message string) *Error {
	return &Error{
		Code: CodeValidation, Message: strings.ReplaceAll(path, "/", ".") + " " + message,
		Issues: []Issue{{Path: pathPointer(path), Message: message}},
	}
}

func pathPointer(path string) string {
	if path == "" {
		return ""
	}
	return "/" + path
}

// Element is the path of an element of a list.
func Element(path string, i int) string { return path + "/" + strconv.Itoa(i) }

// Member is the path of a member of a map.
func Member(path, key string) string { return path + "/" + wire.EscapePointer(key) }

// unfit makes a VALIDATION failure of the error of a value.Decoder.
func unfit(err error) error {
	var unfit *value.Error
	if !errors.As(err, &unfit) {
		return err
	}
	what := "The value"
	if unfit.Path != "" {
		parts := strings.Split(unfit.Path[1:], "/")
		for i := range parts {
			parts[i] = wire.UnescapePointer(parts[i])
		}
		what = strings.Join(parts, ".")
	}
	return &Error{Code: CodeValidation, Message: what + " " + unfit.Message, Issues: []Issue{{Path: unfit.Path, Message: unfit.Message}}}
}

// As converts a json value to a type.
func As[T any](v json.RawMessage, decode func(*value.Decoder) T) (T, error) {
	d := value.Foreign(v)
	x := decode(&d)
	return x, unfit(d.Err())
}

// ParseJSON parses a text as JSON.
func ParseJSON(text []byte) (json.RawMessage, error) {
	if err := wire.Check(text); err != nil {
		return nil, Fail(CodeValidation, "The text cannot be read: "+err.Error())
	}
	return value.Canonical(text), nil
}

// ToEnum converts a text to a value of an enum.
func ToEnum[T ~string](text string, values ...T) (T, error) {
	if slices.Contains(values, T(text)) {
		return T(text), nil
	}
	return "", Fail(CodeValidation, "The text is not one of "+joinTexts(values)) // the text is not shown: it may be a secret
}

func joinTexts[T ~string](values []T) string {
	var b strings.Builder
	for i, v := range values {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%q", string(v))
	}
	return b.String()
}

// Session is the row that the caller's session belongs to, or nil. t has a key of one column.
func Session[T any](c *Call, t *relation.Table, of func(relation.Row) T) (*T, error) {
	text, ok, err := c.SessionKey()
	if err != nil || !ok {
		return nil, err
	}
	var key relation.Value = text
	switch t.Columns[t.Key[0]].Kind {
	case relation.Text, relation.ID, relation.Enum:
	case relation.Int:
		n, err := value.ReadInt(text)
		if err != nil {
			return nil, nil // the session is older than the present type of the key
		}
		key = n
	default:
		return nil, fmt.Errorf("the key of the table %s cannot identify a session", t.Name)
	}
	row, err := c.Tx().Get(t, relation.Row{key})
	if err != nil || row == nil {
		return nil, err
	}
	x := of(row)
	return &x, nil
}

// VerifyJWT returns the claims of a JSON web token (RFC 7519), or null if the token is nil, invalid or expired. A key that cannot be used
// is an error.
func VerifyJWT(c *Call, token *string, key string) (json.RawMessage, error) {
	if token == nil {
		return json.RawMessage("null"), nil
	}
	claims, until, err := auth.VerifyJWT(*token, key, c.Now())
	switch {
	case errors.Is(err, auth.ErrKey):
		return nil, fmt.Errorf("verifyJwt: %w", err)
	case err != nil:
		c.Log().Debug("a web token was refused", "error", err)
		return json.RawMessage("null"), nil
	}
	sum := sha256.Sum256([]byte(*token))
	c.in.Credentials.Rely(until, string(sum[:]))
	return value.Canonical(claims), nil
}

// Appending turns a function that returns a value into one that appends it as JSON.
func Appending[A, T any](give func(*Call, *A) (T, error), encode func([]byte, *T) []byte) func(*Call, *A, []byte) ([]byte, error) {
	return func(c *Call, a *A, dst []byte) ([]byte, error) {
		v, err := give(c, a)
		if err != nil {
			return nil, err
		}
		return encode(dst, &v), nil
	}
}
