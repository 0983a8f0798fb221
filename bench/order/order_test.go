package order

import (
	"os"
	"strings"
	"testing"

	"github.com/livec-lang/livec/compiler"
	emitgo "github.com/livec-lang/livec/emit/go"
	"github.com/livec-lang/livec/internal/golden"
	"github.com/livec-lang/livec/lang/source"
)

const name = "order.live"

// TestGenerated compares the package with what livec generates now.
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
	kept := map[string][]byte{}
	for _, f := range files {
		if strings.HasPrefix(f.Path, "app/") && !strings.HasPrefix(f.Path, "app/schema/") {
			kept[f.Path] = f.Data
		}
	}
	golden.Tree(t, "gen", kept)
}
