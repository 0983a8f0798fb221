//go:build !unix

package launch

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"

	"github.com/livec-lang/livec/cmd/livec/internal/fail"
)

// Become runs a program as if it were this process, and returns its exit code. An interrupt reaches both; the program decides when to end.
func Become(program string, args []string) (int, error) {
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)
	c := exec.Command(program, args...)
	c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return fail.CodeFindings, fail.Failed("the server cannot be started: %w", err)
	}
	return c.ProcessState.ExitCode(), nil
}
