package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/livec-lang/livec/cmd/livec/internal/contractdoc"
	"github.com/livec-lang/livec/cmd/livec/internal/graph"
	"github.com/livec-lang/livec/compiler"
	"github.com/livec-lang/livec/emit"
	emitgo "github.com/livec-lang/livec/emit/go"
	emitts "github.com/livec-lang/livec/emit/ts"
	"github.com/livec-lang/livec/internal/nodetest"
	"github.com/livec-lang/livec/lang/source"
)

// samples are apps with one entry point, named wanted, of each kind: each type of package ir that is an entry point. In the sample of
// signals, another entry point sends it.
var samples = map[string]string{
	"RPC":     "rpc wanted() -> int public { return 1 }",
	"Stream":  "table T { id: id }\nstream wanted public = T",
	"Channel": "channel wanted -> { n: int } public merge set",
	"Room":    "table T { id: id }\nroom wanted public { data = T }",
	"Signal":  "rpc call() public { signal wanted(1) to \"a\" }\nsignal wanted(n: int)",
}

// TestEveryReaderKnowsEveryKind passes an entry point of each kind to everything that reads entry points.
func TestEveryReaderKnowsEveryKind(t *testing.T) {
	for _, kind := range nodetest.WithMethod(t, "../../compiler/ir", "isEntryPoint", "") {
		t.Run(kind, func(t *testing.T) {
			text, ok := samples[kind]
			if !ok {
				t.Fatal("add an app with one to samples")
			}
			app, list := compiler.Compile("app", []*source.File{{Path: "app.live", Module: "app", Text: text + "\n"}})
			if list.HasErrors() {
				t.Fatal(list)
			}
			server, err := emitgo.Emit(app, "example.com/app")
			if err != nil {
				t.Fatal(err)
			}
			client, err := emitts.Emit(app)
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]string{
				"emit/go": joined(server, "app/app_"), "emit/ts": joined(client, "client/app.ts"), "contract": string(app.Contract.JSON),
				"contractdoc": written(t, func(b *bytes.Buffer) error { return contractdoc.Markdown(b, app) }),
			}
			for name, write := range graph.Writers() {
				got["graph "+name] = written(t, func(b *bytes.Buffer) error { return write(b, graph.Of(app)) })
			}
			for reader, text := range got {
				if !strings.Contains(text, "wanted") {
					t.Errorf("%s does not show it:\n%s", reader, text)
				}
			}
		})
	}
}

// joined is the text of the files whose paths start with prefix.
func joined(files []emit.File, prefix string) string {
	var b strings.Builder
	for _, f := range files {
		if strings.HasPrefix(f.Path, prefix) {
			b.Write(f.Data)
		}
	}
	return b.String()
}

func written(t *testing.T, write func(*bytes.Buffer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
