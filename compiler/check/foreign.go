package check

import (
	"github.com/livec-lang/livec/compiler/check/fix"
	"github.com/livec-lang/livec/compiler/check/foreign"
	"github.com/livec-lang/livec/lang/ast"
)

// foreignName explains how to write a name of another language in Live. It returns false for other names.
func foreignName(f finding, b *body, x *ast.Name) bool {
	w, ok := foreign.Values[x.Name]
	if !ok {
		return false
	}
	f.help("%s", w.Help)
	if w.Write != "" {
		f.fix(b.m, x.Span, "write `"+w.Write+"`", w.Write)
	}
	if w.Stray {
		b.stray, b.broken = true, true
	}
	return true
}

// foreignType explains how to write a type of another language in Live. It returns false for other names.
func foreignType(f finding, m *module, name *ast.Ident) bool {
	w, ok := foreign.Types[name.Name]
	switch {
	case !ok:
		return false
	case w.Write != "":
		f.help("write `%s`", w.Write).fix(m, name.Span, "write `"+w.Write+"`", w.Write)
	default:
		f.help("%s", w.Help)
	}
	return true
}

// lengthField suggests `length(x)` for `x.length`.
func (b *body) lengthField(f finding, x ast.Expr) {
	m, ok := x.(*ast.Member)
	if !ok || m.Safe {
		return
	}
	f.help("call a built-in function as `length(x)`")
	f.d().Fix = fix.CallLength(b.m.src, m)
}
