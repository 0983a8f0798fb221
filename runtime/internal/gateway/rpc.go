package gateway

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/internal/catalog"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/store"
)

// serveRPC serves POST /_live/rpc/<module>/<name>.
func (g *Gateway) serveRPC(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	name := strings.TrimPrefix(r.URL.Path, g.cfg.Base+RPCPath)
	e := g.cfg.Catalog.RPCs[name]
	switch {
	case !g.admit(w, r, rpcEndpoint, name, e != nil):
		return
	case !isJSON(r):
		writeFailure(w, http.StatusUnsupportedMediaType, &fault.Error{
			Code: fault.CodeMalformed, Message: "Send the arguments as application/json",
		})
		return
	}
	x := g.begin(w, r)
	if x == nil {
		WriteError(w, fault.Unavailable)
		return
	}
	defer x.end()
	c, failure := g.call(x, r, e, started)
	if failure != nil {
		WriteError(x, failure)
		return
	}
	if change := c.Task.Session(); change.Changed {
		http.SetCookie(x, g.cfg.Sessions.Cookie(c.Task.From, change))
	}
	value := c.Task.Reply
	if reached, ok := c.Task.Reached(); ok {
		value = strconv.AppendInt(append(value, `,"reached":`...), int64(reached), 10)
	}
	writeValue(x, value)
}

// call is a call by an HTTP request.
type call struct {
	catalog.Call
	gateway *Gateway
	counted bool // for its user
	failure *fault.Error
	done    chan struct{}
}

var _ invoke.Job = (*call)(nil)

// Identify is part of invoke.Job.
func (c *call) Identify(ctx context.Context, tx store.Tx) (*identity.Identity, error) {
	who, err := c.identify(ctx, tx)
	if err != nil || who == nil || c.counted {
		return who, err
	}
	c.counted = true // it may run again
	if failure := c.gateway.cfg.Traffic.RequestOf(who.Key, len(c.Task.Args)); failure != nil {
		return nil, failure
	}
	return who, nil
}

func (c *call) identify(ctx context.Context, tx store.Tx) (*identity.Identity, error) {
	if tx == nil {
		return c.gateway.cfg.Runner.IdentifyNow(ctx, c.Task.From, false)
	}
	return c.gateway.cfg.Runner.Identify(ctx, c.Task.From, tx)
}

// Ended is part of invoke.Job.
func (c *call) Ended(_ uint64, err error) {
	c.failure = c.Count(err)
	close(c.done)
}

// call runs a call of a request, and returns when it has ended.
func (g *Gateway) call(x *exchange, r *http.Request, e *catalog.RPC, started time.Time) (*call, *fault.Error) {
	c, err := g.newCall(x, r, e)
	if err != nil {
		failure := g.report(r, e.Path, err)
		g.slow(r, e.Path, e.Metrics.Done(failure.Code, time.Since(started)))
		return nil, failure
	}
	c.Task.Started = started
	g.cfg.Runner.Start(r.Context(), &c.Task)
	<-c.done
	return c, c.failure
}

// newCall checks a call and prepares it to run.
func (g *Gateway) newCall(x *exchange, r *http.Request, e *catalog.RPC) (*call, error) {
	if err := x.room(); err != nil {
		return nil, err
	}
	from := g.Caller(r)
	body, err := g.body(x, e)
	if err != nil {
		return nil, err
	}
	g.cfg.Traffic.Body(g.network(r), len(body))
	args, named, err := g.cfg.Validator.FromText("The body", e.Path, body)
	if err != nil {
		return nil, err
	}
	c := &call{Call: catalog.Call{RPC: e, Frame: e.NewFrame()}, gateway: g, done: make(chan struct{})}
	c.Task.Job, c.Task.Spec, c.Task.From, c.Task.Args = c, &e.Spec, from, args
	c.Task.Turn = c.Task.From.Turn // who the user is, is asked in the transaction
	if c.Task.Seed, err = seed(r); err != nil {
		return nil, err
	}
	if err := g.cfg.Admission.Call(r.Context(), e, c.Task.From, args, c.Frame); err != nil {
		if named {
			err = g.cfg.Validator.ByName(e.Path, err)
		}
		return nil, err
	}
	return c, nil
}

// seed reads the key of a call; the zero value if it has none.
func seed(r *http.Request) (s invoke.Seed, err error) {
	keys := r.Header.Values("Idempotency-Key")
	for _, k := range keys {
		switch {
		case k == "":
			return s, &fault.Error{Code: fault.CodeValidation, Message: "The Idempotency-Key is empty; send a UUID of version 7, or no such header"}
		case k != keys[0]:
			return s, &fault.Error{Code: fault.CodeValidation, Message: "There are several Idempotency-Keys, which differ; send one"}
		}
	}
	if len(keys) == 0 {
		return s, nil
	}
	s, ok := invoke.ParseSeed(keys[0])
	if !ok {
		return s, &fault.Error{Code: fault.CodeMalformed, Message: "An Idempotency-Key must be a UUID of version 7"}
	}
	return s, nil
}

// room reports why the memory does not suffice for the answer; nil if it does.
func (x *exchange) room() error {
	if reached, ok := x.gateway.cfg.Govern.Account(limits.MaxQueueMemory).Room(x.caller, 0); !ok {
		return fault.NoRoom(reached)
	}
	return nil
}

// body reads the arguments of a call.
func (g *Gateway) body(x *exchange, e *catalog.RPC) ([]byte, error) {
	limit := e.TextLimit(g.cfg.Govern.Int(limits.MaxPayload))
	body, err := x.receive(limit)
	if err == nil {
		return body, nil
	}
	x.Header().Set("Connection", "close") // what is left of the body is not read
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, fault.TooLarge(limit)
	case errors.Is(err, errMemory):
		return nil, fault.NoMemory(limits.MaxQueueMemory, "This address", "bodies")
	case errors.Is(err, errShare):
		return nil, fault.NoMemory(limits.MaxQueueMemoryPerCaller, "This address", "bodies")
	case errors.Is(err, errSlow), errors.Is(err, os.ErrDeadlineExceeded): // or the server is stopping
		return nil, &fault.Error{Code: fault.CodeTimeout, Message: "The body took too long"}
	}
	return nil, &fault.Error{Code: fault.CodeMalformed, Message: "The body could not be read"}
}

func isJSON(r *http.Request) bool {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && media == "application/json"
}
