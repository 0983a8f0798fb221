package ir

import "time"

// Channel is a stream without stored state: its items live in memory.
type Channel struct {
	Pos           Pos
	Module        string
	Name          string
	Doc           []string
	Params        []*Var
	Access        Access
	Rates         []Rate
	Merge         *Merge // Item is the declared type; with the field `key` added in front for presence and cursor
	Declared      Type   // the type as written, which a client publishes
	Value         Type   // what the client holds
	Writable      bool
	Writers       Access        // guards that writers pass too
	Expire        time.Duration // 0: items stay until they are removed or their owner is gone
	OnSubscribe   *Block
	OnUnsubscribe *Block
}
