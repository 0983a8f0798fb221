package check

import (
	"github.com/livec-lang/livec/compiler/check/constant"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/compiler/resolve"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
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
		case "maxPayload":
			switch x := s.Value.(type) {
			case *ast.SizeLit:
				c.prog.Settings.MaxPayload = x.Value
			case *ast.IntLit:
				c.prog.Settings.MaxPayload = x.Value
			default:
				c.errorf(m, s.Span, diag.CodeSetting, "`maxPayload` takes a size").help("write `maxPayload 64kb`")
			}
		default:
			c.errorf(m, s.Name.Span, diag.CodeSetting, "an app has no setting `%s`", s.Name.Name).
				suggest(m, s.Name.Span, s.Name.Name, []string{"origins", "maxPayload"}).help("the settings are `origins` and `maxPayload`")
		}
	}
}
