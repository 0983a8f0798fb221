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

// floors are the folders in which each construct has a file of its own.
var floors = map[string][]string{
	"rpc": emitted, "stream": onContract, "room": onContract, "channel": onContract, "signal": onContract,
}

// unemitted are constructs that have no generated code yet, or none of their own.
var unemitted = []string{
	"table", "guard", "fn", "typedecl", "env", "app", "upgrade", "pipe", "cron", "effect", "aggregate", "webhook", "migrate", "middleware",
	"test",
}

func init() {
	for _, name := range unemitted {
		floors[name] = written
	}
}

// TestFloors checks that each construct has a file on each of its floors.
func TestFloors(t *testing.T) {
	r := rule{
		what: "a construct has a file of its name on each floor",
		why:  "whoever looks for what a construct is on a floor finds it without a search",
		todo: "put the code of the construct into that file, or take the floor out of scripts/house/floors_test.go if it has nothing there",
	}
	for construct, folders := range floors {
		for _, folder := range folders {
			if name := folder + "/" + construct + ".go"; !exists(name) {
				r.broken(t, name, "there is no such file")
			}
		}
	}
}
