package cli

import (
	"cmp"
	"path/filepath"
	"slices"

	"github.com/livec-lang/livec/cmd/livec/internal/output"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
)

// applyFixes applies the fixes that do not touch the same text, and returns their number. The others are found again after that.
func applyFixes(list diag.List) (int, error) {
	made := 0
	edits := map[*source.File][]diag.Edit{}
	for _, d := range list {
		if d.Fix == nil || len(d.Fix.Edits) == 0 || !fits(edits, d.Fix.Edits) {
			continue
		}
		for _, e := range d.Fix.Edits {
			edits[e.File] = append(edits[e.File], e)
		}
		made++
	}
	for file, own := range edits {
		if err := output.Replace(filepath.FromSlash(file.Path), []byte(edited(file.Text, own))); err != nil {
			return 0, err
		}
	}
	return made, nil
}

// fits reports whether further edits touch none of the edits that will be made. Two insertions at one place touch: their order would be a
// guess.
func fits(made map[*source.File][]diag.Edit, further []diag.Edit) bool {
	for _, e := range further {
		for _, m := range made[e.File] {
			apart := e.Span.End <= m.Span.Start || m.Span.End <= e.Span.Start
			if !apart || e.Span.Start == m.Span.Start {
				return false
			}
		}
	}
	return true
}

func edited(text string, edits []diag.Edit) string {
	slices.SortFunc(edits, func(a, b diag.Edit) int { return cmp.Compare(b.Span.Start, a.Span.Start) })
	for _, e := range edits { // from the end, so that earlier spans stay valid
		text = text[:e.Span.Start] + e.Text + text[e.Span.End:]
	}
	return text
}
