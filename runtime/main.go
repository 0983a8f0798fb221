package runtime

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/console"
	"github.com/livec-lang/livec/runtime/govern"
	"github.com/livec-lang/livec/runtime/internal/door"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/store/sqlite"
)

// Exit codes of Main.
const (
	exitOK     = 0
	exitFailed = 1
	exitMisuse = 2
)

const (
	defaultAddr = "127.0.0.1:8080"
	maxHeader   = 32 << 10 // bytes; every connection keeps the headers of its request
)

// Main runs a compiled app as a program and returns its exit code: 0 after an orderly end by SIGINT or SIGTERM, 1 if it cannot run or a
// second signal has ended it, 2 for flags and settings that cannot be read. It reports an error in one line on standard error. The caller
// must end the process with the code: after a second signal, parts of the server still run.
func Main(reg *Registry) int {
	signals := make(chan os.Signal, 2) // the first one, and the second one
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	EaseCollector()
	p := program{reg: reg, out: os.Stdout, err: os.Stderr, lookup: os.LookupEnv, environ: os.Environ()}
	return p.heed(signals, os.Args[1:])
}

// heed runs the program until it has ended: in order after a first signal, and at once after a second one.
func (p *program) heed(signals <-chan os.Signal, args []string) int {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	ended := make(chan int, 1)
	go func() { ended <- p.run(ctx, args) }()
	for {
		select {
		case code := <-ended:
			return code
		case <-signals:
			if ctx.Err() != nil {
				fmt.Fprintf(p.err, "%s: a second signal has ended the server at once; running calls were cut off, "+
					"and what was acknowledged is in the database\n", p.name())
				return exitFailed
			}
			stop()
		}
	}
}

// program is one run of Main.
type program struct {
	reg      *Registry
	out, err io.Writer
	lookup   func(string) (string, bool)
	environ  []string        // all variables, for those that are misspelled
	asked    map[string]bool // the variables that are settings

	addr, db, web, trusted, watched, hosts, origins, base string
	limits                                                limits.Values
	wrong                                                 error // of the flag of a limit, which says more than package flag does
}

func (p *program) env(name, otherwise string) string {
	if v, ok := p.lookup(name); ok && v != "" {
		return v
	}
	return otherwise
}

// name is that of the app.
func (p *program) name() string {
	if name := p.reg.app.Name; name != "" {
		return name
	}
	return "live"
}

func (p *program) run(ctx context.Context, args []string) int {
	p.ask()
	name := p.name()
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(io.Discard) // an error is one line; the list of all flags would hide it
	flags.StringVar(&p.addr, "addr", p.env("LIVE_ADDR", defaultAddr), "`host:port` to listen on; environment variable LIVE_ADDR")
	flags.StringVar(&p.db, "db", p.env("DATABASE_URL", name+".db"), "database `file`, or :memory:; environment variable DATABASE_URL")
	flags.StringVar(&p.web, "web", p.env("LIVE_WEB", ""), "`folder` of a built web app to serve at /; environment variable LIVE_WEB")
	flags.StringVar(&p.trusted, "trusted-proxies", p.env("LIVE_TRUSTED_PROXIES", ""),
		"`addresses` of proxies in front of the server, separated by commas: ranges such as 10.0.0.0/8, loopback or private; "+
			"environment variable LIVE_TRUSTED_PROXIES")
	flags.StringVar(&p.watched, "metrics-addr", p.env("LIVE_METRICS_ADDR", ""),
		"`host:port` for /metrics, /healthz and /readyz; environment variable LIVE_METRICS_ADDR")
	flags.StringVar(&p.hosts, "hosts", p.env("LIVE_HOSTS", ""),
		"`names` under which the server is reached, separated by commas; environment variable LIVE_HOSTS")
	flags.StringVar(&p.origins, "origins", p.env("LIVE_ORIGINS", ""),
		"`origins` of web pages that may connect, separated by commas, besides those of the app and of the server itself, "+
			"such as https://app.example; environment variable LIVE_ORIGINS")
	flags.StringVar(&p.base, "base", p.env("LIVE_BASE", ""),
		"`path` below which everything is served, such as /app; environment variable LIVE_BASE")
	if err := p.limitFlags(flags); err != nil {
		fmt.Fprintf(p.err, "%s: %s\n", name, err)
		return exitMisuse
	}
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintf(p.err, "Flags of %s:\n", name)
		flags.SetOutput(p.err)
		flags.PrintDefaults()
		return exitOK
	case p.wrong != nil:
		fmt.Fprintf(p.err, "%s: %s\n", name, p.wrong)
		return exitMisuse
	case err != nil:
		fmt.Fprintf(p.err, "%s: %s; see --help\n", name, err)
		return exitMisuse
	case flags.NArg() > 0:
		fmt.Fprintf(p.err, "%s: unknown argument %q; see --help\n", name, flags.Arg(0))
		return exitMisuse
	}
	if err := p.serve(ctx, name); err != nil {
		fmt.Fprintf(p.err, "%s: %s\n", name, strings.ReplaceAll(err.Error(), "\n", "; "))
		if bad := (misuse{}); errors.As(err, &bad) {
			return exitMisuse
		}
		return exitFailed
	}
	return exitOK
}

// serve runs the server until ctx ends.
func (p *program) serve(ctx context.Context, name string) (err error) {
	set, err := p.settings()
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(p.err, nil))
	if set.production {
		log = slog.New(slog.NewJSONHandler(p.err, nil))
	}
	path := strings.TrimPrefix(strings.TrimPrefix(p.db, "sqlite:"), "//")
	if scheme, _, ok := strings.Cut(p.db, "://"); ok && scheme != "sqlite" && scheme != "file" {
		return misuse{fmt.Errorf("databases of kind %q are not supported; set DATABASE_URL or --db to the path of an SQLite file", scheme)}
	}
	listener, err := net.Listen("tcp", p.addr)
	if err != nil {
		return listenError("--addr", p.addr, err)
	}
	defer listener.Close()
	watched, err := p.listenWatched()
	if err != nil {
		return err
	}
	if watched != nil {
		defer watched.Close()
	}
	db, err := sqlite.Open(ctx, path, p.reg.Tables(), sqlite.Options{
		Logger: log, Queries: p.reg.Queries(), Limits: p.reg.app.Settings.Limits.With(p.limits),
	})
	if err != nil {
		return databaseError(path, err)
	}
	opt := Options{
		Store: db, Logger: log, Production: set.production, Base: set.base, TrustedProxies: set.trusted, Origins: set.origins,
		Limits: p.limits, metricsApart: watched != nil, stopping: ctx.Done(),
	}
	if err := p.signing(&opt, path); err != nil {
		return errors.Join(err, db.Close())
	}
	p.warn(set, log)
	server, err := newServer(p.reg, opt, newEngine)
	if err != nil {
		return errors.Join(err, db.Close())
	}
	handler := p.handler(server, set.files, set.hosts)
	govern.SetMemory(server.govern.Value(limits.Memory))
	front, watch := p.front(server, handler), p.front(server, server.watched())
	watch.WriteTimeout = time.Minute
	failed := make(chan error, 2)
	sockets := govern.Sockets(govern.Files())
	entrance := door.New(door.Config{
		Most: int(sockets), Each: int(max(govern.Share(sockets), server.govern.Value(limits.MaxConnectionsPerAddress))),
		Exempt: set.trusted.Contains,
		Wait:   server.govern.Time(limits.WriteWait), Others: server.gateway.Sockets, Health: server.health(set.base),
		Refused: func() { server.govern.Reached(limits.MaxConnections) },
		Crowded: func() { server.govern.Reached(limits.MaxConnectionsPerAddress) },
	})
	front.ConnState = entrance.State
	go func() { failed <- front.Serve(entrance.Listen(listener)) }()
	switch {
	case watched != nil:
		go func() { failed <- watch.Serve(watched) }()
	case set.production:
		log.Info("the metrics are not served; set --metrics-addr (LIVE_METRICS_ADDR) to serve them at an address of their own")
	}
	p.greet(name, listener.Addr().String()+set.base, path, set.production, set.files != nil)

	select {
	case err = <-failed:
	case <-ctx.Done():
	}
	log.Info("stopping")
	return errors.Join(err, p.stop(server, db, front, watch))
}

func (p *program) greet(name string, addr, db string, production, site bool) {
	base := "http://" + addr
	fmt.Fprintf(p.out, "%s is listening on %s (database %s)\n", name, base, db)
	if site {
		fmt.Fprintf(p.out, "  app      %s/\n", base)
	}
	if !production {
		fmt.Fprintf(p.out, "  console  %s%s\n", base, console.Path)
	}
}

func listenError(flag, addr string, err error) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("the address %s is in use; stop the program that listens there, or choose another address with %s", addr, flag)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return fmt.Errorf("this machine does not have the address %s; set %s to one that it has, or to 0.0.0.0 for all of them", addr, flag)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("this user is not allowed to listen on %s; choose a port above 1023 with %s", addr, flag)
	}
	bad := fmt.Errorf("cannot listen on %q: %w; set %s to host:port, such as %s", addr, err, flag, defaultAddr)
	if text := (*net.AddrError)(nil); errors.As(err, &text) {
		return misuse{bad}
	}
	return bad
}

func databaseError(path string, err error) error {
	switch {
	case errors.Is(err, store.ErrLocked):
		return fmt.Errorf("%w with --db", err) // it says who uses it, and what to do
	case errors.Is(err, store.ErrDrift):
		return fmt.Errorf("the database %s does not fit this app; choose another file with --db, "+
			"or move the old one away to start with an empty one: %w", path, err)
	case errors.Is(err, os.ErrPermission):
		return fmt.Errorf("the database %s cannot be written; make the file and its folder writable, "+
			"or choose another file with --db: %w", path, err)
	}
	reason := strings.TrimPrefix(err.Error(), store.ErrUnavailable.Error()+": ") // which says it again
	return fmt.Errorf("the database %s cannot be used; choose another file with --db: %s", path, reason)
}
