// Package prune is the pass that leaves out what an app does not use of the standard library.
//
// Functions, guards and pipes of the standard library are checked with the app's own types, such as the type of ctx.user. One that reads
// `ctx.user.team` must not stop an app without teams from using another one of the same module.
package prune

import (
	"slices"

	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/token"
	"github.com/livec-lang/livec/stdlib"
)

// Unused returns the files without the functions, guards and pipes of the standard library that no `use` and no kept declaration names. It
// does not change the trees: a file that loses something is a copy that shares its declarations.
func Unused(files []*ast.File) []*ast.File {
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
	out := make([]*ast.File, len(files))
	for i, f := range files {
		out[i] = f
		if isStd(f) {
			out[i] = p.kept(f)
		}
	}
	return out
}

func isStd(f *ast.File) bool { return stdlib.Owns(f.Source.Module) }

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

// uses wants what a file imports.
func (p *pruner) uses(f *ast.File) {
	for _, d := range f.Decls {
		if u, ok := d.(*ast.Use); ok {
			for _, n := range u.Names {
				p.want(u.Module.Name, n.Name)
			}
		}
	}
}

// reach wants what the kept declarations of a module of the standard library name.
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

// kept is a file of the standard library without what is not wanted of it.
func (p *pruner) kept(f *ast.File) *ast.File {
	out := *f
	out.Decls = nil
	for _, d := range f.Decls {
		if u, ok := d.(*ast.Use); ok {
			if d = p.keptUse(u); d == nil {
				continue
			}
		}
		if p.stays(f, d) {
			out.Decls = append(out.Decls, d)
		}
	}
	return &out
}

// stays reports whether a declaration is kept.
func (p *pruner) stays(f *ast.File, d ast.Decl) bool {
	switch d.(type) {
	case *ast.Fn, *ast.Guard, *ast.Pipe:
		n := d.Named()
		return n == nil || p.wanted[f.Source.Module][n.Name]
	}
	return true
}

// keptUse is a `use` without the names that nothing wants any more; nil if none is left.
func (p *pruner) keptUse(u *ast.Use) ast.Decl {
	out := *u
	out.Names = nil
	for _, n := range u.Names {
		if p.wanted[u.Module.Name][n.Name] {
			out.Names = append(out.Names, n)
		}
	}
	if len(out.Names) == 0 {
		return nil
	}
	return &out
}

// names are all words in a declaration. Some do not name a declaration, so this may keep too much, but never too little.
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
