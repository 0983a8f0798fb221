package contract

import (
	"github.com/livec-lang/livec/compiler/analyze"
	"github.com/livec-lang/livec/compiler/ir"
)

// room describes a room with its parts. Its actions are described as separate rpcs.
func room(s *schemas, r *ir.Room, does *analyze.Footprint) object {
	o := common(s, r, does)
	if r.Data != nil {
		data := part(s, r.Data.Value)
		if pageable(r.Data) {
			data.set("paged", true)
		}
		o.set("data", data)
	}
	if p := r.Presence; p != nil {
		presence := part(s, &ir.List{Elem: p.Member})
		if p.Writable {
			presence.set("event", s.of(p.Declared, in))
		}
		o.set("presence", presence)
	}
	if c := r.Cursors; c != nil {
		o.set("cursors", part(s, &ir.List{Elem: c.Cursor}).with("event", s.of(c.Declared, in)))
	}
	return o
}

// part describes the value of one part of a room.
func part(s *schemas, t ir.Type) object {
	return object{{"type", ir.ShownString(t)}, {"result", s.of(t, out)}}
}
