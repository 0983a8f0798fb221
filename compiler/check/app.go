package check

import (
	"fmt"
	"slices"

	"github.com/livec-lang/livec/compiler/check/constant"
	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/compiler/resolve"
	"github.com/livec-lang/livec/internal/weborigin"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/limits"
)

// settings reads the app declaration.
func (c *checker) settings(m *module, d *ast.App) {
	if c.prog.Settings.Declared {
		c.errorf(m, d.Span, diag.CodeTwice, "an app can have only one `app` declaration").
			also(c.appAt, "the other one is here").help("put all settings into one declaration")
		return
	}
	c.prog.Settings.Declared, c.appAt = true, m.pos(d)
	if d.Name.Name != "" {
		c.spelled(m, &d.Name, "app", resolve.Pascal)
		c.prog.Name = d.Name.Name
	}
	seen := map[string]ir.Pos{}
	for _, s := range d.Settings {
		if first, twice := seen[s.Name.Name]; twice {
			c.errorf(m, s.Name.Span, diag.CodeDuplicateClause, "`%s` appears twice", s.Name.Name).
				also(first, "first here").help("remove one of the two")
		}
		seen[s.Name.Name] = m.pos(&s.Name)
		switch s.Name.Name {
		case "origins":
			c.origins(m, s)
		default:
			if l := limits.Lookup(s.Name.Name); l != nil {
				c.limit(m, s, l)
				continue
			}
			c.errorf(m, s.Name.Span, diag.CodeSetting, "an app has no setting `%s`", s.Name.Name).
				suggest(m, s.Name.Span, s.Name.Name, append(limits.Names(), "origins")).
				help("the settings are `origins` and the limits of docs/limits.md, such as `maxPayload`")
		}
	}
}

// origins reads the origins of pages that may connect: a list, or a setting of `env` that holds several.
func (c *checker) origins(m *module, s *ast.Setting) {
	elems := []ast.Expr{s.Value}
	switch x := s.Value.(type) {
	case *ast.ListLit:
		elems = x.Elems
	case *ast.Member: // checked below
	default:
		c.errorf(m, s.Span, diag.CodeSetting, "`origins` takes a list").
			help("write `origins [\"https://app.example\"]`, or `origins env.ORIGINS` to read them from the environment")
		return
	}
	for _, x := range elems {
		o, ok := c.origin(m, x)
		if ok && !slices.Contains(c.prog.Settings.Origins, o) {
			c.prog.Settings.Origins = append(c.prog.Settings.Origins, o)
		}
	}
}

// origin reads one member of `origins`; ok is false if it has reported a mistake.
func (c *checker) origin(m *module, x ast.Expr) (o ir.Origin, ok bool) {
	switch x := x.(type) {
	case *ast.StringLit:
		if slices.ContainsFunc(x.Parts, func(p ast.StringPart) bool { return p.X != nil }) {
			break
		}
		text, err := weborigin.Parse(constant.Text(x))
		if err != nil {
			c.errorf(m, x.Span, diag.CodeSetting, "%s", err)
			return o, false
		}
		return ir.Origin{Text: text}, true
	case *ast.Member:
		if n, isName := x.X.(*ast.Name); !isName || n.Name != "env" {
			break
		}
		ref, known := c.body(m, "origins", "").infer(x, nil).(*ir.EnvRef)
		if !known {
			return o, false
		}
		v := ref.Env
		switch t, isScalar := types.Elem(v.Type).(*ir.Scalar); {
		case types.IsBad(v.Type):
			return o, false
		case !isScalar || t.Kind != ir.String:
			c.errorf(m, x.Span, diag.CodeSetting, "`env.%s` is %s, but origins are strings", v.Name, diag.Article(ir.TypeString(v.Type))).
				help("declare it as `%s: string`; it can hold several origins, separated by commas", v.Name)
			return o, false
		case v.Secret:
			c.errorf(m, x.Span, diag.CodeSetting, "`env.%s` is secret, but the server names its origins in messages", v.Name).
				also(v.Pos, "declared here").help("remove `secret`")
			return o, false
		}
		return ir.Origin{Env: v}, true
	}
	c.errorf(m, x.Where(), diag.CodeSetting, "an origin is a string or a setting of `env`").
		help("write it as \"https://app.example\", or as `env.SITE`")
	return o, false
}

// limit reads a setting that is a limit.
func (c *checker) limit(m *module, s *ast.Setting, l *limits.Limit) {
	kind, value, ok := "", int64(0), false
	switch l.Unit {
	case limits.Count, limits.PerSecond:
		kind = "a number"
		value, ok = integer(s.Value)
	case limits.Bytes, limits.BytesPerSecond:
		kind = "a size"
		if x, isSize := s.Value.(*ast.SizeLit); isSize {
			value, ok = x.Value, true
		} else {
			value, ok = integer(s.Value)
		}
	case limits.Duration:
		kind = "a duration"
		if x, isDuration := s.Value.(*ast.DurationLit); isDuration {
			value, ok = x.Value, true
		}
	default:
		panic(fmt.Sprintf("unit %d of %s", l.Unit, l.Name))
	}
	if !ok {
		c.errorf(m, s.Span, diag.CodeSetting, "`%s` takes %s", l.Name, kind).help("write `%s %s`", l.Name, l.Example())
		return
	}
	if err := l.Check(value); err != nil {
		c.errorf(m, s.Span, diag.CodeSetting, "`%s` is at least %s", l.Name, l.Format(l.Min)).help("write `%s %s`", l.Name, l.Example())
		return
	}
	if c.prog.Settings.Limits == nil {
		c.prog.Settings.Limits = limits.Values{}
	}
	c.prog.Settings.Limits[l.ID] = value
}

func integer(x ast.Expr) (int64, bool) {
	lit, ok := x.(*ast.IntLit)
	if !ok {
		return 0, false
	}
	return lit.Value, true
}
