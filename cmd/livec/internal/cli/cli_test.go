package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/livec-lang/livec/compiler"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
)

// TestInternalError reports a bug of the compiler. A stack trace is shown on request only.
func TestInternalError(t *testing.T) {
	name := filepath.Join(t.TempDir(), "chat.live")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tools := Tools{
		Compile: func(string, []*source.File) (*compiler.App, diag.List) { panic("the checker has lost its mind") },
		Render:  diag.Renderers(),
	}
	var out, errOut bytes.Buffer
	code := Main(tools, []string{"check", name}, nil, &out, &errOut)
	if code != 3 || !strings.HasPrefix(errOut.String(), "livec: internal error: the checker has lost its mind\n") ||
		strings.Contains(errOut.String(), "goroutine") {
		t.Errorf("code %d, %q", code, errOut.String())
	}
	t.Setenv(traceEnv, "1")
	errOut.Reset()
	if Main(tools, []string{"check", name}, nil, &out, &errOut); !strings.Contains(errOut.String(), "goroutine") {
		t.Errorf("no trace in %q", errOut.String())
	}
}
