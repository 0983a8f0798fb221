package emitts

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/livec-lang/livec/compiler/nametest"
	"github.com/livec-lang/livec/emit"
)

// otherWords have a meaning in TypeScript, or name what every object or module has. The emitter knows the reserved ones itself.
const otherWords = `as async declare from get global infer is keyof module namespace of readonly satisfies set type unique array error map
	promise record partial json math globalThis window document constructor name prototype then toString hasOwnProperty live`

// identifier matches words that may be identifiers of the emitter.
var identifier = regexp.MustCompile(`[A-Za-z][A-Za-z0-9]*`)

// TestNames gives every name that means something in TypeScript or in generated code to everything that can have a name, and type-checks
// the generated clients.
func TestNames(t *testing.T) {
	words := strings.Fields(otherWords)
	for _, known := range []map[string]bool{reserved, primitives, globals} {
		words = append(words, slices.Collect(maps.Keys(known))...)
	}
	for _, app := range nametest.Plain(t) {
		_, own := generated(t, app)
		for _, f := range own.Files {
			if !strings.HasSuffix(f.Name, ".ts") {
				continue
			}
			for _, w := range identifier.FindAllString(string(f.Data), -1) {
				if nametest.Own(w) {
					words = append(words, w)
				}
			}
		}
	}
	names := nametest.Words(words)
	t.Log(len(names), "names:", names)
	var apps []emit.File
	for place, app := range nametest.Apps(t, names) {
		all, _ := generated(t, app)
		for _, f := range all {
			apps = append(apps, emit.File{Path: place + "/" + f.Path, Data: f.Data})
		}
	}
	checkTypes(t, apps)
}
