package livequery

import (
	"flag"
	"os"
	"testing"
)

// TestMain has property tests try 300 cases, unless -rapid.checks says how many or -short that there is no time.
func TestMain(m *testing.M) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	if !given && !testing.Short() {
		_ = flag.Set("rapid.checks", "300") // the flag is there
	}
	os.Exit(m.Run())
}
