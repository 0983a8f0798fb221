package check

import (
	"maps"
	"slices"

	"github.com/livec-lang/livec/compiler/check/constant"
	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/index"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
)

// clientT is the type of a connected client in a scenario.
var clientT = &ir.Record{Name: "client", Anonymous: true}

// test checks a scenario.
func (c *checker) test(m *module, d *ast.Test) {
	name := "test"
	if d.Title != nil {
		name = constant.Text(d.Title)
	}
	m.pending(d, "test", name)
	b := c.body(m, "test", m.Name+"/test")
	b.test, b.write, b.noUser, b.result = true, true, true, types.Void
	b.block(d.Body)
}

// connect checks `connect(User { … })`, which makes a client with this user.
func (b *body) connect(x *ast.Call) ir.Expr {
	switch {
	case len(x.Args) > 1:
		b.errorf(x.Span, diag.CodeArguments, "`connect` takes one user, or nothing for an anonymous client")
	case len(x.Args) == 1 && b.c.prog.User != nil:
		b.expr(x.Args[0], b.c.prog.User)
	case len(x.Args) == 1:
		b.infer(x.Args[0], nil)
	}
	return b.some(x, clientT)
}

// testCall checks `alice.send(…)`: a call of an rpc, or a subscription whose value the scenario can read.
func (b *body) testCall(x *ast.Call, m *ast.Member) ir.Expr {
	of := b.infer(m.X, nil)
	if types.IsBad(of.Type()) {
		return b.inferArgs(x)
	}
	if of.Type() != ir.Type(clientT) {
		return b.notCallable(x)
	}
	s := b.m.refer(m.Name.Name, m.Name.Span)
	if s == nil {
		b.errorf(m.Name.Span, diag.CodeUnknownName, "there is no entry point `%s`", m.Name.Name).
			suggest(b.m, m.Name.Span, m.Name.Name, b.m.declared("rpc", "stream", "channel", "aggregate"))
		return b.inferArgs(x)
	}
	home := b.c.home(s)
	switch d := s.Decl.(type) {
	case *ast.RPC:
		r := b.c.rpcHead(home, d)
		b.args(x, x.Args, unrefined(r.Params), "`"+s.Name+"`")
		return b.some(x, r.Result)
	case *ast.Stream:
		b.c.stream(home, d)
		st := b.c.streams[d]
		b.args(x, x.Args, unrefined(st.Params), "`"+s.Name+"`")
		return b.some(x, st.Value)
	case *ast.Channel:
		ch := b.c.channels[d]
		b.args(x, x.Args, unrefined(ch.Params), "`"+s.Name+"`")
		return b.some(x, ch.Value)
	case *ast.Aggregate:
		b.c.aggregate(home, d)
		b.inferArgs(x)
		return b.some(x, b.c.aggregates[d])
	case nil, *ast.BadDecl:
	default:
		b.errorf(m.Name.Span, diag.CodeNotCallable, "`%s` is %s, but a client can only call rpcs and subscribe to streams and channels", s.Name,
			diag.Article(d.Keyword()))
	}
	return b.inferArgs(x)
}

// some returns a placeholder value of a type.
func (b *body) some(x ast.Node, t ir.Type) ir.Expr {
	return &ir.Local{At: b.at(x, t), Var: &ir.Var{Pos: b.pos(x), Name: "value", Type: t}}
}

// expected is an error code that a scenario expects.
type expected struct {
	in   *module
	code *ast.Ident
}

// systemCodes are the codes of errors that the system sends to clients, in addition to those of the app.
var systemCodes = []string{"VALIDATION", "UNAUTHORIZED", "FORBIDDEN", "NOT_FOUND", "CONFLICT", "RATE_LIMITED", "TIMEOUT",
	"PAYLOAD_TOO_LARGE", "MALFORMED", "RESULT_TOO_LARGE", "UNAVAILABLE", "OVERLOADED", "USE_HTTP", "INTERNAL",
	"DISCONNECTED", "QUEUE_FULL", "STALE"}

// expectedCodes reports an expected code that nothing can produce.
func (c *checker) expectedCodes() {
	codes := append(slices.Sorted(maps.Keys(c.codes)), systemCodes...)
	for _, e := range c.expected {
		if !slices.Contains(codes, e.code.Name) {
			c.errorf(e.in, e.code.Span, diag.CodeErrorCode, "nothing in the app fails with `%s`", e.code.Name).
				suggest(e.in, e.code.Span, e.code.Name, codes)
		}
	}
}

// unrefined returns parameters without their refinements: a scenario may send values that fail validation at run time.
func unrefined(params []*ir.Var) []*ir.Var {
	out := make([]*ir.Var, len(params))
	for i, p := range params {
		v := *p
		v.Type = types.Widen(p.Type)
		out[i] = &v
	}
	return out
}

// expect checks `expect expr within 1s` and `expect expr fails CODE`.
func (b *body) expect(s *ast.Expect) {
	if !b.test {
		b.errorf(s.Span, diag.CodeStatement, "`expect` only works in tests").help("write `require … else CODE`")
	}
	if s.Fails != nil {
		b.infer(s.X, nil)
		if s.Fails.Name != "" && !errorCode.MatchString(s.Fails.Name) {
			b.errorf(s.Fails.Span, diag.CodeErrorCode, "an error code must be in SCREAMING_CASE").help("use a code such as `VALIDATION`")
		} else if s.Fails.Name != "" {
			b.c.expected = append(b.c.expected, expected{b.m, s.Fails})
			b.m.useOwn(s.Fails.Span, index.ErrorCode, s.Fails.Name, nil)
		}
		return
	}
	b.expr(s.X, types.Bool)
	if s.Within != nil {
		b.duration(s.Within, "`within`")
	}
}
