package runtime

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// leisure is the least number of bytes that a server allocates between two garbage collections. Much more would save little, and spread
// live objects over more memory.
const leisure = 8 << 20

// EaseCollector has the garbage collector of this process run less often while the heap is small. Go collects whenever the heap has grown
// by as much as is live. With a few live megabytes that is many times a second; now it waits for at least 8 MiB of new allocation. The
// environment variable GOGC overrides it. Main calls it; programs that call New themselves may, before they serve.
func EaseCollector() {
	if os.Getenv("GOGC") != "" {
		return
	}
	e := &easing{percent: standard, samples: []metrics.Sample{
		{Name: "/gc/heap/live:bytes"}, {Name: "/gc/scan/stack:bytes"}, {Name: "/gc/scan/globals:bytes"},
	}}
	e.collected(nil)
}

// standard is Go's own setting: the growth of the heap between collections, as a percentage of what is alive.
const standard = 100

// easing adjusts the collector after each collection, when the size of the live heap is known.
type easing struct {
	samples []metrics.Sample
	percent int
}

// collection is garbage from the start, so its finalizer runs at each collection.
type collection struct{ easing *easing }

func (e *easing) collected(*collection) {
	metrics.Read(e.samples)
	alive := uint64(0)
	for _, s := range e.samples {
		if s.Value.Kind() == metrics.KindUint64 {
			alive += s.Value.Uint64()
		}
	}
	// Setting it stops the program for a moment, so small differences are ignored.
	if p := easedPercent(alive); p > e.percent*5/4 || p < e.percent*4/5 {
		e.percent = p
		debug.SetGCPercent(p)
	}
	runtime.SetFinalizer(&collection{easing: e}, func(c *collection) { c.easing.collected(c) })
}

// easedPercent is the percentage of what is alive that may be allocated before the next collection.
func easedPercent(alive uint64) int {
	const least = 128 << 10 // of which leisure is a percentage within reason
	return max(standard, int(leisure*100/max(alive, least)))
}
