package contractdoc

import (
	_ "embed"
	"html/template"
	"io"
	"regexp"
	"strings"

	"github.com/livec-lang/livec/compiler"
)

//go:embed page.html
var page string

// HTML writes the document as one page that needs no other file.
func HTML(w io.Writer, app *compiler.App) error {
	d := documentOf(app)
	links := map[string]string{}
	for _, m := range d.Modules {
		for _, t := range m.Types {
			links[t.Name] = t.Anchor
		}
	}
	t, err := template.New("page").Funcs(template.FuncMap{
		"code": func(s string) template.HTML { return linked(s, links) },
		"doc":  paragraphs,
		"docs": hasDocs,
	}).Parse(page)
	if err != nil {
		return err
	}
	return t.Execute(w, d)
}

var typeName = regexp.MustCompile(`\b[A-Z][A-Za-z0-9]*\b`)

// linked renders code, in which the names of types are links.
func linked(code string, anchors map[string]string) template.HTML {
	var b strings.Builder
	at := 0
	for _, m := range typeName.FindAllStringIndex(code, -1) {
		anchor, ok := anchors[code[m[0]:m[1]]]
		if !ok {
			continue
		}
		b.WriteString(template.HTMLEscapeString(code[at:m[0]]))
		b.WriteString(`<a href="#` + template.HTMLEscapeString(anchor) + `">` + template.HTMLEscapeString(code[m[0]:m[1]]) + `</a>`)
		at = m[1]
	}
	b.WriteString(template.HTMLEscapeString(code[at:]))
	return template.HTML(b.String()) // all parts are escaped above
}

var codeSpan = regexp.MustCompile("`([^`]+)`")

// paragraphs renders a doc comment: blank lines separate paragraphs, backquotes enclose code.
func paragraphs(doc string) template.HTML {
	var b strings.Builder
	for p := range strings.SplitSeq(doc, "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			b.WriteString("<p>" + codeSpan.ReplaceAllString(template.HTMLEscapeString(p), "<code>$1</code>") + "</p>")
		}
	}
	return template.HTML(b.String()) // all parts are escaped above
}
