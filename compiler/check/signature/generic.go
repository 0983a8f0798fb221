package signature

import (
	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/diag"
)

// This file has the result types of functions that accept several types of arguments.

func oneOf(result ir.Type, kinds ...ir.ScalarKind) func(Call, []ir.Expr) ir.Type {
	return func(c Call, args []ir.Expr) ir.Type {
		if types.IsScalar(args[0].Type(), kinds...) {
			return result
		}
		var words []string
		for _, k := range kinds {
			words = append(words, k.String())
		}
		return c.Wrong(0, args[0].Type(), diag.Or(words))
	}
}

func stringOf(c Call, args []ir.Expr) ir.Type {
	if e := c.Text(args[0]); types.IsBad(e.Type()) {
		return nil
	}
	if _, ok := args[0].Type().(*ir.Enum); ok {
		args[0] = c.Text(args[0])
	}
	return types.String
}

func lengthOf(c Call, args []ir.Expr) ir.Type {
	switch t := args[0].Type().(type) {
	case *ir.List, *ir.Map:
		return types.Int
	default:
		if types.IsScalar(t, ir.ID) { // an id is also a text
			args[0] = c.Text(args[0])
			return types.Int
		}
		if types.IsScalar(t, ir.String, ir.Bytes) {
			return types.Int
		}
		return c.Wrong(0, t, "a string, a list, a map or bytes")
	}
}

func contains(c Call, args []ir.Expr) ir.Type {
	switch t := args[0].Type().(type) {
	case *ir.List:
		args[1] = c.Fit(args[1], types.Widen(t.Elem))
		return types.Bool
	default:
		if types.IsScalar(t, ir.String, ir.ID) {
			args[0], args[1] = c.Text(args[0]), c.Fit(args[1], types.String)
			return types.Bool
		}
		return c.Wrong(0, t, "a string or a list")
	}
}

func sliceOf(c Call, args []ir.Expr) ir.Type {
	if types.IsScalar(args[0].Type(), ir.ID) {
		args[0] = c.Text(args[0])
	}
	t := types.Plain(args[0].Type())
	if types.IsList(t) || types.IsScalar(t, ir.String) {
		return t
	}
	return c.Wrong(0, t, "a string or a list")
}

func sameList(c Call, args []ir.Expr) ir.Type {
	t := types.Plain(args[0].Type())
	if !types.IsList(t) {
		return c.Wrong(0, t, "a list")
	}
	for i := range args {
		args[i] = c.Fit(args[i], t)
	}
	return t
}

func lastOf(c Call, args []ir.Expr) ir.Type {
	l, ok := args[0].Type().(*ir.List)
	if !ok {
		return c.Wrong(0, args[0].Type(), "a list")
	}
	return types.Optional(l.Elem)
}

func keysOf(c Call, args []ir.Expr) ir.Type {
	if _, ok := args[0].Type().(*ir.Map); !ok {
		return c.Wrong(0, args[0].Type(), "a map")
	}
	return &ir.List{Elem: types.String}
}

func valuesOf(c Call, args []ir.Expr) ir.Type {
	m, ok := args[0].Type().(*ir.Map)
	if !ok {
		return c.Wrong(0, args[0].Type(), "a map")
	}
	return &ir.List{Elem: m.Elem}
}

func numeric(c Call, args []ir.Expr) ir.Type {
	t := types.Plain(args[0].Type())
	if types.IsScalar(t, ir.Int, ir.Float, ir.Duration) {
		return t
	}
	return c.Wrong(0, t, "a number")
}

func ordered(c Call, args []ir.Expr) ir.Type {
	t, out := c.Unify(args)
	if types.IsBad(t) {
		return nil
	}
	copy(args, out)
	if !types.IsScalar(t, ir.Int, ir.Float, ir.Duration, ir.Time, ir.String) {
		return c.Wrong(0, t, "a number, a string, a time or a duration")
	}
	return t
}

func hmac(c Call, args []ir.Expr) ir.Type {
	for i, a := range args {
		if !types.IsScalar(a.Type(), ir.String, ir.Bytes) {
			return c.Wrong(i, a.Type(), "a string or bytes")
		}
	}
	return types.String
}

// session returns the optional row type of the user of the caller's session.
func session(c Call, _ []ir.Expr) ir.Type { return c.Session() }

func startSession(c Call, args []ir.Expr) ir.Type {
	if r := c.UserRow(args[0].Type()); r != nil {
		return r
	}
	return nil
}

func endSessions(c Call, args []ir.Expr) ir.Type {
	if c.UserRow(args[0].Type()) == nil {
		return nil
	}
	return types.Int
}
