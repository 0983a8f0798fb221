package limits_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/livec-lang/livec/limits"
)

func TestTable(t *testing.T) {
	source, err := os.ReadFile("table.go")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for i, l := range limits.All() {
		if l.Name == "" || l.Bounds == "" || l.Outcome == "" {
			t.Errorf("limit %d has no description", i)
			continue
		}
		if seen[l.Name] {
			t.Errorf("%s appears twice", l.Name)
		}
		seen[l.Name] = true
		if !regexp.MustCompile(`(?m)^\t` + l.Go() + `(?: ID = iota)?$`).Match(source) {
			t.Errorf("%s has no constant %s", l.Name, l.Go())
		}
		if !regexp.MustCompile(`\t` + l.Go() + `: \{`).Match(source) {
			t.Errorf("the constant of %s has another name than it", l.Name)
		}
		if limits.Lookup(l.Name) != l || l.ID.Limit() != l || int(l.ID) != i {
			t.Errorf("%s is not found", l.Name)
		}
		if l.Share == 0 && l.Computed == "" && l.Default < l.Min {
			t.Errorf("%s: the default is less than the least value", l.Name)
		}
		v, err := l.Parse(l.Example())
		if err != nil || l.Format(v) != l.Example() {
			t.Errorf("%s: %s is read as %d, %v", l.Name, l.Example(), v, err)
		}
	}
}

func TestNames(t *testing.T) {
	l := limits.MaxConnectionsPerUser.Limit()
	if l.Flag() != "max-connections-per-user" || l.Env() != "LIVE_MAX_CONNECTIONS_PER_USER" || l.Go() != "MaxConnectionsPerUser" {
		t.Errorf("%s %s %s", l.Flag(), l.Env(), l.Go())
	}
}

func TestParse(t *testing.T) {
	for _, c := range []struct {
		id   limits.ID
		text string
		want int64
		bad  string
	}{
		{limits.MaxConnections, "12", 12, ""},
		{limits.MaxConnections, "0", 0, "at least 1"},
		{limits.MaxConnections, "-1", 0, "a number"},
		{limits.MaxConnections, "12kb", 0, "a number"},
		{limits.MaxConnections, "", 0, "a number"},
		{limits.MaxPayload, "2MB", 2 << 20, ""},
		{limits.MaxPayload, "4096", 4096, ""},
		{limits.MaxPayload, "10s", 0, "a size"},
		{limits.MaxPayload, "9999999999gb", 0, "a size"},
		{limits.HelloWait, "1500ms", 1500, ""},
		{limits.HelloWait, "2m", 120_000, ""},
		{limits.HelloWait, "2", 0, "a duration"},
		{limits.HelloWait, "kb", 0, "a duration"},
	} {
		got, err := c.id.Limit().Parse(c.text)
		if c.bad == "" && (err != nil || got != c.want) || c.bad != "" && (err == nil || !strings.Contains(err.Error(), c.bad)) {
			t.Errorf("%s %q: %d, %v", c.id, c.text, got, err)
		}
	}
}

func TestValues(t *testing.T) {
	v := limits.Values{limits.MaxPayload: 1 << 20}.With(limits.Values{limits.MaxConnections: 5})
	full := v.Full(1 << 30)
	if full[limits.MaxPayload] != 1<<20 || full[limits.MaxConnections] != 5 || full[limits.MaxRows] != limits.MaxRows.Limit().Default {
		t.Error(full)
	}
	if full[limits.MaxQueueMemory] != 1<<27 || full[limits.Memory] != 1<<30 {
		t.Error("shares follow the memory of the server", full)
	}
	if full := v.With(limits.Values{limits.Memory: 1 << 28}).Full(1 << 30); full[limits.MaxQueueMemory] != 1<<25 {
		t.Error("shares follow the memory that is set", full)
	}
	if err := (limits.Values{limits.MaxRows: 0}).Check(); err == nil {
		t.Error("maxRows 0 is refused")
	}
}
