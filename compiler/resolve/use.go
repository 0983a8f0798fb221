package resolve

import (
	"fmt"
	"slices"
	"strings"

	"github.com/livec-lang/livec/internal/spelling"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/stdlib"
)

// uses adds the names that a module uses of others to its scope.
func (r *resolver) uses(m *Module) {
	for _, d := range m.File.Decls {
		u, ok := d.(*ast.Use)
		if !ok || u.Module.Name == "" {
			continue
		}
		from := r.app.byName[u.Module.Name]
		if from == nil {
			r.unknownModule(m, u)
			for _, n := range u.Names { // known to be used from somewhere, so that each use of it is not one more error
				if m.names[n.Name] == nil {
					m.names[n.Name] = &Symbol{Name: n.Name, Module: m}
				}
			}
			continue
		}
		if from == m {
			r.report(diag.Diagnostic{
				Code: diag.CodeUnknownModule, Severity: diag.Error, Message: "a module cannot use itself",
				Primary: label(m, u.Module.Span, ""), Help: []string{"remove the line: all names of this file are already in scope"},
			})
			continue
		}
		for _, n := range u.Names {
			r.take(m, from, n)
		}
	}
}

func (r *resolver) take(m, from *Module, n ast.Ident) {
	if n.Name == "" {
		return
	}
	s := from.own[n.Name]
	if s == nil {
		d := diag.Diagnostic{
			Code: diag.CodeNotDeclared, Severity: diag.Error,
			Message: fmt.Sprintf("the module `%s` does not declare `%s`", from.Name, n.Name),
			Primary: label(m, n.Span, ""),
		}
		names := from.ownNames()
		if from.IsStd() { // what nobody uses of it has been left out
			names = stdlib.Names(from.Name)
		}
		if best, ok := spelling.Suggest(n.Name, names); ok {
			d.Help = []string{fmt.Sprintf("did you mean `%s`?", best)}
			d.Fix = &diag.Fix{Title: "write `" + best + "`", Edits: []diag.Edit{{File: m.File.Source, Span: n.Span, Text: best}}}
			if meant := from.own[best]; meant != nil {
				r.app.Meant = append(r.app.Meant, meant)
			}
		}
		r.report(d)
		if m.names[n.Name] == nil {
			m.names[n.Name] = &Symbol{Name: n.Name, Module: m}
		}
		return
	}
	if old := m.names[n.Name]; old != nil {
		at := m.places[n.Name]
		if old.Decl != nil && old.Module == m {
			at = old.Decl.Named().Span
		}
		r.report(diag.Diagnostic{
			Code: diag.CodeDuplicate, Severity: diag.Error,
			Message:   fmt.Sprintf("`%s` is already in scope", n.Name),
			Primary:   label(m, n.Span, "imported from `"+from.Name+"`"),
			Secondary: []diag.Label{label(m, at, "first here")},
			Help:      []string{"remove one of the two"},
		})
		return
	}
	m.names[n.Name], m.places[n.Name] = s, n.Span
	r.app.Uses = append(r.app.Uses, Use{m.File.Source, n.Span, s})
}

func (r *resolver) unknownModule(m *Module, u *ast.Use) {
	var names []string
	for n := range r.app.byName {
		names = append(names, n)
	}
	names = append(names, r.std...)
	slices.Sort(names)
	d := diag.Diagnostic{
		Code: diag.CodeUnknownModule, Severity: diag.Error,
		Message: fmt.Sprintf("there is no module `%s`", u.Module.Name),
		Primary: label(m, u.Module.Span, ""),
		Help:    []string{fmt.Sprintf("a module is a file: create %s.live in the app's folder", u.Module.Name)},
	}
	if stdlib.Owns(u.Module.Name) {
		d.Help = []string{"the modules of the standard library are " + strings.Join(r.std, ", ")}
	}
	if best, ok := spelling.Suggest(u.Module.Name, slices.Compact(names)); ok {
		d.Help = append([]string{fmt.Sprintf("did you mean `%s`?", best)}, d.Help...)
		d.Fix = &diag.Fix{Title: "write `" + best + "`", Edits: []diag.Edit{{File: m.File.Source, Span: u.Module.Span, Text: best}}}
		if from := r.app.byName[best]; from != nil {
			for _, n := range u.Names { // they were meant
				if s := from.own[n.Name]; s != nil {
					r.app.Meant = append(r.app.Meant, s)
				}
			}
		}
	}
	r.report(d)
}

func (m *Module) ownNames() []string {
	var out []string
	for n := range m.own {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}
