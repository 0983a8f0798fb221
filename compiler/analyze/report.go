package analyze

import (
	"fmt"
	"slices"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/diag"
)

// report collects diagnostics. A finding at the same place is reported only once.
type report struct{ list diag.List }

// finding is a diagnostic under construction.
type finding struct {
	r *report
	i int
}

func (r *report) errorf(at ir.Pos, code diag.Code, format string, args ...any) finding {
	d := diag.Diagnostic{
		Code:     code,
		Severity: diag.Error,
		Message:  fmt.Sprintf(format, args...),
		Primary:  diag.Label{File: at.File, Span: at.Span},
	}
	i := slices.IndexFunc(r.list, func(o diag.Diagnostic) bool {
		return o.Code == d.Code && o.Primary == d.Primary && o.Message == d.Message
	})
	if i < 0 {
		i = len(r.list)
		r.list = append(r.list, d)
	}
	return finding{r, i}
}

func (f finding) d() *diag.Diagnostic { return &f.r.list[f.i] }

// help adds advice on what to do.
func (f finding) help(format string, args ...any) finding {
	if f.r == nil {
		return f
	}
	if text := fmt.Sprintf(format, args...); !slices.Contains(f.d().Help, text) {
		f.d().Help = append(f.d().Help, text)
	}
	return f
}

// maxPlaces is the maximum number of further places that a diagnostic points to.
const maxPlaces = 3

// also points to a further place.
func (f finding) also(p ir.Pos, format string, args ...any) finding {
	if f.r == nil || p.File == nil {
		return f
	}
	if l := (diag.Label{File: p.File, Span: p.Span, Text: fmt.Sprintf(format, args...)}); !slices.Contains(f.d().Secondary, l) &&
		len(f.d().Secondary) < maxPlaces {
		f.d().Secondary = append(f.d().Secondary, l)
	}
	return f
}
