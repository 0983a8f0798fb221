package docs

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/livec-lang/livec/internal/golden"
	"github.com/livec-lang/livec/limits"
)

// TestLimits renews the table of limits from package limits. What stands above it is written by hand.
func TestLimits(t *testing.T) {
	page, err := os.ReadFile("limits.md")
	if err != nil {
		t.Fatal(err)
	}
	const heading = "## All limits\n"
	text, _, found := strings.Cut(string(page), heading)
	if !found {
		t.Fatalf("limits.md has no heading %q", heading)
	}
	var b strings.Builder
	b.WriteString(text + heading + "\n| setting | for each | bounds | default | outcome |\n|---|---|---|---|---|\n")
	for _, l := range limits.All() {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", l.Name, l.Scope, l.Bounds, l.DefaultText(), l.Outcome)
	}
	golden.File(t, "limits.md", []byte(b.String()))
}
