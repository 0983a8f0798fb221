package catalog

import (
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/invoke"
)

// Call is one call of an rpc, over any transport. It implements most of invoke.Job; the transport adds who the caller is, and how the call
// is answered.
type Call struct {
	Task  invoke.Task
	RPC   *RPC
	Frame any // the arguments, and then the result
}

// Run is part of invoke.Job.
func (c *Call) Run(in *invoke.Invocation, dst []byte) ([]byte, error) {
	return c.RPC.Call(in, c.Frame, dst)
}

// Count counts the call, which has ended with err. It gives the error that the client is shown; nil for none.
func (c *Call) Count(err error) *fault.Error {
	var failure *fault.Error
	code := ""
	if err != nil {
		failure = c.Task.Failure(err)
		code = failure.Code
	}
	if slow := c.RPC.Metrics.Ended(code, c.Task.Started); slow > 0 {
		c.Task.Slow(slow)
	}
	return failure
}
