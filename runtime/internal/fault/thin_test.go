package fault

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestThin(t *testing.T) {
	var out strings.Builder
	log := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
	now := time.Unix(0, 0)
	thin := Thin{now: func() time.Time { return now }}
	for i := range 25 {
		thin.Log(log, slog.LevelWarn, "a", "it fails", "n", i)
		now = now.Add(time.Second)
	}
	thin.Log(log, slog.LevelError, "b", "other")
	want := "level=WARN msg=\"it fails\" n=0\nlevel=WARN msg=\"it fails\" n=10 left_out=9\nlevel=WARN msg=\"it fails\" n=20 left_out=9\n" +
		"level=ERROR msg=other\n"
	if out.String() != want {
		t.Errorf("logged\n%swant\n%s", out.String(), want)
	}
	for i := range 10 * maxKinds {
		thin.take(fmt.Sprint(i))
	}
	if len(thin.kinds) > maxKinds {
		t.Errorf("%d kinds are kept", len(thin.kinds))
	}
}
