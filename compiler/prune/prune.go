// Package prune is the pass that leaves out what an app does not use of the standard library. Its functions, guards and pipes are checked with the app's own types, such as the type of ctx.user; one
// that reads `ctx.user.team` must not keep an app from using another one of the same module.
package prune

import (
	"slices"
	"strings"

	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/token"
)

// std starts the names of the modules of the standard library.
const std = "std/"

// Unused takes the functions, guards and pipes of the standard library out of files that neither a `use` nor a declaration that stays names. All else stays, and files of the app are not touched.
func Unused(files []*ast.File) {
	p := &pruner{wanted: map[string]map[string]bool{}}
	for _, f := range files {
		if !isStd(f) {
			p.uses(f)
		}
	}
	for p.changed = true; p.changed; {
		p.changed = false
		for _, f := range files {
			if isStd(f) {
				p.reach(f)
			}
		}
	}
	for _, f := range files {
		if isStd(f) {
			f.Decls = slices.DeleteFunc(f.Decls, func(d ast.Decl) bool { return !p.stays(f, d) || p.useless(d) })
		}
	}
}

func isStd(f *ast.File) bool { return strings.HasPrefix(f.Source.Module, std) }

type pruner struct {
	wanted  map[string]map[string]bool // by module
	changed bool
}

func (p *pruner) want(module, name string) {
	if p.wanted[module] == nil {
		p.wanted[module] = map[string]bool{}
	}
	if !p.wanted[module][name] {
		p.wanted[module][name] = true
		p.changed = true
	}
}

// uses wants what a file brings in.
func (p *pruner) uses(f *ast.File) {
	for _, d := range f.Decls {
		if u, ok := d.(*ast.Use); ok {
			for _, n := range u.Names {
				p.want(u.Module.Name, n.Name)
			}
		}
	}
}

// reach wants what the declarations of a module of the standard library name that stay.
func (p *pruner) reach(f *ast.File) {
	own := map[string]bool{}
	imported := map[string]string{}
	for _, d := range f.Decls {
		if n := d.Named(); n != nil {
			own[n.Name] = true
		}
		if u, ok := d.(*ast.Use); ok {
			for _, n := range u.Names {
				imported[n.Name] = u.Module.Name
			}
		}
	}
	for _, d := range f.Decls {
		if _, isUse := d.(*ast.Use); isUse || !p.stays(f, d) {
			continue
		}
		for _, name := range names(f, d) {
			if own[name] {
				p.want(f.Source.Module, name)
			}
			if module := imported[name]; module != "" {
				p.want(module, name)
			}
		}
	}
}

// stays tells whether a declaration is part of the app.
func (p *pruner) stays(f *ast.File, d ast.Decl) bool {
	switch d.(type) {
	case *ast.Fn, *ast.Guard, *ast.Pipe:
		n := d.Named()
		return n == nil || p.wanted[f.Source.Module][n.Name]
	}
	return true
}

// useless takes the names out of a `use` that nothing names any more, and tells whether none is left.
func (p *pruner) useless(d ast.Decl) bool {
	u, ok := d.(*ast.Use)
	if !ok {
		return false
	}
	u.Names = slices.DeleteFunc(u.Names, func(n ast.Ident) bool { return !p.wanted[u.Module.Name][n.Name] })
	return len(u.Names) == 0
}

// names are all words in a declaration. Some are no names of declarations, which keeps too much and never too little.
func names(f *ast.File, d ast.Decl) []string {
	s := d.Where()
	text := f.Source.Text[s.Start:s.End]
	var out []string
	for _, t := range token.Scan(text).Tokens {
		if t.Kind == token.Ident {
			out = append(out, text[t.Span.Start:t.Span.End])
		}
	}
	if n := d.Named(); n != nil {
		out = slices.DeleteFunc(out, func(s string) bool { return s == n.Name })
	}
	return out
}
