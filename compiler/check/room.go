package check

import (
	"slices"

	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/compiler/resolve"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
)

// room checks a room. Its access protects all of its members, and the parameters of its actions begin with its own.
func (c *checker) room(m *module, d *ast.Room) {
	r := &ir.Room{Pos: m.namePos(d), Module: m.Name, Name: d.Name.Name, Doc: d.Doc, Params: c.params(m, d.Params, d.Name.Name)}
	b := c.body(m, "room", m.Name+"/"+d.Name.Name)
	b.declareParams(r.Params, d.Params)
	b.once(d.Clauses, "room", "public", "guard", "access", "gate", "rate", "on subscribe", "on unsubscribe")
	b.input(r.Params, d.Params)
	r.Access = b.access(d, d.Clauses)
	r.Rates = b.rates(d.Clauses)
	seen := map[string]bool{}
	for _, p := range d.Parts {
		if seen[p.Name.Name] && p.Name.Name != "" {
			b.errorf(p.Name.Span, diag.CodeDuplicateField, "`%s` appears twice", p.Name.Name)
			continue
		}
		seen[p.Name.Name] = true
		switch p.Name.Name {
		case "data":
			b.roomData(r, p)
		case "presence":
			b.roomPresence(r, p)
		case "cursors":
			b.roomCursors(r, p)
		case "":
		default:
			b.errorf(p.Name.Span, diag.CodeRoomPart, "a room has no part `%s`", p.Name.Name).
				suggest(m, p.Name.Span, p.Name.Name, ast.RoomParts).
				help("the parts of a room are `data = pipeline`, `presence = record`, `cursors: type` and rpcs")
		}
	}
	r.OnSubscribe, r.OnUnsubscribe = b.lifecycle(d.Clauses)
	for _, a := range d.Actions {
		if seen[a.Name.Name] && a.Name.Name != "" {
			b.errorf(a.Name.Span, diag.CodeDuplicate, "`%s` appears twice in the room", a.Name.Name)
		}
		seen[a.Name.Name] = true
		c.action(m, r, d, a)
	}
	m.ir.Rooms = append(m.ir.Rooms, r)
}

// roomData checks `data = pipeline`.
func (b *body) roomData(r *ir.Room, p *ast.RoomPart) {
	s := &ir.Stream{Pos: b.pos(p), Module: b.m.Name, Name: r.Name + ".data", Doc: p.Doc, Form: ir.LiveStream, Params: r.Params,
		Access: r.Access, Value: types.Bad}
	r.Data = s
	b.once(p.Clauses, "data of a room")
	if p.Value == nil {
		b.errorf(p.Span, diag.CodeRoomPart, "`data` needs a pipeline").help("write `data = Table | filter …`")
		return
	}
	name := b.name
	b.name = b.m.Name + "/" + s.Name
	x := b.infer(p.Value, nil)
	b.name = name
	if types.IsBad(x.Type()) {
		return
	}
	q, ok := x.(*ir.QueryExpr)
	if !ok {
		b.errorf(p.Value.Where(), diag.CodeStreamForm, "the data of a room must be a pipeline over a table")
		return
	}
	q.Query.Live = true
	s.Query, s.Value = q.Query, x.Type()
	b.wholeTable(q.Query, p.Value)
}

// roomPresence checks `presence = record`.
func (b *body) roomPresence(r *ir.Room, p *ast.RoomPart) {
	b.once(p.Clauses, "presence of a room", "writable")
	var want ir.Type
	if p.Type != nil {
		want = b.c.typ(b.m, p.Type, naming{r.Name + "PresenceData"})
	}
	if p.Value == nil {
		b.errorf(p.Span, diag.CodePresence, "`presence` needs a record, which the others in the room see").
			help("write `presence = { name: ctx.user.name }`")
		return
	}
	before := b.resultOf
	b.resultOf = "PresenceData"
	shown, meant := b.withoutReveal(p.Value)
	x := b.expr(shown, want)
	b.resultOf = before
	t, ok := x.Type().(*ir.Record)
	if types.IsBad(x.Type()) {
		return
	}
	if !ok {
		b.errorf(p.Value.Where(), diag.CodePresence, "a presence must be a record, but this is `%s`", ir.TypeString(x.Type())).
			help("write `presence = { name: ctx.user.name }`")
		return
	}
	if k := types.FieldOf(t, "key"); k != nil {
		b.errorf(p.Value.Where(), diag.CodePresence, "the server sets the field `key`").help("remove the field `key`")
		return
	}
	member, writable := b.c.keyed(b.m, t, r.Name+"Presence"), clause[*ast.WritableClause](p.Clauses) != nil
	r.Presence = &ir.Presence{Pos: b.pos(p), Declared: t, Member: member, Value: x, Revealed: meant, Writable: writable}
	if writable {
		b.c.sendable(b.m, p.Value, t, false)
	}
}

// roomCursors checks `cursors: type`.
func (b *body) roomCursors(r *ir.Room, p *ast.RoomPart) {
	b.once(p.Clauses, "cursors of a room", "throttle")
	if p.Type == nil {
		b.errorf(p.Span, diag.CodeRoomPart, "`cursors` needs a type").help("write `cursors: { x: float, y: float }`")
		return
	}
	t := b.c.typ(b.m, p.Type, naming{r.Name + "CursorData"})
	rec, ok := t.(*ir.Record)
	if types.IsBad(t) {
		return
	}
	if !ok || types.FieldOf(rec, "key") != nil {
		b.errorf(p.Type.Where(), diag.CodeRoomPart, "a cursor must be a record without a field `key`, because the server sets the key").
			help("write `cursors: { x: float, y: float }`")
		return
	}
	b.c.sendable(b.m, p.Type, t, false)
	r.Cursors = &ir.Cursors{Pos: b.pos(p), Declared: rec, Cursor: b.c.keyed(b.m, rec, r.Name+"Cursor")}
	if x := valueOf(p.Clauses, "throttle"); x != nil {
		r.Cursors.Throttle = b.duration(x.X, "`throttle`")
	}
}

// action checks an rpc of a room.
func (c *checker) action(m *module, r *ir.Room, room *ast.Room, d *ast.RPC) {
	a := &ir.RPC{Pos: m.namePos(d), Module: m.Name, Name: r.Name + "." + d.Name.Name, Doc: d.Doc}
	c.spelled(m, &d.Name, "rpc", resolve.Camel)
	own := c.params(m, d.Params, r.Name+d.Name.Name)
	a.Result = types.Void
	if d.Result != nil {
		a.Result = c.typ(m, d.Result, naming{d.Name.Name + "Result"})
	}
	c.requiredAfterOptional(m, r.Params, own)
	a.Params = append(slices.Clone(r.Params), own...)
	b := c.body(m, "rpc", m.Name+"/"+a.Name)
	all := append(slices.Clone(room.Params), d.Params...)
	b.declareParams(a.Params, all)
	for _, l := range b.lets[:min(len(b.lets), len(r.Params))] { // the parameters of the room identify it
		l.param = false
	}
	b.input(r.Params, room.Params)
	access := slices.Concat(accessOf(room.Clauses), d.Clauses)
	c.rpcBody(b, a, d, access)
	r.Actions = append(r.Actions, a)
}

// requiredAfterOptional reports a required parameter of an action that follows an optional one of the room.
func (c *checker) requiredAfterOptional(m *module, room, own []*ir.Var) {
	may := func(v *ir.Var) bool { return v.Default != nil || types.Nullable(v.Type) }
	i := slices.IndexFunc(room, may)
	if i < 0 {
		return
	}
	for _, v := range own {
		if !may(v) && !types.IsBad(v.Type) {
			c.errorf(m, v.Pos.Span, diag.CodeParameterOrder, "required parameter `%s` follows optional `%s` of the room", v.Name, room[i].Name).
				also(room[i].Pos, "the other variable").
				help("the parameters of the room come before those of its rpcs: make the room's parameter required, or this one optional")
			return
		}
	}
}

// accessOf returns the clauses of a room that also protect its actions.
func accessOf(clauses []ast.Clause) []ast.Clause {
	var out []ast.Clause
	for _, cl := range clauses {
		switch cl.Word() {
		case "public", "guard", "access":
			out = append(out, cl)
		}
	}
	return out
}
