package emitgo

import (
	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/ir"
)

// room writes a room with its parts. Its actions are rpcs.
func (g *gen) room(x *ir.Room) {
	f := g.files.of(x.Module, "rooms")
	e := g.arguments(f, x, x.Module, x.Name, x.Params)
	does := g.facts.Footprint(x)
	topic := g.topic(f, x, e)
	open := g.openTopic(f, e, &x.Access, nil, func(b *body) *jen.Statement { return b.topicCall(topic, e) }, x.Doc)
	cycle := g.lifecycle(f, e, &x.Access, x.OnSubscribe, x.OnUnsubscribe, does)
	data := g.roomData(f, x, e)
	presence := g.roomPresence(f, x, e)
	g.adds(x.Module, "AddRoom", live("Room").Types(jen.Id(e.args)), func(add func(string, jen.Code)) {
		add("Name", jen.Lit(e.wire()))
		add("Mode", readMode(does.Mode))
		g.addRates(x.Rates, add)
		add("Decode", jen.Id(e.decode))
		add("Open", jen.Id(open))
		if data != nil {
			add("Data", data)
		}
		if presence != nil {
			add("Presence", presence)
		}
		if c := x.Cursors; c != nil {
			add("Cursors", jen.Op("&").Add(literal(live("Cursors"), true, func(add func(string, jen.Code)) {
				add("Event", g.eventOf(f, e, c.Declared))
				if c.Throttle > 0 {
					add("Throttle", durationLit(c.Throttle).any())
				}
			})))
		}
		if cycle != nil {
			add("Lifecycle", cycle)
		}
	})
	for _, a := range x.Actions {
		g.rpc(a)
	}
}

// roomData writes the data of a room. A live query is part of the room's registration; a derived stream has a registration of its own.
func (g *gen) roomData(f *source, x *ir.Room, e *entryPoint) *jen.Statement {
	d := x.Data
	if d == nil {
		return nil
	}
	// The data has the parameters of the room.
	own := *e
	own.params = d.Params
	if len(own.params) == 0 {
		own.params = e.params
	}
	switch d.Form {
	case ir.LiveStream:
		name := g.names.take("open" + exported(g.funcName[d]))
		g.openQuery(f, name, "returns the parameters of the data of room "+e.wire()+".", d.Doc, d.Query, &own, g.dataAccess(x, d), nil)
		return jen.Op("&").Add(literal(live("RoomData").Types(jen.Id(e.args)), true, func(add func(string, jen.Code)) {
			add("Query", jen.Id(g.queryName(d.Query)))
			add("Open", jen.Id(name))
		}))
	case ir.DerivedStream:
		of := own
		of.base, of.name = g.funcName[d], x.Name+".data"
		added := g.addedType(f, d, &of)
		open := g.openDerived(f, &of, d, &x.Access, added)
		g.addDerived(f, d, &of, &x.Access, open, e.wire(), added)
	default:
		fail(d.Pos, "the data of the room %s is neither live nor derived", x.Name)
	}
	return nil
}

// dataAccess returns the guards of a room whose additions to ctx its data reads. The access of the room has been checked before.
func (g *gen) dataAccess(x *ir.Room, d *ir.Stream) *ir.Access {
	u := g.newUses()
	u.query(d.Query)
	read := map[*ir.Guard]bool{}
	for i := len(x.Access.Guards) - 1; i >= 0; i-- {
		guard := x.Access.Guards[i].Guard
		if u.added[guard] || read[guard] {
			read[guard] = true
			for _, base := range g.bases(guard) {
				read[base] = true
			}
		}
	}
	out := &ir.Access{}
	for _, use := range x.Access.Guards {
		if read[use.Guard] {
			out.Guards = append(out.Guards, use)
		}
	}
	return out
}

// roomPresence writes the function that returns the caller's presence.
func (g *gen) roomPresence(f *source, x *ir.Room, e *entryPoint) *jen.Statement {
	p := x.Presence
	if p == nil {
		return nil
	}
	block := &ir.Block{Stmts: []ir.Stmt{&ir.Return{Pos: p.Pos, X: p.Value}}}
	name := g.valueFuncOf(f, "presence"+exported(e.base), "returns the presence of the caller in room "+e.wire()+".", p.Declared, block, e,
		&x.Access)
	return jen.Op("&").Add(literal(live("Presence").Types(jen.Id(e.args)), true, func(add func(string, jen.Code)) {
		add("Value", live("Appending").Call(jen.Id(name), g.encodeFunc(p.Declared, false)))
		if p.Writable {
			add("Event", g.eventOf(f, e, p.Declared))
		}
	}))
}
