package cli

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/term"

	"github.com/livec-lang/livec/cmd/livec/internal/fail"
	"github.com/livec-lang/livec/lang/diag"
)

const textFormat = "text"

// renderer returns the renderer of a format.
func (p *program) renderer(format string) (diag.Renderer, error) {
	return choice(p.Render, format)
}

// report writes diagnostics as text to standard error, where progress is written too.
func (p *program) report(list diag.List) error {
	if len(list) == 0 {
		return nil
	}
	r, err := p.renderer(textFormat)
	if err != nil {
		return err
	}
	o, err := p.reader(p.err)
	if err != nil {
		return err
	}
	if err := r(p.err, list, o); err != nil {
		return fail.Failed("the diagnostics cannot be written: %w", err)
	}
	return nil
}

// reader describes the terminal that w writes to (https://no-color.org, https://bixense.com/clicolors).
func (p *program) reader(w io.Writer) (diag.RenderOptions, error) {
	o := diag.RenderOptions{}
	f, isFile := w.(*os.File)
	terminal := isFile && term.IsTerminal(int(f.Fd()))
	if terminal {
		o.Width, _, _ = term.GetSize(int(f.Fd())) // 0 if it is unknown
	}
	switch p.color {
	case "always":
		o.Color = true
	case "never":
	case "auto":
		forced := os.Getenv("CLICOLOR_FORCE")
		o.Color = os.Getenv("NO_COLOR") == "" && (forced != "" && forced != "0" || terminal && os.Getenv("TERM") != "dumb")
	default:
		return o, fail.Misuse("--color is %q; choose auto, always or never", p.color)
	}
	return o, nil
}

// count writes the number of errors and warnings.
func count(list diag.List) string {
	errors, warnings := 0, 0
	for _, d := range list {
		if d.Severity == diag.Error {
			errors++
		} else {
			warnings++
		}
	}
	var parts []string
	if errors > 0 {
		parts = append(parts, number(errors, "error"))
	}
	if warnings > 0 {
		parts = append(parts, number(warnings, "warning"))
	}
	return strings.Join(parts, " and ")
}

func number(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return strconv.Itoa(n) + " " + of + "s"
}

func (p *program) note(format string, args ...any) { fmt.Fprintf(p.err, format+"\n", args...) }
