package emitts

import "github.com/livec-lang/livec/compiler/ir"

// channel writes a channel: a stream without stored state. If clients cannot publish, it is an ordinary stream for them.
func (m *module) channel(c *ir.Channel) entryPoint {
	kind, class, types := "stream", "LiveStream", []doc{m.typ(c.Value, out)}
	if c.Writable {
		kind, class = "channel", "LiveChannel"
		types = append(types, m.typ(c.Declared, in))
	}
	if events := eventsOf(c.Merge, c.Value); events != nil {
		types = append(types, events)
	}
	return m.watched(kind, class, c.Pos, c.Module, c.Name, c.Doc, c.Params, types, m.merge(c.Merge))
}
