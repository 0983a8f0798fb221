package diag

import (
	"encoding/json"
	"io"

	"github.com/livec-lang/livec/lang/source"
)

// jsonVersion is increased when a field changes its meaning or is removed. New fields do not increase it.
const jsonVersion = 1

// The shape of JSON, described in docs/cli.md.
type (
	jsonReport struct {
		Version     int              `json:"version"`
		Errors      int              `json:"errors"`
		Warnings    int              `json:"warnings"`
		Diagnostics []jsonDiagnostic `json:"diagnostics"`
	}
	jsonDiagnostic struct {
		Code      Code        `json:"code"`
		Severity  string      `json:"severity"`
		Message   string      `json:"message"`
		Primary   *jsonLabel  `json:"primary,omitempty"` // absent if the diagnostic has no position
		Secondary []jsonLabel `json:"secondary"`
		Help      []string    `json:"help"`
		Fix       *jsonFix    `json:"fix,omitempty"`
	}
	jsonLabel struct {
		jsonRange
		Text string `json:"text"`
	}
	jsonRange struct {
		Path  string       `json:"path"`
		Start jsonPosition `json:"start"`
		End   jsonPosition `json:"end"` // after the last character
	}
	jsonPosition struct {
		Offset int `json:"offset"` // bytes of UTF-8 from the start of the file, without a byte order mark
		Line   int `json:"line"`   // from 1
		Column int `json:"column"` // code points, from 1
	}
	jsonFix struct {
		Title string     `json:"title"`
		Edits []jsonEdit `json:"edits"`
	}
	jsonEdit struct {
		jsonRange
		Text string `json:"text"` // the replacement
	}
)

// JSON writes one object for other programs. docs/cli.md describes its shape.
func JSON(w io.Writer, list List, _ RenderOptions) error {
	report := jsonReport{Version: jsonVersion, Diagnostics: []jsonDiagnostic{}}
	for _, d := range list.Sorted() {
		if d.Severity == Warning {
			report.Warnings++
		} else {
			report.Errors++
		}
		report.Diagnostics = append(report.Diagnostics, jsonOf(d))
	}
	return writeJSON(w, report)
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func jsonOf(d Diagnostic) jsonDiagnostic {
	out := jsonDiagnostic{Code: d.Code, Severity: d.Severity.String(), Message: d.Message, Secondary: []jsonLabel{}, Help: []string{}}
	if d.Primary.File != nil {
		out.Primary = &jsonLabel{jsonRangeOf(d.Primary.File, d.Primary.Span), d.Primary.Text}
	}
	for _, l := range d.Secondary {
		if l.File != nil {
			out.Secondary = append(out.Secondary, jsonLabel{jsonRangeOf(l.File, l.Span), l.Text})
		}
	}
	out.Help = append(out.Help, d.Help...)
	if d.Fix != nil {
		out.Fix = &jsonFix{Title: d.Fix.Title, Edits: []jsonEdit{}}
		for _, f := range editedFiles(d.Fix) {
			for _, e := range f.edits {
				out.Fix.Edits = append(out.Fix.Edits, jsonEdit{jsonRangeOf(e.File, e.Span), e.Text})
			}
		}
	}
	return out
}

func jsonRangeOf(f *source.File, s source.Span) jsonRange {
	s = within(f, s)
	location := func(offset int32) jsonPosition {
		at := f.Position(offset)
		return jsonPosition{int(offset), at.Line, at.Column}
	}
	return jsonRange{f.Path, location(s.Start), location(s.End)}
}
