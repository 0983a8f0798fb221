package livequery

import (
	"bufio"
	"encoding/json"
	"flag"
	"io"
	"os"
	"os/exec"
	"testing"

	"pgregory.net/rapid"
)

// browser merges events with the code of the TypeScript client.
type browser struct {
	in  io.Writer
	out *bufio.Reader
	n   int
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node is not installed")
	}
	cmd := exec.CommandContext(t.Context(), node, "testdata/merge.mjs")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		if err := cmd.Wait(); err != nil && t.Context().Err() == nil {
			t.Error(err)
		}
	})
	return &browser{in: in, out: bufio.NewReader(out)}
}

// tab is one client in the browser.
type tab struct {
	*browser
	id   int
	held string
}

func (b *browser) tab() *tab {
	b.n++
	return &tab{browser: b, id: b.n}
}

// take gives the tab a snapshot (event load) or an event.
func (b *tab) take(t tester, event string, v []byte) {
	line, _ := json.Marshal([]any{b.id, event, json.RawMessage(v)})
	if _, err := b.in.Write(append(line, '\n')); err != nil {
		t.Fatal(err)
	}
	held, err := b.out.ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	b.held = canonical(t, held)
}

// TestBrowsersStayRight is TestWindowsStayRight, with fewer cases, with the code that browsers run.
func TestBrowsersStayRight(t *testing.T) {
	b := newBrowser(t)
	checks := flag.Lookup("rapid.checks")
	before := checks.Value.String()
	_ = checks.Value.Set("100") // the flag takes numbers
	defer func() { _ = checks.Value.Set(before) }()
	rapid.Check(t, func(rt *rapid.T) { stayRight(t, rt, b) })
}
