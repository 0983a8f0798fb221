// Package metrics counts what a server does, for Prometheus. Each server has a registry of its own, so that several run in one process.
package metrics

import (
	"net/http"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are the metrics of one server.
type Metrics struct {
	registry *prometheus.Registry
	calls    *prometheus.CounterVec
	seconds  *prometheus.HistogramVec

	overtime *prometheus.CounterVec

	// SlowAfter is how long a call takes at least to count as slow; 0: none does. Set it before the first call.
	SlowAfter time.Duration
	slowCalls *prometheus.CounterVec

	Connections   prometheus.Gauge   // open WebSockets and event streams
	Subscriptions prometheus.Gauge   // of all connections
	Malformed     prometheus.Counter // malformed frames and messages
	Slow          prometheus.Counter // arguments that the fast decoder did not accept
	Retries       prometheus.Counter // transactions that were run again
}

// Source is a number that is counted elsewhere. Several may have one name, with different values of their label.
type Source struct {
	Name, Help string
	Label      [2]string // name and value; empty for none
	Gauge      bool      // else a counter
	Value      func() float64
}

// New makes the metrics of a server, with those of the process and of Go.
func New(sources ...Source) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "live_calls_total", Help: "Calls and subscriptions by entry point and result code; ok is success.",
		}, []string{"entry_point", "code"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "live_call_seconds", Help: "Time from reading a call to its answer; for calls that touch no table, only one in 16 is measured.",
			Buckets: []float64{.00001, .0001, .0005, .001, .005, .01, .05, .1, .5, 1, 5, 30},
		}, []string{"entry_point"}),
		slowCalls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "live_slow_calls_total", Help: "Calls and subscriptions that took longer than the limit slowCall, by entry point.",
		}, []string{"entry_point"}),
		overtime: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "live_overtime_total", Help: "Transactions that were stopped since they took too long, by entry point.",
		}, []string{"entry_point"}),
		Connections:   prometheus.NewGauge(prometheus.GaugeOpts{Name: "live_connections", Help: "Open WebSockets and event streams."}),
		Subscriptions: prometheus.NewGauge(prometheus.GaugeOpts{Name: "live_subscriptions", Help: "Open subscriptions."}),
		Malformed:     counter("live_malformed_total", "Frames and messages that could not be read."),
		Slow:          counter("live_arguments_validated_total", "Arguments that the fast decoder did not accept, validated by the schema."),
		Retries:       counter("live_retries_total", "Transactions that were retried after a conflict."),
	}
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		m.calls, m.seconds, m.overtime, m.slowCalls, m.Connections, m.Subscriptions, m.Malformed, m.Slow, m.Retries)
	for _, s := range sources {
		labels := prometheus.Labels{}
		if s.Label[0] != "" {
			labels[s.Label[0]] = s.Label[1]
		}
		if s.Gauge {
			m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: s.Name, Help: s.Help, ConstLabels: labels}, s.Value))
		} else {
			m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: s.Name, Help: s.Help, ConstLabels: labels}, s.Value))
		}
	}
	return m
}

func counter(name, help string) prometheus.Counter {
	return prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
}

// Overtime counts a transaction of an entry point that was stopped since it took too long.
func (m *Metrics) Overtime(entryPoint string) { m.overtime.WithLabelValues(entryPoint).Inc() }

// EntryPoint counts the calls of one entry point.
type EntryPoint struct {
	name    string
	metrics *Metrics
	calls   *prometheus.CounterVec
	ok      prometheus.Counter
	seconds prometheus.Observer
	begun   atomic.Uint64
}

// timedEach is how many calls without a table there are for each one that is timed: reading the clock twice would cost a tenth of such a
// call.
const timedEach = 16

// Timed reports whether the next call that touches no table is timed.
func (e *EntryPoint) Timed() bool { return e.begun.Add(1)%timedEach == 1 }

// Ended counts a call that began at started, which is zero if the call is not timed; code is "" for success. It gives how long the call
// took if it was slow; else 0.
func (e *EntryPoint) Ended(code string, started time.Time) (slow time.Duration) {
	e.count(code)
	if started.IsZero() {
		return 0
	}
	return e.took(time.Since(started))
}

// took counts the time of a call, and gives it if the call was slow.
func (e *EntryPoint) took(d time.Duration) (slow time.Duration) {
	e.seconds.Observe(d.Seconds())
	if d < e.metrics.SlowAfter || e.metrics.SlowAfter == 0 {
		return 0
	}
	e.metrics.slowCalls.WithLabelValues(e.name).Inc()
	return d
}

// EntryPoint returns the counters of an entry point.
func (m *Metrics) EntryPoint(name string) *EntryPoint {
	return &EntryPoint{
		name: name, metrics: m, calls: m.calls, ok: m.calls.WithLabelValues(name, "ok"), seconds: m.seconds.WithLabelValues(name),
	}
}

// Done counts a call that took this long; code is "" for success. The codes of an app are a fixed set, those in its source. It gives the
// time if the call was slow; else 0.
func (e *EntryPoint) Done(code string, took time.Duration) (slow time.Duration) {
	e.count(code)
	return e.took(took)
}

func (e *EntryPoint) count(code string) {
	if code == "" {
		e.ok.Inc()
		return
	}
	e.calls.WithLabelValues(e.name, code).Inc()
}

// Handler serves the metrics in the format that the scraper asks for.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
