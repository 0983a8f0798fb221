package runtime

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// leisure is how many bytes a server may allocate between two collections of garbage at least. Much more would spare little, and spread what lives over more memory.
const leisure = 8 << 20

// EaseCollector has the garbage collector of this process run less often while the heap is small. Go collects whenever the heap has grown by as much as is alive, which of a server that has a few megabytes
// is many times a second; now it waits for 8 MiB, and for the larger of both once more is alive. It does nothing where the environment's GOGC says what to do. Main calls it; programs that
// call New themselves may, before they serve.
func EaseCollector() {
	if os.Getenv("GOGC") != "" {
		return
	}
	e := &easing{samples: []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/scan/stack:bytes"}, {Name: "/gc/scan/globals:bytes"}}, percent: standard}
	e.collected(nil)
}

// standard is Go's own setting: the growth of the heap between collections, as a percentage of what is alive.
const standard = 100

// easing sets the collector anew after each collection, when what is alive is known.
type easing struct {
	samples []metrics.Sample
	percent int
}

// collection is garbage from the start, so that its finalizer tells of each collection.
type collection struct{ easing *easing }

func (e *easing) collected(*collection) {
	metrics.Read(e.samples)
	alive := uint64(0)
	for _, s := range e.samples {
		if s.Value.Kind() == metrics.KindUint64 {
			alive += s.Value.Uint64()
		}
	}
	// To set it stops the program for a moment, so small differences do not count.
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
