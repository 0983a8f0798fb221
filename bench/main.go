// Command bench measures Live against what one would write by hand. It prints one JSON line for each figure:
//
//	go run ./bench [name…]
//
// Servers run in processes of their own, so that the figures of a server do not include its clients. A figure and its baseline are measured
// in the same run, in turns. docs/performance.md says how each is measured, and has the results.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime/pprof"
	"slices"
	"strings"
)

// figure is one result.
type figure struct {
	Name    string  `json:"name"`
	Value   float64 `json:"value"`
	Unit    string  `json:"unit"`
	Against string  `json:"against,omitempty"` // the baseline, and its value
	Ratio   float64 `json:"ratio,omitempty"`   // how many times better than the baseline
}

// benchmarks by name, in the order in which they run.
var benchmarks = []struct {
	name string
	run  func(ctx context.Context, report func(figure)) error
}{
	{"dispatch", dispatch},
	{"rpc_pipelined", rpcPipelined},
	{"overload", overload},
	{"fanout_1000", func(ctx context.Context, report func(figure)) error {
		return fanout(ctx, report, "fanout_1000", 1000, 200)
	}},
	{"fanout_5000", func(ctx context.Context, report func(figure)) error {
		return fanout(ctx, report, "fanout_5000", 5000, 100)
	}},
	{"cursors", cursors},
	{"merges", merges},
	{"idle_memory", idleMemory},
	{"store_writes", storeWrites},
	{"live_window", liveWindow},
	{"live_routing", liveRouting},
	{"live_memory", liveMemory},
	{"live_join", liveJoin},
	{"compile", compile},
}

func main() {
	serve := flag.String("serve", "", "run the named `server` for another process of this command")
	flag.StringVar(&profilePath, "cpuprofile", "", "write a CPU profile of this process to `file`, and of each server to file.server")
	flag.Usage = func() {
		var names []string
		for _, b := range benchmarks {
			names = append(names, b.name)
		}
		fmt.Fprintf(flag.CommandLine.Output(), "usage: bench [-cpuprofile file] [name…]\nnames: %s\n", strings.Join(names, " "))
	}
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var err error
	work := func() error { return run(ctx, flag.Args()) }
	if *serve != "" {
		work = func() error { return runServer(ctx, *serve) }
	}
	if profilePath != "" {
		err = profiled(work)
	} else {
		err = work()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// profilePath is where profiles are written; "" for none.
var profilePath string

func profiled(fn func() error) error {
	f, err := os.Create(profilePath)
	if err != nil {
		return err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return errors.Join(err, f.Close())
	}
	err = fn()
	pprof.StopCPUProfile()
	return errors.Join(err, f.Close())
}

func run(ctx context.Context, names []string) error {
	known := func(name string) bool {
		for _, b := range benchmarks {
			if b.name == name {
				return true
			}
		}
		return false
	}
	for _, n := range names {
		if !known(n) {
			return fmt.Errorf("there is no benchmark %q; see --help", n)
		}
	}
	out := json.NewEncoder(os.Stdout)
	for _, b := range benchmarks {
		if len(names) > 0 && !slices.Contains(names, b.name) {
			continue
		}
		if err := b.run(ctx, func(f figure) { _ = out.Encode(f) }); err != nil {
			return fmt.Errorf("%s: %w", b.name, err)
		}
	}
	return nil
}

// median of values, which it sorts.
func median(values []float64) float64 {
	slices.Sort(values)
	if n := len(values); n%2 == 0 {
		return (values[n/2-1] + values[n/2]) / 2
	}
	return values[len(values)/2]
}

// round3 keeps three significant digits. Two runs do not agree in more.
func round3(v float64) float64 {
	var r float64
	_, _ = fmt.Sscan(fmt.Sprintf("%.3g", v), &r)
	return r
}
