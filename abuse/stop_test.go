package abuse

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// ready asks whether clients should be sent to a server, and gives an error with the answer if it is not this one.
func ready(ctx context.Context, s *Server, status int, want string) error {
	reply, err := s.Get(ctx, http.DefaultClient, "/readyz")
	if err == nil && (reply.Status != status || !strings.Contains(reply.Body, want)) {
		err = fmt.Errorf("/readyz answers %d %s, want %d with %s", reply.Status, reply.Body, status, want)
	}
	return err
}

// TestSecondSignal stops a server while a call runs for long: it waits for the call, and a second signal ends it at once. What was
// acknowledged is there after that.
func TestSecondSignal(t *testing.T) {
	program(t)
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		t.Run(sig.String(), func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			s, list := written(ctx, t, "s", "--drain-time", "1h", "--call-time", "1h", "--max-write-time", "1h")
			c, err := s.Dial(ctx, Address(9))
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			for _, frame := range []string{request("call", 1, "grind", `["long",1000000000]`), `{"t":"ping"}`} {
				if err := c.Send(frame); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := c.Until(ctx, func(m Message) bool { return m.Kind == "pong" }); err != nil { // the call has begun before
				t.Fatal(err)
			}
			if err := s.Signal(sig); err != nil {
				t.Fatal(err)
			}
			if err := poll(ctx, func() error { return ready(ctx, s, http.StatusServiceUnavailable, "draining") }); err != nil {
				t.Fatal(err)
			}
			if err := s.Signal(sig); err != nil {
				t.Fatal(err)
			}
			var exit *exec.ExitError
			if err := s.Exit(ctx); !errors.As(err, &exit) || exit.ExitCode() != 1 {
				t.Errorf("it ends with %v, want the exit code 1", err)
			}
			if !strings.Contains(s.Log(), "abuse: a second signal has ended the server at once") {
				t.Errorf("it says only %s", s.Log())
			}
			verify(ctx, t, durable(ctx, t, Config{DB: s.DB}), list)
		})
	}
}
