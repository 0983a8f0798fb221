package runtime

import (
	"context"
	"math"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/internal/conn"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/store"
)

// idle is the engine of a server without live queries.
type idle struct{}

func (idle) Open(context.Context, *relation.Query, []relation.Value) (conn.Window, error) {
	return nil, fault.Unavailable
}
func (idle) Watch([]store.Dependency, func()) func()     { return func() {} }
func (idle) Notified() uint64                            { return math.MaxUint64 }
func (idle) Changed(store.Dependency, uint64) bool       { return false }
func (idle) AwaitNotified(context.Context, uint64) error { return nil }
func (idle) Settle()                                     {}
func (idle) Close()                                      {}
