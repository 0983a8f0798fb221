package emit

import (
	"fmt"
	"strings"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/diag"
)

// Pending reports constructs of a program that are checked but have no emitter yet. Such an app cannot be built.
func Pending(p *ir.Program) diag.List {
	var list diag.List
	for _, m := range p.Modules {
		for _, x := range m.Pending {
			what := strings.TrimSpace(x.Keyword + " " + x.Name)
			list = append(list, diag.Diagnostic{
				Code: diag.CodeNotEmitted, Severity: diag.Error,
				Message: fmt.Sprintf("livec cannot build this yet: %s", what),
				Primary: diag.Label{File: x.Pos.File, Span: x.Pos.Span, Text: "correct, but not supported by this version of livec"},
				Help:    []string{fmt.Sprintf("remove `%s` to build the app without it", what)},
			})
		}
	}
	return list
}
