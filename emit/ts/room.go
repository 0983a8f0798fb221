package emitts

import "github.com/livec-lang/livec/compiler/ir"

// room writes a room as one object: its data, presence and cursors as functions of the room's arguments, and its actions.
func (m *module) room(r *ir.Room) entryPoint {
	var parts []entryPoint
	if r.Data != nil {
		data := *r.Data
		if data.Params == nil {
			data.Params = r.Params
		}
		if len(data.Doc) == 0 {
			data.Doc = []string{"The data of the room."}
		}
		data.Module, data.Name = r.Module, r.Name+".data"
		parts = append(parts, m.stream(&data))
	}
	if p := r.Presence; p != nil {
		kind, class, types := "stream", "LiveStream", []doc{m.typ(&ir.List{Elem: p.Member}, out)}
		if p.Writable {
			kind, class = "presence", "Presence"
			types = append(types, m.typ(p.Declared, in))
		} else {
			types = append(types, literals([]string{"join", "leave"}))
		}
		parts = append(
			parts,
			m.part(
				r,
				".presence",
				"The members of the room, one for each user.",
				kind,
				class,
				types,
				&ir.Merge{Kind: ir.MergePresence, Item: p.Member},
			),
		)
	}
	if c := r.Cursors; c != nil {
		types := []doc{m.typ(&ir.List{Elem: c.Cursor}, out), m.typ(c.Declared, in)}
		parts = append(
			parts,
			m.part(
				r,
				".cursors",
				"The cursors of everybody in the room.",
				"cursor",
				"Cursors",
				types,
				&ir.Merge{Kind: ir.MergeCursor, Item: c.Cursor},
			),
		)
	}
	for _, a := range r.Actions {
		parts = append(parts, m.rpc(a))
	}
	var typ, inits []doc
	for _, p := range parts {
		t, init := member(p)
		typ = append(typ, newline, t)
		inits = append(inits, newline, init, text(","))
	}
	return entryPoint{
		pos: r.Pos, name: r.Name, doc: comment(r.Doc, paramDocs(r.Params)...),
		typ:  concat(text("{"), nest(typ...), newline, text("}")),
		init: concat(text("{"), nest(inits...), newline, text("}")),
	}
}

// part writes the presence or the cursors of a room.
func (m *module) part(r *ir.Room, name, about, kind, class string, types []doc, merge *ir.Merge) entryPoint {
	if len(r.Params) > 0 || kind == "stream" {
		return m.watched(kind, class, r.Pos, r.Module, r.Name+name, []string{about}, r.Params, types, m.merge(merge))
	}
	// The client runtime makes these only as functions of arguments, so a room without parameters calls the function.
	e := m.watched(kind+"s", class, r.Pos, r.Module, r.Name+name, []string{about}, nil, types, m.merge(merge))
	e.init = concat(
		text("/* @__PURE__ */ ("),
		call(
			render(concat(text("$."+kind+"s"), enclosed("<", soft, append([]doc{text("[]")}, types...), ">"))),
			text(quote(r.Module+"/"+r.Name+name)),
			m.merge(merge),
		),
		text(")()"),
	)
	return e
}
