package diag

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// GitHub writes annotations for GitHub Actions: workflow commands, one per line
// (https://docs.github.com/actions/reference/workflow-commands-for-github-actions).
func GitHub(w io.Writer, list List, _ RenderOptions) error {
	out := bufio.NewWriter(w)
	for _, d := range list.Sorted() {
		properties := []string{"title=" + githubProperty(string(d.Code))}
		if f := d.Primary.File; f != nil {
			s := within(f, d.Primary.Span)
			start, end := f.Position(s.Start), f.Position(s.End)
			location := []string{"file=" + githubProperty(f.Path), fmt.Sprintf("line=%d", start.Line), fmt.Sprintf("endLine=%d", end.Line)}
			if start.Line == end.Line { // columns are only allowed within one line
				location = append(location, fmt.Sprintf("col=%d", start.Column), fmt.Sprintf("endColumn=%d", end.Column))
			}
			properties = append(location, properties...)
		}
		fmt.Fprintf(out, "::%s %s::%s\n", d.Severity, strings.Join(properties, ","), githubData(whole(d)))
	}
	return out.Flush() // returns the first error
}

// whole returns everything in a diagnostic as text without snippets.
func whole(d Diagnostic) string {
	var b strings.Builder
	b.WriteString(d.Message)
	if d.Primary.Text != "" {
		b.WriteString("\n" + d.Primary.Text)
	}
	for _, l := range d.Secondary {
		if l.File != nil && l.Text != "" {
			b.WriteString("\n" + location(l.File, l.Span.Start) + ": " + l.Text)
		}
	}
	for _, h := range d.Help {
		b.WriteString("\nhelp: " + h)
	}
	if d.Fix != nil {
		b.WriteString("\nfix: " + d.Fix.Title)
	}
	return b.String()
}

var (
	githubDataEscapes     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubPropertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func githubData(s string) string     { return githubDataEscapes.Replace(s) }
func githubProperty(s string) string { return githubPropertyEscapes.Replace(s) }
