package contractdoc

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/livec-lang/livec/compiler"
)

// Markdown writes the document as CommonMark with tables.
func Markdown(w io.Writer, app *compiler.App) error {
	out := bufio.NewWriter(w)
	d := documentOf(app)
	fmt.Fprintf(out, "# %s\n", d.Name)
	for _, m := range d.Modules {
		fmt.Fprintf(out, "\n## %s\n", m.Name)
		if m.Doc != "" {
			fmt.Fprintf(out, "\n%s\n", m.Doc)
		}
		for _, x := range m.EntryPoints {
			markdownItem(out, x)
		}
		for _, x := range m.Types {
			markdownItem(out, x)
		}
	}
	return out.Flush() // returns the first error of all writes
}

func markdownItem(out *bufio.Writer, x item) {
	fmt.Fprintf(out, "\n### %s `%s`\n", x.Kind, x.Name)
	if x.Signature != x.Kind+" "+x.Name {
		fmt.Fprintf(out, "\n```live\n%s\n```\n", x.Signature)
	}
	if x.Doc != "" {
		fmt.Fprintf(out, "\n%s\n", x.Doc)
	}
	if len(x.Facts) > 0 {
		fmt.Fprintln(out)
	}
	for _, f := range x.Facts {
		if f.Words {
			fmt.Fprintf(out, "- %s: %s\n", f.Name, strings.Join(f.Values, ", "))
			continue
		}
		fmt.Fprintf(out, "- %s: `%s`\n", f.Name, strings.Join(f.Values, "`, `"))
	}
	if len(x.Values) > 0 {
		fmt.Fprintln(out)
	}
	for _, v := range x.Values {
		fmt.Fprintf(out, "- `%s`\n", v)
	}
	if len(x.Fields) == 0 {
		return
	}
	if !hasDocs(x.Fields) {
		fmt.Fprint(out, "\n| field | type |\n|---|---|\n")
		for _, f := range x.Fields {
			fmt.Fprintf(out, "| `%s` | %s |\n", f.Name, markdownCell(f.Type, true))
		}
		return
	}
	fmt.Fprint(out, "\n| field | type | |\n|---|---|---|\n")
	for _, f := range x.Fields {
		fmt.Fprintf(out, "| `%s` | %s | %s |\n", f.Name, markdownCell(f.Type, true), markdownCell(f.Doc, false))
	}
}

// markdownCell writes a text as one cell of a table. A bar would end the cell, even in code.
func markdownCell(s string, code bool) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\n", " "), "|", `\|`)
	if code {
		return "`" + s + "`"
	}
	return s
}
