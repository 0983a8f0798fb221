// Package throttle keeps lines that repeat from filling a log.
package throttle

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"
)

const (
	each     = 10 * time.Second // between two lines of one kind, unless Log.Each says otherwise
	maxKinds = 256              // kinds of lines that are remembered; further ones count as one kind
	maxName  = 256              // bytes of the name of a kind; those that differ only later are one kind
)

// Log writes lines of one kind at most once in a period, so that what happens again and again does not fill the log. A line says how many
// were left out before it. The zero value is ready to use; it is safe for concurrent use.
//
// Kinds may come from clients: there are at most maxKinds lines in a period, and one more, and names have maxName bytes.
type Log struct {
	Each time.Duration // the period; 0: 10 s

	mu     sync.Mutex
	kinds  map[string]*kind
	others kind             // all kinds beyond maxKinds, together
	now    func() time.Time // for tests; nil: time.Now
}

// kind is what is known of the lines of one kind.
type kind struct {
	last    time.Time // when a line was written; zero: never
	leftOut int       // lines since then
}

// Write writes a line of a kind to a log, unless another one was written within the period.
func (l *Log) Write(to *slog.Logger, level slog.Level, kind, message string, args ...any) {
	leftOut, due := l.take(kind)
	if !due {
		return
	}
	if leftOut > 0 {
		args = append(args[:len(args):len(args)], "left_out", leftOut)
	}
	to.Log(context.Background(), level, message, args...)
}

// take reports whether a line of a kind is to be written, and how many were left out before it.
func (l *Log) take(name string) (leftOut int, due bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if l.now != nil {
		now = l.now()
	}
	k := l.kind(name, now)
	if !l.over(k, now) {
		k.leftOut++
		return 0, false
	}
	leftOut, k.leftOut, k.last = k.leftOut, 0, now
	return leftOut, true
}

// over reports whether the period since the last line of a kind is over.
func (l *Log) over(k *kind, now time.Time) bool {
	period := l.Each
	if period <= 0 {
		period = each
	}
	return k.last.IsZero() || now.Sub(k.last) >= period
}

// kind finds what is known of a kind, and makes room for a new one. What was left out of a kind that is forgotten counts for the others.
func (l *Log) kind(name string, now time.Time) *kind {
	name = name[:min(len(name), maxName)]
	if k := l.kinds[name]; k != nil {
		return k
	}
	if len(l.kinds) >= maxKinds {
		for other, k := range l.kinds {
			if l.over(k, now) {
				l.others.leftOut += k.leftOut
				delete(l.kinds, other)
			}
		}
	}
	if len(l.kinds) >= maxKinds {
		return &l.others
	}
	if l.kinds == nil {
		l.kinds = map[string]*kind{}
	}
	k := &kind{}
	l.kinds[strings.Clone(name)] = k // which may be a part of something large
	return k
}
