package check

import (
	"slices"

	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
)

// runes are the words of Svelte 5 that follow a dollar sign (https://svelte.dev/docs/svelte/what-are-runes). In a component, `$derived`
// means a store if something named `derived` is imported, and the rune no longer works.
var runes = []string{"bindable", "derived", "effect", "host", "inspect", "props", "state"}

// runeNames warns about what clients import under the name of a rune.
func (c *checker) runeNames() {
	c.each(func(m *module, d ast.Decl) {
		switch d.(type) {
		case *ast.RPC, *ast.Stream, *ast.Channel, *ast.Room, *ast.Signal:
		default:
			return
		}
		n := d.Named()
		if n == nil || m.IsStd() || !slices.Contains(runes, n.Name) {
			return
		}
		c.warnf(m, n.Span, diag.CodeRune, "a Svelte component that imports `%s` cannot use its rune `$%s`", n.Name, n.Name).
			help("rename the %s, or import it by another name: `import { %s as %s } from '$live/%s'`",
				d.Keyword(), n.Name, otherName(n.Name, d.Keyword()), m.Name)
	})
}

// otherName is a name for an import: derivedStream, stateRpc.
func otherName(name, keyword string) string {
	return name + string(keyword[0]-'a'+'A') + keyword[1:]
}
