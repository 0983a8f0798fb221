package catalog

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/internal/validate"
	"github.com/livec-lang/livec/runtime/metrics"
	"github.com/livec-lang/livec/runtime/ratelimit"
	"github.com/livec-lang/livec/runtime/store"
)

// Admission checks calls before they run: rates by address, and arguments.
type Admission struct {
	Runner    *invoke.Runner
	Validator *validate.Validator
	Metrics   *metrics.Metrics
}

// Call counts a call for the rates by address, and reads its arguments into a frame: by the decoder, or after validation by the schema.
func (a *Admission) Call(ctx context.Context, e *RPC, from *identity.Caller, args []byte, frame any) (err error) {
	defer store.Recover(&err)
	if err := a.CountIP(ctx, e.Path, e.RateByIP, from); err != nil {
		return err
	}
	if len(args) == 0 {
		args = []byte("[]")
	}
	if e.Decode(args, frame) {
		return nil
	}
	a.Metrics.Slow.Inc()
	return a.Validator.Arguments(e.Path, args, func(args []byte) error { return e.Parse(args, frame) })
}

// Arguments reads the arguments of a subscription: by the decoder, or after validation by the schema.
func (a *Admission) Arguments(e *Stream, args []byte) (decoded any, err error) {
	defer store.Recover(&err)
	if len(args) == 0 {
		args = []byte("[]")
	}
	if decoded, ok := e.Decode(args); ok {
		return decoded, nil
	}
	a.Metrics.Slow.Inc()
	err = a.Validator.Arguments(e.Schema, args, func(args []byte) (err error) {
		decoded, err = e.Parse(args)
		return err
	})
	return decoded, err
}

// Event reads what a client publishes, and returns it as others get it, without the key of the client.
func (a *Admission) Event(p *Publisher, value []byte) (data []byte, err error) {
	defer store.Recover(&err)
	if data, ok := p.Decode(value); ok {
		return data, nil
	}
	a.Metrics.Slow.Inc()
	err = a.Validator.Event(p.Schema, value, func(value []byte) (err error) {
		data, err = p.Parse(value)
		return err
	})
	return data, err
}

// CountIP counts an event of an address for the rates of an entry point. It fails with RATE_LIMITED if one of them is exhausted.
func (a *Admission) CountIP(ctx context.Context, entryPoint string, rates []ratelimit.Rate, from *identity.Caller) error {
	for i, r := range rates {
		key := entryPoint + "\x00ip" + strconv.Itoa(i) + "\x00" + from.Network()
		if err := a.Runner.Count(ctx, key, r); err != nil {
			return err
		}
	}
	return nil
}

// WithPayload inserts the raw bytes of a binary call as the argument of type bytes.
func (a *Admission) WithPayload(e *RPC, args, payload []byte) ([]byte, error) {
	var list []json.RawMessage
	if err := json.Unmarshal(args, &list); err != nil {
		return nil, &fault.Error{Code: fault.CodeMalformed, Message: "The arguments are not a JSON array"}
	}
	for i, p := range a.Validator.Params(e.Path) {
		if i < len(list) && string(list[i]) == "null" && strings.HasPrefix(p.Type, "bytes") {
			text := make([]byte, 0, base64.StdEncoding.EncodedLen(len(payload))+2)
			text = append(text, '"')
			text = base64.StdEncoding.AppendEncode(text, payload)
			list[i] = append(text, '"')
			return json.Marshal(list)
		}
	}
	return nil, &fault.Error{Code: fault.CodeMalformed, Message: e.Path + ` does not take bytes in the place of null`}
}
