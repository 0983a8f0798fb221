package plan_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/livec-lang/livec/compiler"
	"github.com/livec-lang/livec/internal/golden"
	"github.com/livec-lang/livec/lang/source"
	"github.com/livec-lang/livec/relation/chain"
	"github.com/livec-lang/livec/relation/sql"
	"github.com/livec-lang/livec/relation/sqlite"
)

// TestGoldens compiles the apps in testdata/plan and compares the plans of their queries with the section `want`: how
// each is kept live, its parameters, what it reads, and its SQL.
func TestGoldens(t *testing.T) {
	paths, err := filepath.Glob("../../testdata/plan/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			a.Files = append(a.Files[:1:1], txtar.File{Name: "want", Data: []byte(planned(t, &a.Files[0]))})
			golden.File(t, path, txtar.Format(a))
		})
	}
}

func planned(t *testing.T, f *txtar.File) string {
	app, list := compiler.Compile("app", []*source.File{{Path: f.Name, Module: "app", Text: string(f.Data)}})
	var b strings.Builder
	for _, d := range list {
		fmt.Fprintf(&b, "%s %s\n", d.Code, d.Message)
	}
	if app == nil {
		t.Fatal(b.String())
	}
	for _, q := range app.Program.Queries {
		made := app.Plans.Query(q)
		c := chain.Of(made.Plan)
		fmt.Fprintf(&b, "\n%s: %v", q.Name, c.Mode)
		if c.Reason != "" {
			fmt.Fprintf(&b, ", since %s", c.Reason)
		}
		for _, col := range made.Params {
			fmt.Fprintf(&b, " %s", col.Name)
		}
		prepared, err := sql.Prepare(sqlite.Flavour, made.Query)
		if err != nil {
			t.Fatal(err)
		}
		for _, st := range prepared.Statements {
			fmt.Fprintf(&b, "\n  %s\n  binds %v\n", st.SQL, st.Binds)
		}
		for _, r := range made.Reads {
			fmt.Fprintf(&b, "  reads %s by %v of %v\n", r.Table.Name, r.Cols, r.Params)
		}
	}
	return b.String()
}
