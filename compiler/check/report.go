package check

import (
	"fmt"
	"slices"

	"github.com/livec-lang/livec/compiler/check/fix"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/internal/spelling"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
)

// findingKey identifies a diagnostic: two with the same key are the same.
type findingKey struct {
	code    diag.Code
	file    *source.File
	at      source.Span
	message string
}

// finding is a diagnostic under construction.
type finding struct {
	c *checker
	i int
}

// errorf reports an error at a place.
func (c *checker) errorf(m *module, at source.Span, code diag.Code, format string, args ...any) finding {
	return c.report(m, at, code, diag.Error, fmt.Sprintf(format, args...))
}

// warnf reports a warning.
func (c *checker) warnf(m *module, at source.Span, code diag.Code, format string, args ...any) finding {
	return c.report(m, at, code, diag.Warning, fmt.Sprintf(format, args...))
}

func (c *checker) report(m *module, at source.Span, code diag.Code, severity diag.Severity, message string) finding {
	key := findingKey{code, m.src, at, message}
	if i, twice := c.reported[key]; twice { // some code is checked twice, such as the arguments of guards
		return finding{c, i}
	}
	c.reported[key] = len(c.list)
	c.list = append(c.list, diag.Diagnostic{Code: code, Severity: severity, Message: message, Primary: diag.Label{File: m.src, Span: at}})
	return finding{c, len(c.list) - 1}
}

func (f finding) d() *diag.Diagnostic { return &f.c.list[f.i] }

// help adds advice on what to do.
func (f finding) help(format string, args ...any) finding {
	text := fmt.Sprintf(format, args...)
	for _, h := range f.d().Help {
		if h == text {
			return f
		}
	}
	f.d().Help = append(f.d().Help, text)
	return f
}

// also points to a second place.
func (f finding) also(p ir.Pos, format string, args ...any) finding {
	if len(f.d().Secondary) == 0 && p.File != nil {
		f.d().Secondary = append(f.d().Secondary, diag.Label{File: p.File, Span: p.Span, Text: fmt.Sprintf(format, args...)})
	}
	return f
}

// fix offers the one right replacement for a span.
func (f finding) fix(m *module, at source.Span, title, text string) finding {
	f.d().Fix = &diag.Fix{Title: title, Edits: []diag.Edit{{File: m.src, Span: at, Text: text}}}
	return f
}

// suggest names what the author most likely means, and offers to write it.
func (f finding) suggest(m *module, at source.Span, name string, candidates []string) finding {
	if best, ok := spelling.Suggest(name, candidates); ok {
		m.lookup(best) // the author means it, so it is not unused
		f.help("did you mean `%s`?", best)
		f.fix(m, at, "write `"+best+"`", best)
	}
	return f
}

// meant explains what an unknown name most likely means: the name in another module, if one declares it, or else a similar
// name in scope.
func (f finding) meant(m *module, at source.Span, name string, candidates []string) finding {
	in := f.c.elsewhere(m, name)
	if in == "" {
		return f.suggest(m, at, name, candidates)
	}
	f.help("the module `%s` declares it: write `use %s { %s }`", in, in, name)
	if edit, ok := fix.AddUse(m.File, in, name); ok {
		f.d().Fix = &diag.Fix{Title: "use it from `" + in + "`", Edits: []diag.Edit{edit}}
	}
	return f
}

// declared returns the names in the scope of a module that refer to some kinds of declarations.
func (m *module) declared(keywords ...string) []string {
	var out []string
	for _, n := range m.Names() {
		if s := m.Module.Lookup(n); s.Known() && slices.Contains(keywords, s.Decl.Keyword()) {
			out = append(out, n)
		}
	}
	return out
}

// span returns the span from one node to another.
func span(a, b ast.Node) source.Span {
	return source.Span{Start: a.Where().Start, End: b.Where().End}
}
