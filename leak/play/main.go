package play

import (
	"encoding/json"
	"os"
	"testing"

	live "github.com/livec-lang/livec/runtime"
)

// The environment variables with the path of the script, and with the path that the findings are written to.
const (
	ScriptFile = "LIVE_SCRIPT"
	FoundFile  = "LIVE_FOUND"
)

// Main plays the script and writes its findings.
func Main(t *testing.T, registry func() *live.Registry) {
	data, err := os.ReadFile(os.Getenv(ScriptFile))
	if err != nil {
		t.Fatal(err)
	}
	var script Script
	if err := json.Unmarshal(data, &script); err != nil {
		t.Fatal(err)
	}
	play := Canaries
	if script.Callers {
		play = Callers
	}
	found := play(t, registry, &script)
	if data, err = json.Marshal(found); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(os.Getenv(FoundFile), data, 0o600); err != nil {
		t.Fatal(err)
	}
}
