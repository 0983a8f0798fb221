package emitgo_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/livec-lang/livec/internal/golden"
)

// TestSemantics compiles the app in testdata/semantics, whose rpcs are valid edge cases, and compares the results of
// calls with calls.txt. When goldens are renewed, new calls and changed results are written to calls.txt. An error does
// not replace a value unless the old result was deleted first: most likely an earlier call has changed the stored data.
func TestSemantics(t *testing.T) {
	const dir = "../../testdata/semantics"
	calls, err := filepath.Abs(dir + "/calls.txt")
	if err != nil {
		t.Fatal(err)
	}
	played := filepath.Join(t.TempDir(), "played.txt")
	t.Setenv("LIVE_CALLS", calls)
	t.Setenv("LIVE_PLAYED", played)
	runApp(t, "semantics", dir, nil)
	if t.Failed() {
		return
	}
	got := read(t, played)
	if golden.Updating() {
		for _, call := range broken(read(t, calls), got) {
			t.Errorf("%s; if that is meant, delete the old result in calls.txt and renew it again", call)
		}
		if t.Failed() {
			return
		}
	}
	golden.File(t, calls, []byte(got))
}

var errorCode = regexp.MustCompile(`^[A-Z][A-Z_]*$`)

// broken returns the calls that returned a value before and now fail.
func broken(before, after string) []string {
	was, is := results(before), results(after)
	var out []string
	for i, now := range is {
		if i >= len(was) {
			break // both lists have the same calls
		}
		if old := was[i].result; old != "" && !errorCode.MatchString(old) && errorCode.MatchString(now.result) {
			out = append(out, now.call+" gave "+old+" and now fails with "+now.result)
		}
	}
	return out
}

// played is a call with its result; the result is empty if there is none.
type played struct{ call, result string }

func results(text string) []played {
	var out []played
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if result, ok := strings.CutPrefix(line, "  "); !ok {
			out = append(out, played{call: line})
		} else if len(out) > 0 {
			out[len(out)-1].result = result
		}
	}
	return out
}

func TestBroken(t *testing.T) {
	before := "// text\na/one [1]\n  1\n$two = a/two []\n  {}\na/three []\n  CONFLICT\na/four []\na/five []\n  []\n"
	after := "// text\na/one [1]\n  2\n$two = a/two []\n  NOT_FOUND\na/three []\n  INTERNAL\na/four []\n  CONFLICT\na/five []\n  []\n"
	if got := strings.Join(broken(before, after), "; "); got != "$two = a/two [] gave {} and now fails with NOT_FOUND" {
		t.Error(got)
	}
}
