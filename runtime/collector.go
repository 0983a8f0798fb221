package runtime

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// minAllocation is the least number of bytes that a server allocates between two garbage collections. Much more would save little, and
// spread live objects over more memory.
const minAllocation = 8 << 20

// EaseCollector makes the garbage collector of this process run less often while the heap is small. Go starts a collection when the heap
// has grown by the size of the live heap. With a few live megabytes that is many times a second; now it waits for at least 8 MiB of new
// allocation. The environment variable GOGC overrides this. Main calls it; programs that call New themselves may call it before they serve.
func EaseCollector() {
	if os.Getenv("GOGC") != "" {
		return
	}
	e := &easing{percent: standard, samples: []metrics.Sample{
		{Name: "/gc/heap/live:bytes"}, {Name: "/gc/scan/stack:bytes"}, {Name: "/gc/scan/globals:bytes"},
	}}
	e.collected(nil)
}

// standard is the default of Go: the growth of the heap between collections, as a percentage of the live heap.
const standard = 100

// easing adjusts the collector after each collection, when the size of the live heap is known.
type easing struct {
	samples []metrics.Sample
	percent int
}

// collection is unreachable as soon as it is made, so its finalizer runs at the next collection.
type collection struct{ easing *easing }

func (e *easing) collected(*collection) {
	metrics.Read(e.samples)
	alive := uint64(0)
	for _, s := range e.samples {
		if s.Value.Kind() == metrics.KindUint64 {
			alive += s.Value.Uint64()
		}
	}
	// Changing the percentage stops the program for a moment, so small differences are ignored.
	if p := easedPercent(alive); p > e.percent*5/4 || p < e.percent*4/5 {
		e.percent = p
		debug.SetGCPercent(p)
	}
	runtime.SetFinalizer(&collection{easing: e}, func(c *collection) { c.easing.collected(c) })
}

// easedPercent gives the bytes that may be allocated before the next collection, as a percentage of the live heap.
func easedPercent(alive uint64) int {
	const least = 128 << 10 // below it the percentage would become too large
	return max(standard, int(minAllocation*100/max(alive, least)))
}
