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
	Merge         *Merge // Item is the declared type; presence and cursor add the field `key` in front
	Declared      Type   // the type as written: what a client publishes
	Value         Type   // what the client holds
	Writable      bool
	Writers       Access        // guards that writers must pass too
	Expire        time.Duration // 0: items stay until they are removed or their owner leaves
	OnSubscribe   *Block
	OnUnsubscribe *Block
}
