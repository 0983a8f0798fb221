package emitgo

import (
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/ir"
)

// nameSettings names the fields of the settings: STRIPE_SECRET becomes StripeSecret.
func (g *gen) nameSettings() {
	taken := map[string]bool{}
	for _, v := range g.p.Env {
		g.setting[v.Name] = free(exported(strings.ToLower(v.Name)), taken)
	}
}

// env writes the typed settings and the function that reads them.
func (g *gen) env() {
	if len(g.p.Env) == 0 {
		return
	}
	f := g.files.of("", "env")
	f.gap()
	f.comment("settings are the typed settings of the app, which checkEnv reads before the server listens.")
	f.body = append(f.body, jen.Type().Id("settings").StructFunc(func(s *jen.Group) {
		for _, v := range g.p.Env {
			for _, l := range v.Doc {
				s.Add(commentLine(l))
			}
			s.Id(g.setting[v.Name]).Add(g.goType(v.Type))
		}
	}), jen.Line(), jen.Var().Id("env").Id("settings"))
	f.gap()
	f.comment("checkEnv reads the settings, and reports every one that is missing or wrong.")
	f.body = append(
		f.body,
		jen.Func().
			Id("checkEnv").
			Params(jen.Id("lookup").Func().Params(jen.String()).Params(jen.String(), jen.Bool())).
			Error().
			BlockFunc(func(b *jen.Group) {
				b.Id("e").Op(":=").Add(live("ReadEnv").Call(jen.Id("lookup")))
				for _, v := range g.p.Env {
					elem, maybe := optional(v.Type)
					args := []jen.Code{jen.Id("e"), jen.Lit(v.Name)}
					fn := "Setting"
					switch {
					case v.Default != nil:
						fn = "SettingOr"
						x, ok := g.constant(v.Default)
						if !ok {
							fail(v.Pos, "the default of the setting %s is not a constant", v.Name)
						}
						args = append(args, x)
						if maybe {
							fn = "SettingMaybeOr"
						}
					case maybe:
						fn = "SettingMaybe"
					}
					b.Id("env").Dot(g.setting[v.Name]).Op("=").Add(live(fn).Call(append(args, g.settingReader(elem))...))
					if g.facts.JWTKeys[v] && kindOf(elem) == ir.String {
						b.Add(live("JWTKey")).Call(jen.Id("e"), jen.Lit(v.Name), g.settingText(v))
					}
					if slices.ContainsFunc(g.p.Settings.Origins, func(o ir.Origin) bool { return o.Env == v }) {
						b.Add(live("CheckOrigins")).Call(jen.Id("e"), jen.Lit(v.Name), g.settingText(v))
					}
				}
				b.Return(jen.Id("e").Dot("Err").Call())
			}),
	)
}

// settingText returns a setting of texts as a *string, which is nil if the setting is optional and not set.
func (g *gen) settingText(v *ir.EnvVar) *jen.Statement {
	text := jen.Id("env").Dot(g.setting[v.Name])
	if _, maybe := optional(v.Type); maybe {
		return text
	}
	return jen.Op("&").Add(text)
}

// settingReader returns a function of type func(text string) (T, error).
func (g *gen) settingReader(t ir.Type) *jen.Statement {
	if e, ok := t.(*ir.Enum); ok {
		g.named(e)
		return jen.Func().Params(jen.Id("text").String()).Params(g.goType(t), jen.Error()).Block(
			jen.Return(live("ToEnum").CallFunc(func(b *jen.Group) {
				b.Id("text")
				for _, name := range g.values[e] {
					b.Id(name)
				}
			})))
	}
	read := value("Read" + readers[kindOf(t)])
	tests := g.refinement(t, jen.Id("v"))
	if len(tests) == 0 {
		return read
	}
	return jen.Func().Params(jen.Id("text").String()).Params(g.goType(t), jen.Error()).BlockFunc(func(b *jen.Group) {
		b.List(jen.Id("v"), jen.Id("err")).Op(":=").Add(read.Call(jen.Id("text")))
		for _, c := range tests {
			b.If(jen.Id("err").Op("==").Nil().Op("&&").Add(c.bad)).Block(jen.Id("err").Op("=").Qual("errors", "New").Call(jen.Lit(c.message)))
		}
		b.Return(jen.Id("v"), jen.Id("err"))
	})
}

// envVars describes the settings, for messages and the console.
func (g *gen) envVars() *jen.Statement {
	return jen.Index().Add(live("EnvVar")).CustomFunc(multi(true), func(b *jen.Group) {
		for _, v := range g.p.Env {
			_, maybe := optional(v.Type)
			b.Add(literal(jen.Null(), false, func(add func(string, jen.Code)) {
				add("Name", jen.Lit(v.Name))
				add("Type", jen.Lit(ir.TypeString(v.Type)))
				if v.Default == nil && !maybe {
					add("Required", jen.True())
				}
				if text := sourceText(v.Default); text != "" {
					add("Default", jen.Lit(text))
				}
				if len(v.Doc) > 0 {
					add("Doc", jen.Lit(strings.Join(v.Doc, "\n")))
				}
			}))
		}
	})
}

// sourceText returns an expression as it is written in the source.
func sourceText(x ir.Expr) string {
	if x == nil {
		return ""
	}
	p := x.Where()
	if p.File == nil || p.Span.Start < 0 || p.Span.End > int32(len(p.File.Text)) || p.Span.Start >= p.Span.End {
		return ""
	}
	return p.File.Text[p.Span.Start:p.Span.End]
}
