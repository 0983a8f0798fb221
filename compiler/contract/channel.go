package contract

import (
	"github.com/livec-lang/livec/compiler/analyze"
	"github.com/livec-lang/livec/compiler/ir"
)

// channel describes a channel. `event` is the schema of what clients publish, without the key that the server adds.
func channel(s *schemas, c *ir.Channel, does *analyze.Footprint) object {
	o := common(s, c, does)
	o.setText("merge", merge(c.Merge))
	if c.Writable {
		o.set("event", s.of(c.Declared, in))
	}
	return o
}
