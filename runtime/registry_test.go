package runtime_test

import (
	"strings"
	"testing"

	"github.com/livec-lang/livec/relation"
	live "github.com/livec-lang/livec/runtime"
)

// TestSystemTables checks that a store is opened with the tables of the app and of the features that it uses, and no others.
func TestSystemTables(t *testing.T) {
	note := &relation.Table{Name: "notes_Note"}
	for name, c := range map[string]struct {
		app  live.App
		rpcs []live.RPC[struct{}, struct{}]
		want string
	}{
		"no features":   {live.App{}, []live.RPC[struct{}, struct{}]{{Name: "a/read", Mode: live.Read}}, "notes_Note"},
		"an rpc writes": {live.App{}, []live.RPC[struct{}, struct{}]{{Name: "a/write", Mode: live.Write}}, "notes_Note _live_idem"},
		"an rpc signs in": {live.App{Sessions: true}, []live.RPC[struct{}, struct{}]{{Name: "a/in", Mode: live.Write, Session: true}},
			"notes_Note _live_idem _live_session"},
		"sessions and rpcs": {live.App{Sessions: true}, []live.RPC[struct{}, struct{}]{{Name: "a/write", Mode: live.Write}},
			"notes_Note _live_idem _live_session"},
	} {
		c.app.Tables = []*relation.Table{note}
		r := live.NewRegistry(c.app)
		for _, rpc := range c.rpcs {
			live.AddRPC(r, rpc)
		}
		var names []string
		for i, table := range r.Tables() {
			if names = append(names, table.Name); table.System() != (i > 0) {
				t.Errorf("%s: table %s is a system table: %v", name, table.Name, table.System())
			}
		}
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("%s: tables %s, want %s", name, got, c.want)
		}
	}
}

func TestAppsHaveNoSystemTables(t *testing.T) {
	defer func() {
		if p, _ := recover().(string); !strings.Contains(p, "_LIVE_session has the name of a system table") {
			t.Errorf("the registry of an app with a system table panics with %q", p)
		}
	}()
	live.NewRegistry(live.App{Tables: []*relation.Table{{Name: "_LIVE_session"}}})
}
