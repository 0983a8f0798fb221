package govern

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/livec-lang/livec/limits"
)

func TestAccount(t *testing.T) {
	var log bytes.Buffer
	g := New(limits.Values{limits.MaxConnections: 2}, 1<<30, slog.New(slog.NewTextHandler(&log, nil)))
	a := g.Account(limits.MaxConnections)
	for i, want := range []bool{true, true, false, false} {
		if a.Take(1) != want {
			t.Errorf("take %d: %t is wrong", i, !want)
		}
	}
	if a.Used() != 2 || !a.Full() {
		t.Errorf("%d in use", a.Used())
	}
	if g.ReachedTotal(limits.MaxConnections) != 2 {
		t.Errorf("%d refusals are counted", g.ReachedTotal(limits.MaxConnections))
	}
	if n := strings.Count(log.String(), "maxConnections"); n != 1 {
		t.Errorf("the log names the limit %d times: %s", n, &log)
	}
	a.Add(-1)
	if !a.Take(1) || a.Take(1) {
		t.Error("what is given back can be taken again, once")
	}
}

func TestQuotas(t *testing.T) {
	g := New(limits.Values{limits.MaxConnectionsPerUser: 2}, 1<<30, nil)
	s := g.Quotas(limits.MaxConnectionsPerUser)
	if !s.Take("a", 2) || s.Take("a", 1) || !s.Take("b", 1) {
		t.Error("each key has its own share")
	}
	s.Give("a", 1)
	if !s.Take("a", 1) || s.Used("a") != 2 {
		t.Error("what is given back can be taken again")
	}
	s.Give("a", 2)
	s.Give("b", 1)
	for i := range s.shards {
		if len(s.shards[i].used) != 0 {
			t.Errorf("keys stay: %v", s.shards[i].used)
		}
	}
}

func TestCgroupMemory(t *testing.T) {
	root := t.TempDir()
	put := func(path, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(root, path)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, path), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	self := filepath.Join(root, "self")
	for _, c := range []struct {
		name, self string
		files      map[string]string
		want       int64
	}{
		{"none", "0::/\n", nil, 0},
		{"version 2", "0::/a/b\n", map[string]string{"a/b/memory.max": "max\n", "a/memory.max": "500000\n", "memory.max": "900000\n"}, 500000},
		{"version 2, in a container", "0::/host/path\n", map[string]string{"memory.max": "700000\n"}, 700000},
		{"version 1", "4:cpu,memory:/x\n0::/\n", map[string]string{"memory/x/memory.limit_in_bytes": "800000\n"}, 800000},
		{"version 1 without a limit", "4:memory:/y\n", map[string]string{"memory/y/memory.limit_in_bytes": "9223372036854771712\n"}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			root = t.TempDir()
			put("self", c.self)
			self = filepath.Join(root, "self")
			for path, text := range c.files {
				put(path, text)
			}
			if got := cgroupMemory(root, self); got != c.want {
				t.Errorf("%d bytes, want %d", got, c.want)
			}
		})
	}
	if cgroupMemory(root, filepath.Join(root, "missing")) != 0 {
		t.Error("a system without control groups has no limit by them")
	}
}

func TestMemory(t *testing.T) {
	if m := Memory(); m < 1<<20 {
		t.Errorf("this process may use %d bytes", m)
	}
}

func TestFits(t *testing.T) {
	g := New(limits.Values{limits.MaxTopicMemory: 10}, 1<<30, nil)
	a := g.Account(limits.MaxTopicMemory)
	idle := 2
	a.OnFull(func() bool { return false })
	a.OnFull(func() bool {
		if idle == 0 {
			return false
		}
		idle--
		a.Add(-3)
		return true
	})
	if a.Add(9); !a.Fits(1) || idle != 2 || g.ReachedTotal(limits.MaxTopicMemory) != 0 {
		t.Error("what fits needs no room")
	}
	if !a.Fits(2) || idle != 1 || a.Used() != 6 {
		t.Errorf("%d are idle, %d in use", idle, a.Used())
	}
	if a.Fits(8) || idle != 0 || a.Used() != 3 {
		t.Errorf("%d are idle, %d in use", idle, a.Used())
	}
	if a.Trim(); g.ReachedTotal(limits.MaxTopicMemory) != 2 {
		t.Errorf("%d times is counted", g.ReachedTotal(limits.MaxTopicMemory))
	}
	a.Add(9)
	idle = 5
	if a.Trim(); a.Used() != 9 || idle != 4 {
		t.Errorf("%d are idle, %d in use", idle, a.Used())
	}
}
