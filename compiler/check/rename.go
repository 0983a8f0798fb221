package check

import (
	"fmt"
	"slices"

	"github.com/livec-lang/livec/compiler/check/signature"
	"github.com/livec-lang/livec/compiler/resolve"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
)

// spell reports the name of a variable that is written in another case than camelCase. Once the body is checked and all uses are known,
// rename offers to write it rightly everywhere.
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

// rename offers the right name for the variables of a body whose names are written in another case, unless that one is taken.
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
		edits := []diag.Edit{{File: b.m.src, Span: l.at, Text: right}}
		for _, u := range l.uses {
			text := right
			if u.member {
				text = fmt.Sprintf("%s: %s", l.v.Name, right)
			}
			edits = append(edits, diag.Edit{File: b.m.src, Span: u.at, Text: text})
		}
		l.reported.d().Fix = &diag.Fix{Title: "write `" + right + "`", Edits: edits}
	}
}

// use is a place where a variable is read; as a member of a record that stands for its own name too.
type use struct {
	at     source.Span
	member bool
}
