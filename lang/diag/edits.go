package diag

import (
	"cmp"
	"slices"
	"strings"

	"github.com/livec-lang/livec/lang/source"
)

// fileEdits are the edits of a fix in one file, by position.
type fileEdits struct {
	file  *source.File
	edits []Edit
}

// editedFiles returns the edits of a fix by file.
func editedFiles(f *Fix) []fileEdits {
	var out []fileEdits
	for _, e := range f.Edits {
		if e.File == nil {
			continue
		}
		e.Span = within(e.File, e.Span)
		i := slices.IndexFunc(out, func(x fileEdits) bool { return x.file == e.File })
		if i < 0 {
			i = len(out)
			out = append(out, fileEdits{file: e.File})
		}
		out[i].edits = append(out[i].edits, e)
	}
	for _, x := range out {
		slices.SortStableFunc(x.edits, func(a, b Edit) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
	}
	return out
}

// lines returns the lines that the edits touch, before and after the edits. It leaves out equal lines at both ends.
func (f fileEdits) lines() (before, after []string) {
	from := lineStart(f.file.Text, int(f.edits[0].Span.Start))
	to := from
	for _, e := range f.edits {
		to = max(to, int(e.Span.End))
	}
	to = lineEnd(f.file.Text, to)
	var b strings.Builder
	at := from
	for _, e := range f.edits {
		if int(e.Span.Start) < at {
			continue // overlaps: the fix cannot be applied
		}
		b.WriteString(f.file.Text[at:e.Span.Start])
		b.WriteString(e.Text)
		at = int(e.Span.End)
	}
	b.WriteString(f.file.Text[at:to])
	before, after = split(f.file.Text[from:to]), split(b.String())
	for len(before) > 0 && len(after) > 0 && before[0] == after[0] {
		before, after = before[1:], after[1:]
	}
	for len(before) > 0 && len(after) > 0 && before[len(before)-1] == after[len(after)-1] {
		before, after = before[:len(before)-1], after[:len(after)-1]
	}
	return before, after
}

// split returns the lines of a text without their line breaks. An empty text has none.
func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
}

// lineStart and lineEnd return the bounds of the line that contains an offset, without its line break.
func lineStart(s string, at int) int { return strings.LastIndexByte(s[:at], '\n') + 1 }

func lineEnd(s string, at int) int {
	i := strings.IndexByte(s[at:], '\n')
	if i < 0 {
		return len(s)
	}
	end := at + i
	if end > at && s[end-1] == '\r' {
		end--
	}
	return end
}
