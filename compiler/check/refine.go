package check

import (
	"math"
	"regexp"
	"strings"

	"github.com/livec-lang/livec/compiler/check/constant"
	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
)

// literalFits reports a literal that does not satisfy a refinement.
func (b *body) literalFits(l *ir.Lit, t *ir.Scalar) {
	if why := constant.Refuses(t, l.Value); why != "" {
		b.errorf(l.Pos.Span, diag.CodeRefinement, "this does not fit `%s`: %s", ir.TypeString(t), why)
	}
}

func (b *body) listFits(l *ir.ListLit, t *ir.List) {
	if why := constant.Outside(int64(len(l.Elems)), t.Refine, "element"); why != "" {
		b.errorf(l.Pos.Span, diag.CodeRefinement, "this does not fit `%s`: %s", ir.TypeString(t), why)
	}
}

// refine reads a refinement of a type.
func (c *checker) refine(m *module, x *ast.Refinement, of ir.Type) *ir.Refine {
	r := &ir.Refine{}
	for i := range x.Parts {
		c.refinePart(m, r, &x.Parts[i], of)
	}
	return r
}

func (c *checker) refinePart(m *module, r *ir.Refine, p *ast.Refine, of ir.Type) {
	kind := ir.ScalarKind(0)
	if s, ok := of.(*ir.Scalar); ok {
		kind = s.Kind
	}
	_, list := of.(*ir.List)
	refuse := func(what string) {
		c.errorf(m, p.Span, diag.CodeBadRefinement, "%s cannot have %s", diag.Article(ir.TypeString(of)), what).
			help("refine a string by a range, `email`, `url` or a pattern; refine an int, a float, bytes or a list by a range")
	}
	switch {
	case p.Range != nil && (list || kind == ir.String || kind == ir.Int || kind == ir.Bytes || kind == ir.Float):
		c.refineRange(m, r, p, kind)
	case p.Range != nil:
		refuse("a range")
	case p.Word != nil:
		if kind != ir.String || p.Word.Name != "email" && p.Word.Name != "url" {
			if kind == ir.String {
				c.errorf(m, p.Span, diag.CodeBadRefinement, "there is no refinement `%s`", p.Word.Name).
					suggest(m, p.Span, p.Word.Name, []string{"email", "url"}).help("a string can be `email` or `url`")
				return
			}
			refuse("the refinement `" + p.Word.Name + "`")
			return
		}
		r.Format = p.Word.Name
	case p.Pattern != nil:
		if kind != ir.String {
			refuse("a pattern")
			return
		}
		re, err := regexp.Compile(p.Pattern.Text)
		if err != nil {
			c.errorf(m, p.Span, diag.CodeBadRefinement, "this is not a regular expression: %v", regexpReason(err)).
				help("for the syntax of patterns, see https://github.com/google/re2/wiki/Syntax")
			return
		}
		r.Pattern, r.PatternText = re, p.Pattern.Text
	}
}

func regexpReason(err error) string { return strings.TrimPrefix(err.Error(), "error parsing regexp: ") }

func (c *checker) refineRange(m *module, r *ir.Refine, p *ast.Refine, kind ir.ScalarKind) {
	lo, lof, okLo := c.bound(m, p.Range.Min, kind)
	hi, hif, okHi := c.bound(m, p.Range.Max, kind)
	if !okLo || !okHi {
		return
	}
	if kind == ir.Float {
		r.FMin, r.FMax = lof, hif
		if lof != nil && hif != nil && *lof > *hif {
			c.errorf(m, p.Span, diag.CodeBadRefinement, "the range is empty").help("write the smaller bound first")
		}
		return
	}
	r.Min, r.Max = lo, hi
	if lo != nil && hi != nil && *lo > *hi {
		c.errorf(m, p.Span, diag.CodeBadRefinement, "the range is empty").help("write the smaller bound first")
	}
	if kind != ir.Int && (lo != nil && *lo < 0 || hi != nil && *hi < 0) {
		c.errorf(m, p.Span, diag.CodeBadRefinement, "a length cannot be negative")
	}
}

func (c *checker) bound(m *module, x ast.Expr, kind ir.ScalarKind) (*int64, *float64, bool) {
	sign := int64(1)
	if u, ok := x.(*ast.Unary); ok && u.Op == "-" {
		sign, x = -1, u.X
	}
	switch x := x.(type) {
	case nil:
		return nil, nil, true
	case *ast.IntLit:
		n := sign * x.Value
		f := float64(n)
		return &n, &f, true
	case *ast.SizeLit:
		if kind == ir.Bytes {
			n := x.Value
			return &n, nil, true
		}
	case *ast.FloatLit:
		if kind == ir.Float && !math.IsInf(x.Value, 0) {
			f := float64(sign) * x.Value
			return nil, &f, true
		}
	}
	c.errorf(m, x.Where(), diag.CodeBadRefinement, "this cannot be a bound of the range").
		help("write a whole number; a float may also have a decimal point, and bytes a size such as `5mb`")
	return nil, nil, false
}

// refined converts x to want, which differs from its type only in the refinement. Literals are checked now, other values at
// run time.
func (b *body) refined(x ir.Expr, want ir.Type, path string) ir.Expr {
	if types.Narrower(x.Type(), want) {
		return x
	}
	if l, ok := x.(*ir.Lit); ok {
		if s, is := want.(*ir.Scalar); is && s.Refine != nil {
			b.literalFits(l, s)
			return &ir.Lit{At: ir.At{Pos: l.Pos, T: want}, Value: l.Value}
		}
	}
	if l, ok := x.(*ir.ListLit); ok {
		if w, is := want.(*ir.List); is && w.Refine != nil && types.Narrower(&ir.List{Elem: x.Type().(*ir.List).Elem}, &ir.List{Elem: w.Elem}) {
			b.listFits(l, w)
			return &ir.ListLit{At: ir.At{Pos: l.Pos, T: want}, Elems: l.Elems}
		}
	}
	return &ir.Check{At: ir.At{Pos: x.Where(), T: want}, X: x, Path: path}
}
