package abuse

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// slower is how many times as long the things of the neighbour may take during an attack.
const slower = 10

// Slower says what took the neighbour more than 10 times as long during the attack as before, at the median or at the 99th percentile.
func (t *Target) Slower() error {
	var found []error
	for _, kind := range kinds {
		for _, part := range []float64{0.5, 0.99} {
			quiet, busy := t.Quiet.Percentile(kind, part), t.Busy.Percentile(kind, part)
			if quiet > 0 && busy > slower*quiet {
				found = append(found, fmt.Errorf("%s took %v instead of %v (at %v)", kind, busy, quiet, part))
			}
		}
	}
	return errors.Join(found...)
}

// RowHead is the head of a table of attacks. Times are in milliseconds, before the attack → during it, each at the median and at the 99th
// percentile.
var RowHead = "| | peak | cores | " + strings.Join(kinds, " | ") + " |\n|---|---|---|" + strings.Repeat("---|", len(kinds)) + "\n"

// Row is what an attack did, as a row of that table.
func (t *Target) Row(a Attack) string {
	peak, _ := t.PeakMemory() // 0 if the server has ended
	const cpu = "process_cpu_seconds_total"
	row := fmt.Sprintf("| %s | %d MiB | %.2f |", a.ID, peak>>20, (t.End[cpu]-t.Start[cpu])/t.Took.Seconds())
	for _, kind := range kinds {
		row += " " + both(t.Quiet, kind) + " → " + both(t.Busy, kind) + " |"
	}
	return row + "\n"
}

func both(t Times, kind string) string {
	ms := func(part float64) string {
		return fmt.Sprintf("%.3g", float64(t.Percentile(kind, part))/float64(time.Millisecond))
	}
	return ms(0.5) + "/" + ms(0.99)
}

// Limits lists the limits that were reached during the attack.
func (t *Target) Limits() []string {
	var found []string
	for series, n := range t.End {
		if name, ok := strings.CutPrefix(series, `live_limit_reached_total{limit="`); ok && n > t.Start[series] {
			found = append(found, strings.TrimSuffix(name, `"}`))
		}
	}
	slices.Sort(found)
	return found
}
