package house

import (
	"slices"
	"testing"
)

var (
	written    = []string{"lang/ast", "lang/parser", "lang/format", "compiler/check"}
	emitted    = append(slices.Clone(written), "compiler/ir", "emit/go", "emit/ts", "runtime")
	onContract = append(slices.Clone(emitted), "compiler/contract") // the contract has nothing special for an rpc
)

// constructs are those of the language, with the folders in which each has a file of its own.
var constructs = map[string][]string{
	"rpc": emitted, "stream": onContract, "room": onContract, "channel": onContract, "signal": onContract,
}

// unemitted are constructs that have no generated code yet, or none of their own.
var unemitted = []string{
	"table", "guard", "fn", "typedecl", "env", "app", "upgrade", "pipe", "cron", "effect", "aggregate", "webhook", "migrate", "middleware",
	"test",
}

func init() {
	for _, name := range unemitted {
		constructs[name] = written
	}
}

// TestConstructFiles looks for the file of each construct in each of its folders.
func TestConstructFiles(t *testing.T) {
	r := rule{
		what: "a construct has a file of its name in each of its folders",
		why:  "whoever looks for how a construct is parsed, checked or emitted finds it without a search",
		todo: "put the code of the construct into that file, or take the folder out of scripts/house/constructs_test.go if it has nothing there",
	}
	for construct, folders := range constructs {
		for _, folder := range folders {
			if name := folder + "/" + construct + ".go"; !exists(name) {
				r.broken(t, name, "there is no such file")
			}
		}
	}
}
