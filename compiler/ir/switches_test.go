package ir

import (
	"testing"

	"github.com/livec-lang/livec/internal/nodetest"
)

// TestSwitches expects that no switch over the kinds of nodes and types of this package ignores a kind.
func TestSwitches(t *testing.T) {
	of := func(method, result string) []string { return nodetest.WithMethod(t, ".", method, result) }
	sums := []nodetest.Sum{
		{Name: "expressions", Kinds: of("rebuild", "Expr")},
		{Name: "stages", Kinds: of("isStage", "")},
		{Name: "statements", Kinds: of("isStmt", "")},
		{Name: "types", Kinds: of("isType", "")},
		{Name: "entry points", Kinds: of("isEntryPoint", "")},
		{Name: "scalars", Kinds: nodetest.Constants(t, "types.go", "String")},
		{Name: "merges", Kinds: nodetest.Constants(t, "stream.go", "MergeCrud")},
		{Name: "forms", Kinds: nodetest.Constants(t, "stream.go", "LiveStream")},
		{Name: "rates", Kinds: nodetest.Constants(t, "rpc.go", "ByUser")},
	}
	nodetest.Switches(t, sums, ".", "../check", "../check/constant", "../check/flow", "../check/types", "../analyze", "../plan", "../contract",
		"../snapshot", "../../emit", "../../emit/go", "../../emit/ts", "../../cmd/livec/internal/graph", "../../cmd/livec/internal/contractdoc",
		"../../cmd/livec/internal/queryplan")
}
