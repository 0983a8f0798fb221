package emitgo

import (
	"path"

	"github.com/dave/jennifer/jen"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/limits"
)

// registration is the code that registers one module.
type registration struct {
	module string
	name   string
	calls  []jen.Code
}

// maxCalls is the number of registrations in a function after which another one is begun.
const maxCalls = 20

// registers adds a statement to the registration of a module.
func (g *gen) registers(module string, call jen.Code) {
	if n := len(g.registrations); n > 0 {
		last := g.registrations[n-1]
		if last.module == module && len(last.calls) < maxCalls {
			last.calls = append(last.calls, call)
			return
		}
	}
	r := &registration{module: module, name: g.names.take("register" + exported(module)), calls: []jen.Code{call}}
	g.registrations = append(g.registrations, r)
}

// adds adds an entry point to the registration of a module. by is the function of package live, which takes a literal of type typ.
func (g *gen) adds(module, by string, typ *jen.Statement, fields func(add func(string, jen.Code))) {
	g.registers(module, live(by).Call(jen.Id("r"), literal(typ, true, fields)))
}

// register writes the registry of the app.
func (g *gen) register() {
	f := g.files.add("register.go", packageName)
	f.doc = []string{
		"Package " + packageName + " is the server of the app " + g.p.Name + ". Pass NewRegistry to the package live to serve it.",
	}
	f.anon = []string{"embed"}
	f.gap()
	f.comment("contract describes the app from outside, with the JSON Schemas that validate arguments.")
	f.body = append(f.body, jen.Comment("//"), jen.Comment("//go:embed contract.json"), jen.Var().Id("contract").Index().Byte())
	f.gap()
	f.comment("NewRegistry registers everything that the app declares.")
	f.body = append(f.body, jen.Func().Id("NewRegistry").Params().Op("*").Add(live("Registry")).BlockFunc(func(b *jen.Group) {
		b.Id("r").Op(":=").Add(live("NewRegistry").Call(literal(live("App"), true, func(add func(string, jen.Code)) { g.appFields(add) })))
		for _, r := range g.registrations {
			b.Id(r.name).Call(jen.Id("r"))
		}
		b.Return(jen.Id("r"))
	}))
	for _, r := range g.registrations {
		out := g.files.of(r.module, "register")
		out.gap()
		out.comment(r.name + " registers entry points of module " + r.module + ".")
		out.body = append(out.body, jen.Func().Id(r.name).Params(jen.Id("r").Op("*").Add(live("Registry"))).Block(r.calls...))
	}
}

// limitValues is the limits that the app sets, in the order of their list.
func limitValues(set limits.Values) jen.Code {
	return jen.Qual(limitsPath, "Values").ValuesFunc(func(b *jen.Group) {
		for _, l := range limits.All() {
			if v, ok := set[l.ID]; ok {
				b.Add(jen.Qual(limitsPath, l.Go()).Op(":").Lit(int(v)))
			}
		}
	})
}

// originFields adds the origins that the app lists, and a function for those in settings: they are read when the server starts.
func (g *gen) originFields(origins []ir.Origin, add func(string, jen.Code)) {
	var listed []string
	vars := jen.Dict{}
	for _, o := range origins {
		if o.Env == nil {
			listed = append(listed, o.Text)
			continue
		}
		vars[jen.Lit(o.Env.Name)] = g.settingText(o.Env)
	}
	if len(listed) > 0 {
		add("Origins", texts(listed))
	}
	if len(vars) > 0 {
		typ := jen.Map(jen.String()).Op("*").String()
		add("EnvOrigins", jen.Func().Params().Add(typ).Block(jen.Return(jen.Add(typ).Values(vars))))
	}
}

func (g *gen) appFields(add func(string, jen.Code)) {
	add("Name", jen.Lit(g.p.Name))
	add("Hash", jen.Lit(g.app.Contract.Hash))
	add("Contract", jen.Id("contract"))
	if len(g.p.Env) > 0 {
		add("Env", g.envVars())
	}
	if s := g.p.Settings; len(s.Origins) > 0 || len(s.Limits) > 0 {
		add("Settings", literal(live("Settings"), false, func(add func(string, jen.Code)) {
			g.originFields(s.Origins, add)
			if len(s.Limits) > 0 {
				add("Limits", limitValues(s.Limits))
			}
		}))
	}
	var tables []jen.Code
	for _, m := range g.p.Modules {
		for _, t := range m.Tables {
			tables = append(tables, jen.Id(g.tableVar[t]))
		}
	}
	if len(tables) > 0 {
		add("Tables", jen.Index().Op("*").Add(rel("Table")).CustomFunc(multi(len(tables) > 5), func(b *jen.Group) {
			for _, t := range tables {
				b.Add(t)
			}
		}))
	}
	if len(g.allQueries) > 0 {
		add("Queries", jen.Index().Op("*").Add(rel("Query")).CustomFunc(multi(len(g.allQueries) > 3), func(b *jen.Group) {
			for _, q := range g.allQueries {
				b.Add(q)
			}
		}))
	}
	if g.p.Session != nil {
		add("Sessions", jen.True())
	}
	if g.p.Upgrade != nil {
		add("Upgrade", jen.Id("identify"))
		add("UserKey", jen.Id("userKey"))
	}
	if len(g.p.Env) > 0 {
		add("CheckEnv", jen.Id("checkEnv"))
	}
}

// mainProgram writes the main package of the server.
func (g *gen) mainProgram() {
	f := g.files.add("main.go", "server")
	f.doc = []string{"Command server serves the app " + g.p.Name + "."}
	f.body = append(f.body, jen.Func().Id("main").Params().Block(
		jen.Qual("os", "Exit").Call(live("Main").Call(jen.Qual(path.Join(g.importPath, packageName), "NewRegistry").Call()))))
}
