package order

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/livec-lang/livec/compiler"
	emitgo "github.com/livec-lang/livec/emit/go"
	"github.com/livec-lang/livec/lang/source"
)

var update = flag.Bool("update", false, "write what is generated")

const name = "order.live"

// TestGenerated compares the package with what livec makes of the app now.
func TestGenerated(t *testing.T) {
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	p, list := compiler.Compile("order", []*source.File{{Path: name, Module: "order", Text: string(text)}})
	if list.HasErrors() {
		t.Fatal(list)
	}
	files, err := emitgo.Emit(p, "github.com/livec-lang/livec/bench/order/gen")
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.RemoveAll("gen"); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range files {
		if !strings.HasPrefix(f.Path, "app/") || strings.HasPrefix(f.Path, "app/schema/") {
			continue
		}
		path := filepath.Join("gen", filepath.FromSlash(f.Path))
		if *update {
			if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, f.Data, 0o600); err != nil {
				t.Fatal(err)
			}
			continue
		}
		have, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(have), string(f.Data)); diff != "" {
			t.Errorf("%s (-is +would be):\n%s", path, diff)
		}
	}
}
