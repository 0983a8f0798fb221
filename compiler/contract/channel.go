package contract

import "github.com/livec-lang/livec/compiler/ir"

// channel is the entry of a channel. `entry` is the schema of what clients publish, without the key that the server stamps.
func channel(s *schemas, c *ir.Channel) *entry {
	e := &entry{kind: "channel", name: c.Module + "/" + c.Name, doc: c.Doc, params: c.Params, result: c.Value, access: c.Access.Text, effects: &c.Effects, merge: merge(c.Merge)}
	if c.Writable {
		e.more.set("entry", s.of(c.Declared, in))
	}
	return e
}
