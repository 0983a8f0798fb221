package topic

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// total is the account of a test.
type total int64

func (t *total) Add(bytes int64) { *t += total(bytes) }

// TestMeter compares what is counted for a topic with what it keeps.
func TestMeter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hub := NewHub(rapid.SampledFrom([]int{1, 3000, 100_000}).Draw(t, "retained"))
		defer hub.Close()
		var counted total
		tp, newest := hub.NewLog(rapid.IntRange(0, 3).Draw(t, "events")), hub.NewLatest(true, 0, nil)
		tp.Charge(&counted)
		newest.Charge(&counted)
		value := func() []byte {
			return []byte(`"` + strings.Repeat("x", rapid.SampledFrom([]int{0, 10, 3000, 70_000}).Draw(t, "size")) + `"`)
		}
		key := rapid.SampledFrom([]string{"a", "b", "c"})
		t.Repeat(map[string]func(*rapid.T){
			"append": func(*rapid.T) { tp.Append("set", value()) },
			"put":    func(t *rapid.T) { newest.Put(key.Draw(t, "key"), "set", value()) },
			"remove": func(t *rapid.T) { newest.Remove(key.Draw(t, "key"), "removed", value()) },
			"reset":  func(*rapid.T) { newest.Reset() },
			"read":   func(t *rapid.T) { newest.Read(rapid.Uint64Range(0, newest.Head()).Draw(t, "after"), 0) },
			"": func(t *rapid.T) {
				want := 2 * fixedSize
				for _, s := range tp.log.segments {
					want += s.size()
				}
				for _, c := range newest.latest.changes {
					want += c.size()
				}
				for _, r := range newest.latest.cache {
					want += cap(r.events)
				}
				if int(counted) != want {
					t.Fatalf("%d bytes are counted, and %d kept", counted, want)
				}
			},
		})
		tp.Close()
		newest.Close()
		tp.Append("set", value())
		newest.Put("a", "set", value())
		if counted != 0 {
			t.Fatalf("%d bytes are counted of topics that are closed", counted)
		}
	})
}
