package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a server in a process of its own.
type process struct {
	addr string // address of what is measured
	ctl  string // base URL of its control server
	cmd  *exec.Cmd
}

// startServer runs a server in a process of its own.
func startServer(ctx context.Context, name string) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	args := []string{"-serve", name}
	if profilePath != "" {
		args = append(args, "-cpuprofile", profilePath+"."+name)
	}
	p := &process{cmd: exec.CommandContext(ctx, self, args...)}
	p.cmd.Stderr = os.Stderr
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	f := strings.Fields(line)
	if err != nil || len(f) != 2 {
		p.stop()
		return nil, fmt.Errorf("the server %s did not start", name)
	}
	p.addr, p.ctl = f[0], "http://"+f[1]
	return p, nil
}

func (p *process) stop() {
	_ = p.cmd.Process.Signal(os.Interrupt)
	_ = p.cmd.Wait()
}

// stats is what a server reports about its process.
type stats struct {
	CPU time.Duration // user and system
	RSS int64         // bytes, after a collection; 0 unless asked for
}

func (p *process) stats(ctx context.Context, memory bool) (s stats, err error) {
	path := "/stats"
	if memory {
		path = "/stats/memory"
	}
	err = p.get(ctx, path, nil, &s)
	return s, err
}

func (p *process) get(ctx context.Context, path string, query url.Values, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.ctl+path+"?"+query.Encode(), nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return errors.New(resp.Status)
	}
	if into == nil {
		return nil
	}
	return json.NewDecoder(resp.Body).Decode(into)
}

// server is what runServer runs: handler serves the clients, and burst publishes events.
type server struct {
	handler http.Handler
	burst   func(events int)
	close   func()
}

var servers = map[string]func(ctx context.Context) (*server, error){
	"live":          serveApp(wide),
	"live-limited":  serveApp(nil),
	"live-topic":    serveLiveTopic,
	"live-room":     serveRoom,
	"gorilla":       serveGorilla,
	"melody":        serveMelody,
	"melody-topics": serveMelodyTopics,
}

// runServer serves until its process is killed or ctx ends.
func runServer(ctx context.Context, name string) error {
	start := servers[name]
	if start == nil {
		return fmt.Errorf("there is no server %q", name)
	}
	s, err := start(ctx)
	if err != nil {
		return err
	}
	if s.close != nil {
		defer s.close()
	}
	clients, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	ctl, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /stats", func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(stats{CPU: ownCPU()}) })
	mux.HandleFunc("GET /stats/memory", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(stats{CPU: ownCPU(), RSS: ownRSS()})
	})
	mux.HandleFunc("GET /burst", func(_ http.ResponseWriter, r *http.Request) {
		if n, err := strconv.Atoi(r.FormValue("n")); err == nil && s.burst != nil {
			s.burst(n)
		}
	})
	failed := make(chan error, 2)
	go func() { failed <- http.Serve(ctl, mux) }()
	go func() { failed <- http.Serve(clients, s.handler) }()
	fmt.Println(clients.Addr(), ctl.Addr())
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		return nil
	}
}

// ownCPU gives the CPU time of this process.
func ownCPU() time.Duration {
	var use syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &use) // fails only for an unknown who, and RUSAGE_SELF is known
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

// ownRSS gives the resident memory of this process, after it has returned what it can. Each collection halves stacks that have become too
// large, so it takes several.
func ownRSS() int64 {
	for range 4 {
		debug.FreeOSMemory() // also collects
	}
	b, err := os.ReadFile("/proc/self/statm")
	f := strings.Fields(string(b))
	if err != nil || len(f) < 2 {
		return 0
	}
	pages, _ := strconv.ParseInt(f[1], 10, 64)
	return pages * int64(os.Getpagesize())
}
