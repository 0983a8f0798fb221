package runtime

import "github.com/livec-lang/livec/runtime/internal/conn"

// engine keeps live queries; package livequery is the one that servers run.
type engine interface {
	conn.Engine
	Close()
}
