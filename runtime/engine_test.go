package runtime

import (
	"context"

	"github.com/livec-lang/livec/relation"
)

// idle is the engine of a server without streams.
type idle struct{}

func (idle) Open(context.Context, *relation.Query, []relation.Value) (window, error) {
	return nil, errUnavailable
}
func (idle) Watch([]dependency, func()) func() { return func() {} }
func (idle) Close()                            {}
