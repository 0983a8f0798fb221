package emitgo

import (
	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/ir"
)

// upgrade writes the code that determines the user of a connection, and the caller of a call.
func (g *gen) upgrade() {
	u := g.p.Upgrade
	if u == nil {
		return
	}
	f := g.files.of("", "upgrade")
	user := g.goType(g.p.User)
	b := g.newBody(u.Result)
	b.system = true
	b.uses.block(u.Body)
	b.whole(u.Body)
	f.function(
		docOf("upgrade identifies the user of a connection; nil is an anonymous caller.", u.Doc),
		jen.Func().
			Id("upgrade").
			Params(jen.Id("c").Op("*").Add(live("Call"))).
			Params(jen.Op("*").Add(user), jen.Error()).
			Block(b.finish()...),
		b.mapped,
	)
	f.gap()
	f.comment("identify calls upgrade for the runtime.")
	f.body = append(f.body, jen.Func().Id("identify").Params(jen.Id("c").Op("*").Add(live("Call"))).Params(jen.Any(), jen.Error()).Block(
		jen.List(jen.Id("user"), jen.Id("err")).Op(":=").Id("upgrade").Call(jen.Id("c")),
		jen.If(jen.Id("err").Op("!=").Nil().Op("||").Id("user").Op("==").Nil()).Block(jen.Return(jen.Nil(), jen.Id("err"))),
		jen.Return(jen.Id("user"), jen.Nil()),
	))
	f.gap()
	f.comment("userKey returns the key of a user, for rates, presence and signals.")
	f.body = append(f.body, jen.Func().Id("userKey").Params(jen.Id("user").Any()).String().Block(
		jen.Id("u").Op(":=").Id("user").Assert(jen.Op("*").Add(user)),
		jen.Return(g.userKey()),
	))
	if g.needs["currentUser"] {
		f.gap()
		f.comment("currentUser is the user who calls; nil is an anonymous caller.")
		f.body = append(f.body, jen.Func().Id("currentUser").Params(jen.Id("c").Op("*").Add(live("Call"))).Op("*").Add(user).Block(
			jen.List(jen.Id("user"), jen.Id("_")).Op(":=").Id("c").Dot("User").Call().Assert(jen.Op("*").Add(user)),
			jen.Return(jen.Id("user")),
		))
	}
}

// userKey returns the string that identifies user u: the key of its table, or its field id or key.
func (g *gen) userKey() *jen.Statement {
	r := g.p.User
	var key []*ir.Field
	if r.Table != nil {
		key = r.Table.Key
	}
	for _, name := range []string{"id", "key"} {
		for _, f := range r.Fields {
			if len(key) == 0 && f.Name == name {
				key = []*ir.Field{f}
			}
		}
	}
	if len(key) == 0 {
		fail(r.Pos, "%s has no field that identifies a user", r.Name)
	}
	if len(key) == 1 {
		return g.keyText(key[0].Type, jen.Id("u").Dot(g.field(key[0])))
	}
	var parts []jen.Code
	for _, f := range key {
		parts = append(parts, g.keyText(f.Type, jen.Id("u").Dot(g.field(f))))
	}
	return value("JoinKey").Call(parts...)
}
