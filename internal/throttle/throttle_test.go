package throttle

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// logger writes lines without their time.
func logger(out *strings.Builder) *slog.Logger {
	return slog.New(slog.NewTextHandler(out, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
}

func TestLog(t *testing.T) {
	for period, want := range map[time.Duration]string{
		0: "level=WARN msg=\"it fails\" n=0\nlevel=WARN msg=\"it fails\" n=10 left_out=9\nlevel=WARN msg=\"it fails\" n=20 left_out=9\n" +
			"level=ERROR msg=other\n",
		20 * time.Second: "level=WARN msg=\"it fails\" n=0\nlevel=WARN msg=\"it fails\" n=20 left_out=19\nlevel=ERROR msg=other\n",
	} {
		var out strings.Builder
		now := time.Unix(0, 0)
		l, to := Log{Each: period, now: func() time.Time { return now }}, logger(&out)
		for i := range 25 {
			l.Write(to, slog.LevelWarn, "a", "it fails", "n", i)
			now = now.Add(time.Second)
		}
		l.Write(to, slog.LevelError, "b", "other")
		if out.String() != want {
			t.Errorf("each %s: logged\n%swant\n%s", period, out.String(), want)
		}
	}
}

// TestManyKinds has ever new kinds, as clients may make them: the memory and the lines are bounded, and what was left out is counted.
func TestManyKinds(t *testing.T) {
	now := time.Unix(0, 0)
	l := Log{now: func() time.Time { return now }}
	const all = 10 * maxKinds
	wrote, leftOut := 0, 0
	for period := range 3 {
		for i := range all {
			n, due := l.take(fmt.Sprint(period, i))
			if due {
				wrote++
				leftOut += n
			}
		}
		if len(l.kinds) > maxKinds {
			t.Errorf("%d kinds are kept", len(l.kinds))
		}
		if most := (period + 1) * (maxKinds + 1); wrote > most {
			t.Errorf("%d lines in %d periods, want at most %d", wrote, period+1, most)
		}
		now = now.Add(each)
	}
	if wrote+leftOut+l.others.leftOut != 3*all {
		t.Errorf("%d lines were written, and %d and %d left out, of %d", wrote, leftOut, l.others.leftOut, 3*all)
	}
}
