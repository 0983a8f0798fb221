package emit

import (
	"fmt"
	"strings"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/diag"
)

// Pending reports constructs of a program that are checked but have no emitter yet. Such an app cannot be built: that is an error for who
// builds it, and a warning for who checks it.
func Pending(p *ir.Program, severity diag.Severity) diag.List {
	var list diag.List
	for _, m := range p.Modules {
		for _, x := range m.Pending {
			what := strings.TrimSpace(x.Keyword + " " + x.Name)
			list = append(list, diag.Diagnostic{
				Code: diag.CodeNotEmitted, Severity: severity,
				Message: fmt.Sprintf("livec cannot build this yet: %s", what),
				Primary: diag.Label{File: x.Pos.File, Span: x.Pos.Span, Text: "correct, but not supported by this version of livec"},
				Help:    []string{fmt.Sprintf("remove `%s` to build the app without it", what)},
			})
		}
	}
	return list
}
