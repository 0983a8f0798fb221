package analyze_test

import (
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/livec-lang/livec/compiler"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
)

// each compiles the programs of an archive, one by one.
func each(t *testing.T, path string, check func(t *testing.T, list diag.List)) {
	a, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	prelude := string(a.Files[0].Data)
	for _, f := range a.Files[1:] {
		t.Run(strings.TrimSuffix(f.Name, ".live"), func(t *testing.T) {
			text := string(f.Data)
			if !strings.HasPrefix(text, "// alone") {
				text += prelude
			}
			_, list := compiler.Compile("app", []*source.File{{Path: f.Name, Module: "app", Text: text}})
			check(t, list)
		})
	}
}

// TestRefused contains attempts to get around the analysis. Each program is correct except for its secrets.
func TestRefused(t *testing.T) {
	each(t, "testdata/refused.txtar", func(t *testing.T, list diag.List) {
		if !list.HasErrors() {
			t.Error("it is accepted")
		}
		for _, d := range list {
			switch d.Code {
			case diag.CodeSecretField, diag.CodeSecretDecides, diag.CodeSecretKept:
			default:
				if d.Severity == diag.Error {
					t.Errorf("%s: %s", d.Code, d.Message)
				}
			}
		}
	})
}

// TestAccepted contains legitimate uses of secrets in apps.
func TestAccepted(t *testing.T) {
	each(t, "testdata/accepted.txtar", func(t *testing.T, list diag.List) {
		for _, d := range list {
			if d.Severity == diag.Error {
				t.Errorf("%s: %s", d.Code, d.Message)
			}
		}
	})
}
