package check

import (
	"strings"

	"github.com/livec-lang/livec/compiler/check/constant"
	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
)

// webhook checks an HTTP entry point. In its code, body is the bytes of the request.
func (c *checker) webhook(m *module, d *ast.Webhook) {
	p := m.pending(&d.Name, "webhook", d.Name.Name)
	b := c.systemBody(m, d)
	b.webhook = true
	b.once(d.Clauses, "webhook", "verify", "timeout")
	switch d.Method.Name {
	case "get", "post", "put", "patch", "delete", "":
	default:
		methods := []string{"get", "post", "put", "patch", "delete"}
		b.errorf(d.Method.Span, diag.CodeWebhookPath, "there is no method `%s`", d.Method.Name).
			suggest(m, d.Method.Span, d.Method.Name, methods).help("the methods are %s", diag.Or(methods))
	}
	if d.Path != nil {
		c.webhookPath(b, d)
	}
	b.scope.names["body"] = &local{v: &ir.Var{Pos: m.pos(d), Name: "body", Type: types.Bytes}, used: true}
	if v := valueOf(d.Clauses, "verify"); v != nil {
		write := b.write
		b.write = false
		p.Verify = append(p.Verify, b.accessCondition(v.X))
		b.write = write
	} else {
		b.errorf(d.Name.Span, diag.CodeUncovered, "webhook `%s` does not verify its sender", d.Name.Name).
			help("write `verify …`, such as `verify sameText(header(\"x-key\") ?? \"\", env.KEY)`")
	}
	p.Body = b.block(d.Body)
	c.unusedLocals(b)
}

func (c *checker) webhookPath(b *body, d *ast.Webhook) {
	path := constant.Text(d.Path)
	if !strings.HasPrefix(path, "/") || strings.ContainsAny(path, " ?#{}") || strings.HasPrefix(path, "/_live") {
		b.errorf(d.Path.Span, diag.CodeWebhookPath, "%q cannot be the path of a webhook", path).
			help("a path starts with `/`, has no query, and is not under /_live")
		return
	}
	key := d.Method.Name + " " + path
	if old, ok := c.hooks[key]; ok {
		b.errorf(d.Path.Span, diag.CodeWebhookPath, "another webhook has the same path").also(old, "here").help("give one of them another path")
		return
	}
	c.hooks[key] = b.pos(d.Path)
}
