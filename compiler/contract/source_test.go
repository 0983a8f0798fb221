package contract_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/livec-lang/livec/compiler"
	"github.com/livec-lang/livec/internal/golden"
	"github.com/livec-lang/livec/lang/source"
	"github.com/livec-lang/livec/runtime"
	live "github.com/livec-lang/livec/runtime/contract"
	"github.com/livec-lang/livec/runtime/store/sqlite"
)

// kept are the examples whose contracts are golden files.
var kept = map[string]bool{"chat": true, "board": true, "orders": true}

func compile(t *testing.T, path string) *compiler.App {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimSuffix(filepath.Base(path), ".live")
	p, list := compiler.Compile(name, []*source.File{{Path: path, Module: name, Text: string(text)}})
	if p == nil {
		t.Fatalf("%s does not compile: %v", path, list)
	}
	return p
}

// TestExamples decodes the contracts of the examples as the runtime does, refuses unknown members, and compares some of
// them with golden files.
func TestExamples(t *testing.T) {
	paths, err := filepath.Glob("../../examples/*.live")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	db, err := sqlite.Open(t.Context(), ":memory:", nil, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, path := range paths {
		p := compile(t, path)
		t.Run(p.Program.Name, func(t *testing.T) {
			d := json.NewDecoder(bytes.NewReader(p.Contract.JSON))
			d.DisallowUnknownFields()
			var read live.Contract
			if err := d.Decode(&read); err != nil {
				t.Fatal(err)
			}
			server, err := runtime.New(
				runtime.NewRegistry(runtime.App{Name: p.Program.Name, Hash: p.Contract.Hash, Contract: p.Contract.JSON}),
				runtime.Options{Store: db},
			)
			if err != nil {
				t.Fatal(err)
			}
			if err := server.Close(t.Context()); err != nil {
				t.Error(err)
			}
			if !kept[p.Program.Name] {
				return
			}
			golden.File(t, "testdata/examples/"+p.Program.Name+".json", p.Contract.JSON)
			for _, s := range p.Contract.Schemas {
				golden.File(t, "testdata/examples/"+p.Program.Name+".schema.json", s.JSON)
			}
		})
	}
}
