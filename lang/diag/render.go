package diag

import (
	"cmp"
	"io"
	"slices"
	"strings"

	"github.com/livec-lang/livec/lang/source"
)

// Renderer writes diagnostics in one format, sorted by position. It does not change the list.
type Renderer func(w io.Writer, list List, o RenderOptions) error

// RenderOptions describe the reader. Formats for programs ignore them.
type RenderOptions struct {
	Color bool
	Width int // columns of the terminal; 0 if there is none, and text is not wrapped
}

// Renderers returns all formats by name.
func Renderers() map[string]Renderer {
	return map[string]Renderer{"text": Text, "json": JSON, "sarif": SARIF, "github": GitHub}
}

// Sorted returns the diagnostics sorted by path, start and end. Those without a file come first. Those at the same
// position keep their order.
func (l List) Sorted() List {
	out := slices.Clone(l)
	slices.SortStableFunc(out, func(a, b Diagnostic) int {
		return cmp.Or(
			strings.Compare(pathOf(a.Primary.File), pathOf(b.Primary.File)),
			cmp.Compare(a.Primary.Span.Start, b.Primary.Span.Start),
			cmp.Compare(a.Primary.Span.End, b.Primary.Span.End),
		)
	})
	return out
}

// String returns the name of a severity, which is the same in all formats.
func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

func pathOf(f *source.File) string {
	if f == nil {
		return ""
	}
	return f.Path
}

// within moves a span into the text of its file, and its end after its start.
func within(f *source.File, s source.Span) source.Span {
	size := int32(len(f.Text))
	s.Start = min(max(s.Start, 0), size)
	s.End = min(max(s.End, s.Start), size)
	return s
}
