package sqlite_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain makes property tests try thousands of cases, unless -rapid.checks is set or -short is.
func TestMain(m *testing.M) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	if !given && !testing.Short() {
		_ = flag.Set("rapid.checks", "20000") // the flag is registered
	}
	os.Exit(m.Run())
}
