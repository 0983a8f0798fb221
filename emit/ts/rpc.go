package emitts

import (
	"strconv"
	"strings"

	"github.com/livec-lang/livec/compiler/analyze"
	"github.com/livec-lang/livec/compiler/ir"
)

// timeoutMargin is how much longer a client waits than the timeout of the server, in milliseconds. The error of the
// server says more than a timeout of the client.
const timeoutMargin = 5000

// rpc writes a callable entry point.
func (m *module) rpc(r *ir.RPC) entryPoint {
	does := m.g.facts.Footprint(r)
	sections := paramDocs(r.Params)
	if len(does.Errors) > 0 {
		sections = append(sections, "@throws {RpcError} "+strings.Join(does.Errors, ", "))
	}
	typ := concat(
		text("$.Rpc"),
		enclosed("<", soft, []doc{enclosed("[", soft, m.params(r.Params, in), "]"), m.typ(r.Result, out), literals(does.Errors)}, ">"),
	)
	args := []doc{text(quote(r.Module + "/" + r.Name))}
	if how := m.rpcOptions(r, does); len(how) > 0 {
		args = append(args, enclosed("{", space, how, "}"))
	}
	maker := "$.rpc"
	if does.Session {
		maker = "$.sessionRpc"
	}
	return entryPoint{pos: r.Pos, name: r.Name, typ: typ, doc: comment(r.Doc, sections...), init: call(maker, args...)}
}

// rpcOptions returns what the client runtime needs to know about an rpc.
func (m *module) rpcOptions(r *ir.RPC, does *analyze.Footprint) []doc {
	var how []doc
	add := func(name string, value doc) { how = append(how, concat(text(name+": "), value)) }
	switch {
	case does.Session: // sent over HTTP, with an idempotency key
	case does.Mode == analyze.Write:
		add("write", text("true"))
	case !repeatable(does):
		add("once", text("true"))
	}
	raw := -1
	for i, p := range r.Params {
		switch {
		case !hasBytes(p.Type):
		case raw < 0 && isBytes(p.Type) && !does.Session:
			raw = i
			add("bytes", text(strconv.Itoa(i)))
		default:
			raw = max(raw, len(r.Params))
		}
	}
	if raw == len(r.Params) || raw >= 0 && m.bytesBeside(r.Params, raw) {
		add("encode", text("$.base64"))
	}
	if c := m.codec(r.Result); c != nil {
		add("decode", c)
	}
	if r.Timeout > 0 {
		add("timeout", text(strconv.FormatInt(r.Timeout.Milliseconds()+timeoutMargin, 10)))
	}
	return how
}

// bytesBeside reports whether there are bytes besides the parameter that is sent raw.
func (m *module) bytesBeside(params []*ir.Var, raw int) bool {
	for i, p := range params {
		if i != raw && hasBytes(p.Type) {
			return true
		}
	}
	return false
}

func isBytes(t ir.Type) bool {
	if o, ok := t.(*ir.Optional); ok {
		t = o.Elem
	}
	s, ok := t.(*ir.Scalar)
	return ok && s.Kind == ir.Bytes
}

// repeatable reports whether a call that writes nothing may be repeated: it must not publish, send signals, or call
// extern functions that are not retryable.
func repeatable(does *analyze.Footprint) bool {
	for _, x := range does.Externs {
		if !x.Retryable {
			return false
		}
	}
	return len(does.Publishes)+len(does.Signals) == 0
}
