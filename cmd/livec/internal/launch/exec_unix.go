//go:build unix

package launch

import (
	"os"
	"syscall"

	"github.com/livec-lang/livec/cmd/livec/internal/fail"
)

// Become replaces this process by a program, so signals, the terminal and the exit code are the program's own. It returns only if that
// fails.
func Become(program string, args []string) (int, error) {
	err := syscall.Exec(program, append([]string{program}, args...), os.Environ())
	return fail.CodeFindings, fail.Failed("the server cannot be started: %w", err)
}
