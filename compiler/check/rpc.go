package check

import (
	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
)

// rpcHead makes an rpc with its parameters and its result. Scenarios need them too.
func (c *checker) rpcHead(m *module, d *ast.RPC) *ir.RPC {
	if r := c.rpcs[d]; r != nil {
		return r
	}
	r := &ir.RPC{Pos: m.namePos(d), Module: m.Name, Name: d.Name.Name, Doc: d.Doc, Params: c.params(m, d.Params, d.Name.Name),
		Result: types.Void}
	if d.Result != nil {
		r.Result = c.typ(m, d.Result, naming{d.Name.Name + "Result"})
	}
	c.rpcs[d] = r
	return r
}

// rpc checks a callable entry point.
func (c *checker) rpc(m *module, d *ast.RPC) {
	r := c.rpcHead(m, d)
	b := c.body(m, "rpc", m.Name+"/"+d.Name.Name)
	b.declareParams(r.Params, d.Params)
	c.rpcBody(b, r, d, d.Clauses)
	m.ir.RPCs = append(m.ir.RPCs, r)
}

// rpcBody checks the clauses and the body of an rpc, or of an action of a room. The access clauses of a room precede those
// of its action.
func (c *checker) rpcBody(b *body, r *ir.RPC, d *ast.RPC, access []ast.Clause) {
	b.once(d.Clauses, "rpc", "public", "guard", "access", "rate", "timeout")
	b.input(r.Params[len(r.Params)-len(d.Params):], d.Params)
	r.Access = b.access(d, access)
	r.Rates = b.rates(d.Clauses)
	if x := valueOf(d.Clauses, "timeout"); x != nil {
		r.Timeout = b.duration(x.X, "a timeout")
	}
	b.result = r.Result
	b.write = true
	r.Body = b.block(d.Body)
	c.unusedLocals(b)
	if b.alive && d.Body != nil && r.Result != ir.Type(types.Void) {
		b.noReturn(d.Body, r.Result)
	}
}
