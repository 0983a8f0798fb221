package check

import (
	"fmt"
	"net/mail"
	"net/url"
	"unicode/utf8"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/diag"
)

// literalFits reports a literal that a refinement refuses.
func (b *body) literalFits(l *ir.Lit, t *ir.Scalar) {
	if why := refuses(t, l.Value); why != "" {
		b.errorf(l.Pos.Span, diag.CodeRefinement, "this does not fit `%s`: %s", ir.TypeString(t), why)
	}
}

func (b *body) listFits(l *ir.ListLit, t *ir.List) {
	if why := outside(int64(len(l.Elems)), t.Refine, "element"); why != "" {
		b.errorf(l.Pos.Span, diag.CodeRefinement, "this does not fit `%s`: %s", ir.TypeString(t), why)
	}
}

// refuses says why a value does not fit; empty if it does.
func refuses(t *ir.Scalar, v any) string {
	r := t.Refine
	switch v := v.(type) {
	case string:
		if why := outside(int64(utf8.RuneCountInString(v)), r, "character"); why != "" {
			return why
		}
		if r.Format == "email" {
			if a, err := mail.ParseAddress(v); err != nil || a.Address != v {
				return "it is no email address"
			}
		}
		if r.Format == "url" {
			if u, err := url.Parse(v); err != nil || u.Scheme == "" {
				return "it is no URL with a scheme"
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

// outside says that a number of things is out of the range.
func outside(n int64, r *ir.Refine, thing string) string {
	plural := func(n int64) string {
		if n == 1 {
			return fmt.Sprintf("%d %s", n, thing)
		}
		return fmt.Sprintf("%d %ss", n, thing)
	}
	if r.Min != nil && n < *r.Min {
		return fmt.Sprintf("it has %s, and %d are the least", plural(n), *r.Min)
	}
	if r.Max != nil && n > *r.Max {
		return fmt.Sprintf("it has %s, and %d are the most", plural(n), *r.Max)
	}
	return ""
}
