// Package constant answers questions about values that are known before an app runs: whether an expression is constant,
// which text a literal has, and whether a literal fits a refinement.
package constant

import (
	"fmt"
	"net/mail"
	"net/url"
	"unicode/utf8"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
)

// Refuses returns why a value does not fit the type, or "" if it fits.
func Refuses(t *ir.Scalar, v any) string {
	r := t.Refine
	switch v := v.(type) {
	case string:
		if why := Outside(int64(utf8.RuneCountInString(v)), r, "character"); why != "" {
			return why
		}
		if r.Format == "email" {
			if a, err := mail.ParseAddress(v); err != nil || a.Address != v {
				return "it is not an email address"
			}
		}
		if r.Format == "url" {
			if u, err := url.Parse(v); err != nil || u.Scheme == "" {
				return "it is not a URL with a scheme"
			}
		}
		if r.Pattern != nil && !r.Pattern.MatchString(v) {
			return "it does not match /" + r.PatternText + "/"
		}
	case int64:
		if r.Min != nil && v < *r.Min {
			return fmt.Sprintf("it is less than %d", *r.Min)
		}
		if r.Max != nil && v > *r.Max {
			return fmt.Sprintf("it is more than %d", *r.Max)
		}
	case float64:
		if r.FMin != nil && v < *r.FMin {
			return fmt.Sprintf("it is less than %v", *r.FMin)
		}
		if r.FMax != nil && v > *r.FMax {
			return fmt.Sprintf("it is more than %v", *r.FMax)
		}
	}
	return ""
}

// Outside returns why a length is out of range, or "" if it is in range. thing is what is counted, in the singular.
func Outside(n int64, r *ir.Refine, thing string) string {
	plural := func(n int64) string {
		if n == 1 {
			return fmt.Sprintf("%d %s", n, thing)
		}
		return fmt.Sprintf("%d %ss", n, thing)
	}
	if r.Min != nil && n < *r.Min {
		return fmt.Sprintf("it has %s, but needs at least %d", plural(n), *r.Min)
	}
	if r.Max != nil && n > *r.Max {
		return fmt.Sprintf("it has %s, but at most %d are allowed", plural(n), *r.Max)
	}
	return ""
}

// Is reports whether x depends only on literals, the clock, new ids and settings.
func Is(x ir.Expr) bool {
	ok := true
	ir.Walk(x, func(n ir.Node) bool {
		switch x := n.(type) {
		case *ir.Lit, *ir.Wrap, *ir.ToFloat, *ir.RecordLit, *ir.ListLit, *ir.MapLit, *ir.EnvRef, *ir.Unary, *ir.Check, *ir.Binary, *ir.FromEnum,
			*ir.Fit, *ir.Interp:
		case *ir.Builtin:
			ok = ok && (x.Name == "now" || x.Name == "newId" || x.Name == "newSecret" || x.Name == "string" || x.Name == "id" || x.Name == "toJson")
		default:
			ok = false
		}
		return ok
	})
	return ok
}

// Text returns the text of a string literal without its interpolated parts.
func Text(s *ast.StringLit) string {
	text := ""
	if s != nil {
		for _, p := range s.Parts {
			text += p.Text
		}
	}
	return text
}
