package analyze

import (
	"strings"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/relation"
)

// minSecret is the minimum length of a shared secret in bytes: that of HS256 (RFC 7518 §3.2).
const minSecret = 32

// jwtKeys finds the settings that hold a key of verifyJwt, so that the server can validate them when it starts. It reports
// literals that are too short for a key. A key from elsewhere is validated when a token is verified.
func jwtKeys(p *ir.Program, r *report) map[*ir.EnvVar]bool {
	t := &keyTracer{report: r, from: map[*ir.Var][]ir.Expr{}, seen: map[any]bool{}, settings: map[*ir.EnvVar]bool{}}
	p.Roots(func(n ir.Node) { ir.Walk(n, t.node) })
	p.Accesses(func(a *ir.Access) {
		for _, g := range a.Guards {
			t.assign(g.Guard.Params, g.Args)
		}
	})
	t.all(t.keys)
	return t.settings
}

// keyTracer follows values back to their sources.
type keyTracer struct {
	report   *report
	keys     []ir.Expr             // the key arguments of verifyJwt
	from     map[*ir.Var][]ir.Expr // the values that a variable may hold
	seen     map[any]bool          // variables, functions, settings and literals that have been followed
	settings map[*ir.EnvVar]bool   // settings that are keys
}

// node collects the calls of verifyJwt, and the values that variables may hold.
func (t *keyTracer) node(n ir.Node) bool {
	switch x := n.(type) {
	case *ir.Builtin:
		if x.Name == "verifyJwt" {
			t.keys = append(t.keys, x.Args[1])
		}
	case *ir.Let:
		t.from[x.Var] = append(t.from[x.Var], x.Init)
	case *ir.CallFn:
		t.assign(x.Fn.Params, x.Args)
	}
	return true
}

func (t *keyTracer) assign(params []*ir.Var, args []ir.Expr) {
	for i, a := range args {
		if i < len(params) {
			t.from[params[i]] = append(t.from[params[i]], a)
		}
	}
}

// trace follows a key back to its sources. It leaves unknown sources to the server.
func (t *keyTracer) trace(x ir.Expr) {
	switch x := x.(type) {
	case *ir.EnvRef:
		if t.once(x.Env) {
			t.settings[x.Env] = true
			t.trace(x.Env.Default)
		}
	case *ir.Lit:
		if s, ok := x.Value.(string); ok && len(s) < minSecret && !strings.Contains(s, "-----BEGIN") && t.once(x) {
			t.report.errorf(x.Pos, diag.CodeShortKey, "this key has %d bytes, but `verifyJwt` needs a key of at least %d", len(s), minSecret).
				help("read it from a setting, `env { JWT_KEY: string secret }`, and set that to the output of: openssl rand -hex 32")
		}
	case *ir.Local:
		if t.once(x.Var) {
			t.all(t.from[x.Var])
			t.trace(x.Var.Default)
		}
	case *ir.Cond:
		t.trace(x.Then)
		t.trace(x.Else)
	case *ir.MatchExpr:
		for _, a := range x.Arms {
			t.trace(a.X)
		}
	case *ir.Binary:
		if x.Op == relation.Coal {
			t.trace(x.L)
			t.trace(x.R)
		}
	case *ir.Wrap:
		t.trace(x.X)
	case *ir.Unwrap:
		t.trace(x.X)
	case *ir.Check:
		t.trace(x.X)
	case *ir.CallFn:
		if t.once(x.Fn) {
			ir.Walk(x.Fn.Body, func(n ir.Node) bool {
				if r, ok := n.(*ir.Return); ok {
					t.trace(r.X)
				}
				return true
			})
		}
	}
}

func (t *keyTracer) all(xs []ir.Expr) {
	for _, x := range xs {
		t.trace(x)
	}
}

func (t *keyTracer) once(x any) bool {
	if t.seen[x] {
		return false
	}
	t.seen[x] = true
	return true
}
