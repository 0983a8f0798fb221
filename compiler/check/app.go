package check

import (
	"fmt"

	"github.com/livec-lang/livec/compiler/check/constant"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/compiler/resolve"
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
			list, ok := s.Value.(*ast.ListLit)
			if !ok {
				c.errorf(m, s.Span, diag.CodeSetting, "`origins` takes a list").help("write `origins [\"https://app.example\"]`")
				continue
			}
			for _, x := range list.Elems {
				lit, ok := x.(*ast.StringLit)
				if !ok {
					c.errorf(m, x.Where(), diag.CodeSetting, "an origin is a string").help("write it as \"https://app.example\"")
					continue
				}
				c.prog.Settings.Origins = append(c.prog.Settings.Origins, constant.Text(lit))
			}
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
