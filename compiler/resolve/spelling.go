package resolve

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
)

// Case is how the names of one kind of thing are written.
type Case uint8

// The cases.
const (
	Pascal    Case = iota + 1 // types and tables
	Camel                     // all else
	Screaming                 // error codes and settings
)

// String is the case written in itself.
func (c Case) String() string { return [...]string{"", "PascalCase", "camelCase", "SCREAMING_CASE"}[c] }

// Is reports whether a name is written in the case.
func (c Case) Is(name string) bool {
	if name == "" {
		return true
	}
	switch first := rune(name[0]); c {
	case Pascal:
		return unicode.IsUpper(first) && !strings.Contains(name, "_")
	case Camel:
		return unicode.IsLower(first) && !strings.Contains(name, "_")
	}
	return name == strings.ToUpper(name) && !unicode.IsDigit(rune(name[0]))
}

// Of writes a name in the case.
func (c Case) Of(name string) string {
	words := words(name)
	for i, w := range words {
		switch {
		case c == Screaming:
			words[i] = strings.ToUpper(w)
		case c == Camel && i == 0:
			words[i] = strings.ToLower(w[:1]) + w[1:]
			if w == strings.ToUpper(w) {
				words[i] = strings.ToLower(w)
			}
		default:
			words[i] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	if c == Screaming {
		return strings.Join(words, "_")
	}
	return strings.Join(words, "")
}

// words splits a name at underscores and before capitals that follow a small letter.
func words(name string) []string {
	var out []string
	for part := range strings.SplitSeq(name, "_") {
		start := 0
		for i := 1; i < len(part); i++ {
			if unicode.IsUpper(rune(part[i])) && !unicode.IsUpper(rune(part[i-1])) {
				out = append(out, part[start:i])
				start = i
			}
		}
		if start < len(part) {
			out = append(out, part[start:])
		}
	}
	return out
}

// Spelling says what is wrong with how a name is written, if anything is.
func Spelling(f *source.File, name *ast.Ident, kind string, c Case) (diag.Diagnostic, bool) {
	if c.Is(name.Name) {
		return diag.Diagnostic{}, false
	}
	right := c.Of(name.Name)
	return diag.Diagnostic{
		Code: diag.CodeNameCase, Severity: diag.Error,
		Message: fmt.Sprintf("the name of %s must be in %s", diag.Article(kind), c),
		Primary: diag.Label{File: f, Span: name.Span},
		Help:    []string{fmt.Sprintf("write `%s`, here and in every use", right)},
	}, true
}

func (r *resolver) spelling(m *Module, d ast.Decl, name *ast.Ident) {
	c := Camel
	switch d.(type) {
	case *ast.TypeDecl, *ast.Table:
		c = Pascal
	case *ast.BadDecl:
		return
	}
	if d, wrong := Spelling(m.File.Source, name, d.Keyword(), c); wrong {
		r.report(d)
	}
}
