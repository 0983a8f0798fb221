package check

import (
	"slices"

	"github.com/livec-lang/livec/compiler/check/fix"
	"github.com/livec-lang/livec/compiler/check/signature"
	"github.com/livec-lang/livec/compiler/resolve"
	"github.com/livec-lang/livec/lang/ast"
)

// spell reports a variable whose name is not in camelCase. When the body is checked and all uses are known, rename offers to
// correct the name at all of them.
func (b *body) spell(name *ast.Ident) (finding, bool) {
	d, wrong := resolve.Spelling(b.m.src, name, "variable", resolve.Camel)
	if !wrong {
		return finding{}, false
	}
	f := b.errorf(name.Span, d.Code, "%s", d.Message)
	for _, h := range d.Help {
		f.help("%s", h)
	}
	return f, true
}

// rename offers the correct name for the variables of a body whose names are not in camelCase, unless that name is taken.
func (c *checker) rename(b *body) {
	for _, l := range b.lets {
		if !l.misspelt {
			continue
		}
		right := resolve.Camel.Of(l.v.Name)
		taken := slices.ContainsFunc(b.lets, func(o *local) bool { return o.v.Name == right })
		if taken || b.m.Module.Lookup(right) != nil || signature.Of[right] != nil {
			continue
		}
		places := append([]fix.Name{{At: l.at}}, l.uses...)
		l.reported.d().Fix = fix.Rename(b.m.src, l.v.Name, right, places)
	}
}
