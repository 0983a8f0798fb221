// Package resolve is the pass that puts modules together: it gives each module its scope, which has the names that it declares and those
// that it uses of other modules. The checker looks names inside types and bodies up in these scopes.
package resolve

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
	"github.com/livec-lang/livec/stdlib"
)

// App is an app whose modules know each other.
type App struct {
	Modules []*Module // in order of their names
	Uses    []Use     // of symbols, in `use` declarations
	Meant   []*Symbol // that names which are not declared most likely stand for: they are not unused
	byName  map[string]*Module
}

// Use is a place where a symbol is named.
type Use struct {
	File   *source.File
	Span   source.Span
	Symbol *Symbol
}

// Module is one file with its scope.
type Module struct {
	Name   string
	File   *ast.File
	own    map[string]*Symbol
	names  map[string]*Symbol     // own and used
	places map[string]source.Span // where a name is brought in
	order  []string               // of names
}

// Symbol is one declared name.
type Symbol struct {
	Name   string
	Module *Module
	Decl   ast.Decl // nil where it is not known
}

// Modules resolves the modules of an app. std names the modules of the standard library, for advice.
func Modules(files []*ast.File, std []string) (*App, diag.List) {
	r := &resolver{app: &App{byName: map[string]*Module{}}, std: std}
	for _, f := range files {
		m := &Module{Name: f.Source.Module, File: f, own: map[string]*Symbol{}, names: map[string]*Symbol{}, places: map[string]source.Span{}}
		r.app.Modules = append(r.app.Modules, m)
		r.app.byName[m.Name] = m
	}
	slices.SortFunc(r.app.Modules, func(a, b *Module) int { return strings.Compare(a.Name, b.Name) })
	r.files()
	for _, m := range r.app.Modules {
		r.declare(m)
	}
	for _, m := range r.app.Modules {
		r.uses(m)
		m.order = slices.Sorted(maps.Keys(m.names))
	}
	return r.app, r.list
}

// Lookup finds a name in the scope of a module.
func (m *Module) Lookup(name string) *Symbol { return m.names[name] }

// Names are all names in the scope of a module, in order: for "did you mean". Callers must not change them.
func (m *Module) Names() []string { return m.order }

// Brings reports whether a name of a `use` is the one that puts it into the scope, and no mistake.
func (m *Module) Brings(n *ast.Ident) bool { return m.places[n.Name] == n.Span }

// IsStd reports whether the module is one of the standard library.
func (m *Module) IsStd() bool { return stdlib.Owns(m.Name) }

type resolver struct {
	app  *App
	std  []string
	list diag.List
}

func (r *resolver) report(d diag.Diagnostic) { r.list = append(r.list, d) }

// files reports modules and folders whose names differ only in case. Each module becomes files of its name, and many file
// systems cannot tell such names apart.
func (r *resolver) files() {
	known := map[string]*Module{}
	meets := func(m *Module, what, name string) bool {
		key := what + strings.ToLower(name)
		old := known[key]
		if old == nil {
			known[key] = m
			return false
		}
		if strings.HasPrefix(old.Name+"/", name+"/") {
			return false
		}
		r.report(diag.Diagnostic{
			Code: diag.CodeSameName, Severity: diag.Error,
			Message: fmt.Sprintf("the %ss `%s` and `%s` differ only in case, and many file systems cannot tell them apart",
				what, old.Name[:len(name)], name),
			Primary:   label(m, source.Span{}, ""),
			Secondary: []diag.Label{label(old, source.Span{}, "the other module")},
			Help:      []string{"rename one of the two"},
		})
		return true
	}
	for _, m := range r.app.Modules {
		found := meets(m, "module", m.Name)
		for i, c := range m.Name {
			if c == '/' && !found {
				found = meets(m, "folder", m.Name[:i])
			}
		}
	}
}

// declare gives a module the names it declares.
func (r *resolver) declare(m *Module) {
	for _, d := range m.File.Decls {
		name := scoped(d)
		if name == nil {
			continue
		}
		r.spelling(m, d, name)
		old := m.own[name.Name]
		_, bad := d.(*ast.BadDecl)
		if bad && old != nil { // a diagnostic says so already
			continue
		}
		if old != nil && !old.broken() {
			r.report(diag.Diagnostic{
				Code: diag.CodeDuplicate, Severity: diag.Error,
				Message:   fmt.Sprintf("`%s` is declared twice", name.Name),
				Primary:   label(m, name.Span, "and again here"),
				Secondary: []diag.Label{label(m, old.Decl.Named().Span, "first declared here")},
				Help:      []string{"give one of them another name"},
			})
			continue
		}
		s := &Symbol{Name: name.Name, Module: m, Decl: d}
		m.own[name.Name], m.names[name.Name] = s, s
	}
}

// Known reports whether it is known what a symbol stands for: its declaration could be read, and its module exists.
func (s *Symbol) Known() bool { return s != nil && s.Decl != nil && !s.broken() }

// broken reports whether a symbol stands for what could not be read.
func (s *Symbol) broken() bool {
	_, bad := s.Decl.(*ast.BadDecl)
	return bad
}

// unscoped are the keywords of declarations that add no name to their module.
var unscoped = []string{"app", "env", "migrate", "test", "upgrade", "use"}

// scoped is the name that a declaration puts into the scope of its module; nil if there is none.
func scoped(d ast.Decl) *ast.Ident {
	if slices.Contains(unscoped, d.Keyword()) {
		return nil
	}
	return d.Named()
}

func label(m *Module, span source.Span, text string) diag.Label {
	return diag.Label{File: m.File.Source, Span: span, Text: text}
}
