package house

import (
	"path"
	"testing"
)

// face are the files of the package runtime, with what each is for. The package is the public API of servers: what apps, their tests and
// generated code call. The implementation is in runtime/internal.
var face = map[string]string{
	"call.go":      "what a body can do: the methods of Call",
	"channel.go":   "how generated code registers and publishes to channels",
	"collector.go": "an option: how often garbage is collected",
	"decode.go":    "how generated code reads arguments",
	"derived.go":   "how generated code registers derived streams",
	"doc.go":       "the documentation of the package",
	"engine.go":    "the engine of live queries, as a server takes it",
	"env.go":       "how generated code reads the variables of an env declaration",
	"errors.go":    "the errors that apps and generated code give",
	"event.go":     "how generated code reads what clients publish",
	"flags.go":     "the flags of generated servers for limits",
	"generated.go": "what generated code calls beside registering",
	"limit.go":     "how generated code says rates",
	"local.go":     "clients within the process, for tests of apps",
	"listen.go":    "where generated servers listen, and how they stop",
	"main.go":      "the main function of generated servers",
	"metrics.go":   "the metrics of a server, and where each is counted",
	"options.go":   "the options of a server",
	"overview.go":  "what the console is shown",
	"publish.go":   "how a body publishes events and sends signals",
	"published.go": "how generated code registers published streams",
	"registry.go":  "what generated code fills: all entry points of an app",
	"request.go":   "what a body reads of the request",
	"room.go":      "how generated code registers rooms",
	"rpc.go":       "how generated code registers rpcs",
	"secret.go":    "how the main function finds the secrets of cookies",
	"settings.go":  "how the main function reads its other settings",
	"server.go":    "New, and the life of a server",
	"signal.go":    "how generated code registers signals",
	"signin.go":    "how generated code starts and ends sessions",
	"stream.go":    "how generated code registers live streams",
	"wiring.go":    "puts the packages of runtime/internal together",
}

// TestRuntimeRoot compares the list with the folder.
func TestRuntimeRoot(t *testing.T) {
	r := rule{
		what: "the package runtime has its public face, and nothing else",
		why:  "a package that everything is in has no seams, so nothing in it can be tested or changed alone",
		todo: "move what works behind the public face into a package of runtime/internal; if it is part of the face, list it here and say why",
	}
	there := map[string]bool{}
	for _, f := range goFiles(t) {
		if path.Dir(f.path) != "runtime" || f.isTest() {
			continue
		}
		name := path.Base(f.path)
		there[name] = true
		if face[name] == "" {
			r.broken(t, f.path, "is not in the list of scripts/house/root_test.go")
		}
	}
	for name := range face {
		if !there[name] {
			t.Errorf("runtime/%s is gone: take it out of scripts/house/root_test.go", name)
		}
	}
}
