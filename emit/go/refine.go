package emitgo

import (
	"fmt"
	"math"
	"strconv"

	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/ir"
)

// test is one test of a refinement: an expression that is true if it holds, its negation, and the message if it does
// not hold. The messages have the same words as those about JSON Schemas.
type test struct {
	ok      *jen.Statement
	bad     *jen.Statement // the negation
	message string
}

// compared returns a test by an operator.
func compared(x *jen.Statement, op, opposite string, bound *jen.Statement, message string) test {
	return test{jen.Add(x).Op(op).Add(bound), jen.Add(x).Op(opposite).Add(bound), message}
}

// called returns a test by a function.
func called(call *jen.Statement, message string) test {
	return test{call, jen.Op("!").Add(call), message}
}

// refinement returns the tests of the refinement of t on x.
func (g *gen) refinement(t ir.Type, x *jen.Statement) []test {
	switch t := t.(type) {
	case *ir.Scalar:
		if t.Refine == nil {
			return nil
		}
		switch t.Kind {
		case ir.Int:
			return bounds(t.Refine, x)
		case ir.Duration:
			return bounds(t.Refine, jen.Add(x).Dot("Milliseconds").Call())
		case ir.Float:
			return floatBounds(t.Refine, x)
		case ir.Bytes:
			return sizes(t.Refine, x, "byte")
		case ir.String, ir.ID:
			return g.textTests(t.Refine, x)
		case ir.Bool, ir.Time, ir.JSON: // cannot be refined
		default:
			panic("a scalar of unknown kind: " + t.Kind.String())
		}
	case *ir.List:
		if t.Refine != nil {
			return sizes(t.Refine, x, "item")
		}
	}
	return nil
}

func bounds(r *ir.Refine, x *jen.Statement) []test {
	var out []test
	if r.Min != nil {
		out = append(out, compared(x, ">=", "<", jen.Lit(int(*r.Min)), fmt.Sprintf("must be at least %d", *r.Min)))
	}
	if r.Max != nil {
		out = append(out, compared(x, "<=", ">", jen.Lit(int(*r.Max)), fmt.Sprintf("must be at most %d", *r.Max)))
	}
	return out
}

func floatBounds(r *ir.Refine, x *jen.Statement) []test {
	least, most := r.FMin, r.FMax
	if least == nil && r.Min != nil {
		least = new(float64(*r.Min))
	}
	if most == nil && r.Max != nil {
		most = new(float64(*r.Max))
	}
	text := func(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }
	var out []test
	if least != nil {
		out = append(out, compared(x, ">=", "<", jen.Lit(*least), "must be at least "+text(*least)))
	}
	if most != nil {
		out = append(out, compared(x, "<=", ">", jen.Lit(*most), "must be at most "+text(*most)))
	}
	return out
}

// sizes returns the tests of a number of elements or bytes.
func sizes(r *ir.Refine, x *jen.Statement, unit string) []test {
	var out []test
	if r.Min != nil && *r.Min > 0 {
		out = append(out, compared(jen.Len(x), ">=", "<", jen.Lit(int(*r.Min)), atLeast(*r.Min, "have", unit)))
	}
	if r.Max != nil {
		out = append(out, compared(jen.Len(x), "<=", ">", jen.Lit(int(*r.Max)), "must have at most "+plural(*r.Max, unit)))
	}
	return out
}

func atLeast(n int64, verb, unit string) string {
	if n == 1 {
		return "must not be empty"
	}
	return "must " + verb + " at least " + plural(n, unit)
}

func plural(n int64, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return strconv.FormatInt(n, 10) + " " + unit + "s"
}

func (g *gen) textTests(r *ir.Refine, x *jen.Statement) []test {
	var out []test
	least, most := int64(0), int64(-1)
	if r.Min != nil {
		least = *r.Min
	}
	if r.Max != nil {
		most = min(*r.Max, math.MaxInt32)
	}
	switch {
	case least > 0 && most >= 0:
		out = append(
			out,
			called(
				value("Length").Call(x, jen.Lit(int(least)), jen.Lit(int(most))),
				fmt.Sprintf("must be %d to %s", least, plural(most, "character")),
			),
		)
	case least > 0:
		out = append(out, called(value("Length").Call(x, jen.Lit(int(least)), jen.Lit(-1)), atLeast(least, "be", "character")))
	case most >= 0:
		out = append(out, called(value("Length").Call(x, jen.Lit(0), jen.Lit(int(most))), "must be at most "+plural(most, "character")))
	}
	switch r.Format {
	case "email":
		out = append(out, called(value("Email").Call(x), "must be an email address"))
	case "url":
		out = append(out, called(value("URL").Call(x), "must be a URL such as https://example.com"))
	}
	if r.PatternText != "" {
		out = append(out, called(jen.Id(g.pattern(r.PatternText)).Dot("MatchString").Call(x), "must match /"+r.PatternText+"/"))
	}
	return out
}

// pattern returns the variable of a regular expression. Refinements with the same text share one.
func (g *gen) pattern(text string) string {
	if name, ok := g.patterns[text]; ok {
		return name
	}
	name := g.names.take("pattern" + itoa(len(g.patterns)+1))
	g.patterns[text] = name
	g.order = append(g.order, text)
	return name
}

func (g *gen) patternVars() {
	if len(g.order) == 0 {
		return
	}
	f := g.files.of("", "patterns")
	f.gap()
	f.comment("The regular expressions of refinements.")
	f.body = append(f.body, jen.Var().DefsFunc(func(d *jen.Group) {
		for _, text := range g.order {
			d.Id(g.patterns[text]).Op("=").Add(value("MustPattern").Call(rawLit(text)))
		}
	}))
}
