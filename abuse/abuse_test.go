package abuse

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// long is how long each attack goes on if LIVE_ABUSE_LONG is set: to a duration, or to 1 for almost two minutes.
var long = func() time.Duration {
	text := os.Getenv("LIVE_ABUSE_LONG")
	if text == "" {
		return 0
	}
	if d, err := time.ParseDuration(text); err == nil && d > 0 {
		return d
	}
	return 110 * time.Second
}()

// built is the folder of what Program builds.
var built string

func TestMain(m *testing.M) {
	if addr := os.Getenv(neighbourOf); addr != "" {
		if err := serveNeighbour(addr); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(func() int {
		var err error
		if built, err = os.MkdirTemp("", "abuse"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(built)
		return m.Run()
	}())
}

var build = sync.OnceValues(func() (string, error) { return Build(context.Background(), built) })

// open are the attacks that the server does not withstand yet, with what happens. They run if LIVE_ABUSE_OPEN is set.
var open = map[string]string{}

// gate skips the test of an attack that is open.
func gate(t *testing.T, id string) {
	t.Helper()
	if reason, ok := open[id]; ok && os.Getenv("LIVE_ABUSE_OPEN") == "" {
		t.Skipf("%s does not hold yet: %s", id, reason)
	}
}

// program builds the server once for all tests.
func program(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("a server is compiled")
	}
	if runtime.GOOS != "linux" {
		t.Skip("attackers have addresses of their own, and memory is read from /proc, as on Linux only")
	}
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// TestAttacks runs each attack against a server of its own. In its long form it judges the times of the neighbour, and prints a table.
func TestAttacks(t *testing.T) {
	path := program(t)
	var table strings.Builder
	for _, a := range Attacks() {
		t.Run(a.ID, func(t *testing.T) {
			gate(t, a.ID)
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
			defer cancel()
			s, err := Start(ctx, Config{
				Program: path, DB: filepath.Join(t.TempDir(), "abuse.db"), Flags: a.Flags, Env: a.Env, Files: a.Files, Memory: Memory,
			})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Kill()
			target := &Target{Server: s, Long: long}
			if long > 0 {
				target.Apart = apart
			}
			if err := target.Conduct(ctx, a); err != nil {
				t.Errorf("%s: %v\n%s", a.Name, err, s.Log())
			}
			if long > 0 {
				if err := target.Slower(); err != nil {
					t.Errorf("%s: %v", a.Name, err)
				}
			}
			row := target.Row(a)
			table.WriteString(row)
			t.Logf("%s: attackers saw %s, and ran into %v\n%s%s", a.Name, &target.Outcomes, target.Limits(), RowHead, row)
		})
	}
	if long > 0 {
		t.Logf("\n%s%s", RowHead, &table)
	}
}
