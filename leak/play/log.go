package play

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
)

// logger is a slog.Handler that keeps the log.
type logger struct {
	attrs string
	root  *logger

	mu  sync.Mutex
	out []string
}

func (l *logger) logger() *slog.Logger { return slog.New(l) }

func (l *logger) base() *logger {
	if l.root != nil {
		return l.root
	}
	return l
}

// Enabled keeps all levels.
func (*logger) Enabled(context.Context, slog.Level) bool { return true }

// Handle keeps a line.
func (l *logger) Handle(_ context.Context, r slog.Record) error {
	var b strings.Builder
	fmt.Fprintf(&b, "log %s %s%s", r.Level, r.Message, l.attrs)
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "request" {
			return true
		}
		fmt.Fprintf(&b, " %s=%v", a.Key, a.Value)
		return true
	})
	to := l.base()
	to.mu.Lock()
	defer to.mu.Unlock()
	to.out = append(to.out, b.String())
	return nil
}

// WithAttrs returns a handler that adds them.
func (l *logger) WithAttrs(attrs []slog.Attr) slog.Handler {
	all := l.attrs
	for _, a := range attrs {
		if a.Key == "request" { // an id that each request gets at random
			continue
		}
		all += fmt.Sprintf(" %s=%v", a.Key, a.Value)
	}
	return &logger{attrs: all, root: l.base()}
}

// WithGroup ignores the group.
func (l *logger) WithGroup(string) slog.Handler { return l }

// take returns the log since its last call, and the part of it that must be the same for both databases.
func (l *logger) take() (out, compared []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	out, l.out = l.out, nil
	for _, line := range out {
		line, _, _ = strings.Cut(line, " stack=") // the stack of a panic has addresses in it
		compared = append(compared, anyTook.ReplaceAllString(line, "#"))
	}
	return out, compared
}
