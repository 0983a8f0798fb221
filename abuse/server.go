package abuse

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Config says how a server is started.
type Config struct {
	Program  string   // its path, from Build
	DB       string   // path of the database
	Flags    []string // besides --addr and --db
	Env      []string // NAME=value, besides the environment of this process
	Memory   int64    // GOMEMLIMIT in bytes; 0 for none
	Files    int      // the most open files; 0 for no limit of its own
	FileSize int      // the most kilobytes of a file, as if the disk was full then; 0 for no limit
}

// Server is a server in a process of its own.
type Server struct {
	Addr string // host:port
	DB   string

	cmd    *exec.Cmd
	log    logged
	exited chan struct{} // closed when the process has ended
	err    error         // why it did not end well; set before exited is closed
}

// ErrExited means that the process ended before it listened.
var ErrExited = errors.New("the server did not start")

var listening = regexp.MustCompile(`http://([0-9.:]+)`)

// Start starts a server on a free port, and waits until it listens. It is killed when ctx ends.
func Start(ctx context.Context, c Config) (*Server, error) {
	limits := ""
	if c.Files > 0 {
		limits += fmt.Sprintf("ulimit -n %d; ", c.Files)
	}
	if c.FileSize > 0 {
		limits += fmt.Sprintf("ulimit -f %d; ", 2*c.FileSize) // in blocks of 512 bytes
	}
	args := append([]string{"-c", limits + `exec "$0" "$@"`, c.Program, "--addr", "127.0.0.1:0", "--db", c.DB}, c.Flags...)
	s := &Server{DB: c.DB, cmd: exec.CommandContext(ctx, "sh", args...), exited: make(chan struct{})}
	s.cmd.Env = append(os.Environ(), c.Env...)
	if c.Memory > 0 {
		s.cmd.Env = append(s.cmd.Env, fmt.Sprintf("GOMEMLIMIT=%d", c.Memory))
	}
	s.cmd.Stderr = &s.log
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	line, readErr := bufio.NewReader(out).ReadString('\n')
	go func() {
		defer close(s.exited)
		_, _ = io.Copy(io.Discard, out)
		s.err = s.cmd.Wait()
	}()
	m := listening.FindStringSubmatch(line)
	if readErr != nil || m == nil {
		s.Kill()
		return nil, fmt.Errorf("%w: %s", ErrExited, reason(s.Log()))
	}
	s.Addr = m[1]
	return s, nil
}

// reason is the first line of what a server has written that is none of its log.
func reason(text string) string {
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "time=") && !strings.HasPrefix(line, "{") {
			return strings.TrimSpace(line)
		}
	}
	return text
}

// Signal sends the process a signal.
func (s *Server) Signal(sig syscall.Signal) error { return s.cmd.Process.Signal(sig) }

// Kill ends the process at once, and waits until it has ended.
func (s *Server) Kill() {
	_ = s.cmd.Process.Kill() // it may have ended
	<-s.exited
}

// Exit waits until the process has ended, and says why it did not end well.
func (s *Server) Exit(ctx context.Context) error {
	select {
	case <-s.exited:
		return s.err
	case <-ctx.Done():
		return fmt.Errorf("the server runs on: %w", ctx.Err())
	}
}

// Log is what the process has written to standard error so far.
func (s *Server) Log() string { return s.log.String() }

// PeakMemory is the most memory that the process has had at once (RSS), in bytes.
func (s *Server) PeakMemory() (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if text, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(text), " kB"), 10, 64)
			return kb << 10, err
		}
	}
	return 0, errors.New("the status of the process has no VmHWM")
}

// Figures are metrics of a server: by name and, if they have some, labels as Prometheus writes them.
type Figures map[string]float64

// Sum adds up all figures of a name.
func (f Figures) Sum(name string) (sum float64) {
	for series, v := range f {
		if series == name || strings.HasPrefix(series, name+"{") {
			sum += v
		}
	}
	return sum
}

// Limit is a figure of one limit, such as live_limit_used.
func (f Figures) Limit(figure, limit string) float64 { return f[figure+`{limit="`+limit+`"}`] }

// Figures asks the server for its metrics.
func (s *Server) Figures(ctx context.Context) (Figures, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.Addr+"/metrics", nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("metrics: %s", resp.Status)
	}
	f := Figures{}
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		series, text, ok := cutLast(lines.Text(), " ")
		if v, err := strconv.ParseFloat(text, 64); ok && err == nil && !strings.HasPrefix(series, "#") {
			f[series] = v
		}
	}
	return f, lines.Err()
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// poll asks again and again until a condition holds, or ctx ends. Then it gives what the condition said before.
func poll(ctx context.Context, condition func() error) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	err := ctx.Err()
	for {
		now := condition()
		if now == nil {
			return nil
		}
		if err == nil || ctx.Err() == nil {
			err = now
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return err
		}
	}
}

// logged keeps the start of what is written to it.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// maxLogged is how much of a log is kept, in bytes.
const maxLogged = 1 << 20

// Write is part of io.Writer.
func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if room := maxLogged - l.text.Len(); room > 0 {
		l.text.Write(p[:min(len(p), room)])
	}
	return len(p), nil
}

// String is what is kept.
func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
