package contract

import "github.com/livec-lang/livec/compiler/ir"

// room gives the entry of a room, with its parts inside, and those of its actions, which are rpcs of their own.
func room(s *schemas, r *ir.Room) []*entry {
	e := &entry{kind: "room", name: r.Module + "/" + r.Name, doc: r.Doc, params: r.Params, access: r.Access.Text, effects: &r.Effects}
	if r.Data != nil {
		data := part(s, r.Data.Value)
		if pageable(r.Data) {
			data.set("paged", true)
		}
		e.more.set("data", data)
	}
	if p := r.Presence; p != nil {
		presence := part(s, &ir.List{Elem: p.Entry})
		if p.Writable {
			presence.set("entry", s.of(p.Declared, in))
		}
		e.more.set("presence", presence)
	}
	if c := r.Cursors; c != nil {
		e.more.set("cursors", part(s, &ir.List{Elem: c.Entry}).with("entry", s.of(c.Declared, in)))
	}
	all := []*entry{e}
	for _, a := range r.Actions {
		all = append(all, rpc(a))
	}
	return all
}

// part is what clients hold of one part of a room.
func part(s *schemas, t ir.Type) object {
	return object{{"type", ir.ShownString(t)}, {"result", s.of(t, out)}}
}
