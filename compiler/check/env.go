package check

import (
	"github.com/livec-lang/livec/compiler/check/constant"
	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/compiler/resolve"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
)

// envVars declares the typed settings. They belong to the whole app.
func (c *checker) envVars(m *module, d *ast.Env) {
	for _, f := range d.Vars {
		c.spelled(m, &f.Name, "setting", resolve.Screaming)
		if old := c.env[f.Name.Name]; old != nil {
			c.errorf(m, f.Name.Span, diag.CodeDuplicate, "the setting `%s` is declared twice", f.Name.Name).also(old.Pos, "first declared here")
			continue
		}
		v := &ir.EnvVar{Pos: m.pos(&f.Name), Name: f.Name.Name, Doc: f.Doc, Type: c.typ(m, f.Type, naming{f.Name.Name})}
		switch t := types.Elem(v.Type).(type) {
		case *ir.Enum:
		case *ir.Scalar:
			if t.Kind == ir.JSON || t.Kind == ir.Bytes {
				c.errorf(m, f.Type.Where(), diag.CodeTypeMismatch, "a setting cannot be %s", ir.TypeString(t)).
					help("a setting comes from the environment, so it must be a string, a number, a duration, a time or a bool")
			}
		default:
			if !types.IsBad(t) {
				c.errorf(m, f.Type.Where(), diag.CodeTypeMismatch, "a setting cannot be %s", diag.Article(ir.TypeString(t))).
					help("a setting comes from the environment, so it must be a string, a number, a duration, a time or a bool")
			}
		}
		for _, modifier := range f.Modifiers {
			if modifier.Name == "secret" {
				v.Secret = true
				continue
			}
			c.errorf(m, modifier.Span, diag.CodeClause, "a setting cannot be `%s`", modifier.Name).
				help("remove it; the only modifier of a setting is `secret`")
		}
		c.env[v.Name], c.envIn[v] = v, m
		c.prog.Env = append(c.prog.Env, v)
		c.index.Declare(setting(v))
		if types.IsBad(v.Type) {
			c.envRead[v] = true
		}
		if f.Default != nil {
			x := c.body(m, "default", "").expr(f.Default, v.Type)
			if !constant.Is(x) {
				c.errorf(m, f.Default.Where(), diag.CodeDefault, "a default must be a constant").help("write a literal")
				continue
			}
			v.Default = x
		}
	}
}

func (c *checker) envNames() []string {
	var out []string
	for _, v := range c.prog.Env {
		out = append(out, v.Name)
	}
	return out
}
