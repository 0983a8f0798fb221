package emitts

import (
	"regexp"
	"strings"
	"testing"

	"github.com/livec-lang/livec/compiler/nametest"
	"github.com/livec-lang/livec/emit"
)

// reservedInTS are the words that ECMAScript and TypeScript reserve somewhere, their types, and globals that modules use.
const reservedInTS = `arguments as async await break case catch class const continue debugger default delete do else enum eval export
	extends false finally for from function get if implements import in instanceof interface is keyof let new null of package private
	protected prototype public readonly return satisfies set static super switch this throw true try type typeof undefined unique unknown
	var void while with yield any bigint boolean declare global infer module namespace never number object string symbol constructor
	array date error map promise record partial uint8Array json math globalThis window document name then toString hasOwnProperty live`

// identifier matches words that may be identifiers of the emitter.
var identifier = regexp.MustCompile(`[A-Za-z][A-Za-z0-9]*`)

// TestNames gives every name that means something in TypeScript or in generated code to everything that can have a name, and type-checks
// the generated clients.
func TestNames(t *testing.T) {
	words := strings.Fields(reservedInTS)
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
