package runtime

import (
	"net/http"
	"sync/atomic"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/bus"
	"github.com/livec-lang/livec/runtime/internal/gateway"
	"github.com/livec-lang/livec/runtime/metrics"
	"github.com/livec-lang/livec/runtime/store"
)

// measure makes the metrics, including the numbers that other parts count.
func (s *Server) measure() {
	counter := func(name, help string, n *atomic.Uint64) metrics.Source {
		return metrics.Source{Name: name, Help: help, Value: func() float64 { return float64(n.Load()) }}
	}
	total := func(name, help string, n func() uint64) metrics.Source {
		return metrics.Source{Name: name, Help: help, Value: func() float64 { return float64(n()) }}
	}
	gauge := func(name, help string, n func() int) metrics.Source {
		return metrics.Source{Name: name, Help: help, Gauge: true, Value: func() float64 { return float64(n()) }}
	}
	s.faults.Overtime = func(name string) { s.metrics.Overtime(name) }
	s.metrics = metrics.New(append(s.limitSources(),
		counter("live_frames_sent_total", "Frames sent to clients.", &s.stats.Frames),
		counter("live_messages_sent_total", "Messages in the frames sent.", &s.stats.Messages),
		counter("live_sent_bytes_total", "Bytes of the frames sent.", &s.stats.Bytes),
		counter("live_events_delivered_total", "Events of topics among the messages sent.", &s.stats.Delivered),
		total("live_events_total", "Events appended to topics.", s.hub.Appended),
		counter("live_resyncs_total", "Times a client lost its offset in a topic and got the whole data again.", &s.stats.Resyncs),
		total("live_client_events_total", "Events that clients published to channels and rooms.", func() uint64 { return s.conns.Accepted() }),
		total("live_client_events_refused_total", "Events from clients that were rejected: not allowed, or invalid.",
			func() uint64 { return s.conns.Refused() }),
		total("live_signals_total", "Signals delivered to a connection.", s.users.Delivered),
		gauge("live_rooms", "Rooms with at least one member.", s.rooms.Len),
		gauge("live_derived_values", "Values of derived streams that are kept.", s.derived.Len),
		gauge("live_published_topics", "Topics of published streams, channels, presence and cursors in memory.", s.feeds.Len),
		counter("live_behind_total", "Connections closed because the client was too slow.", &s.stats.Behind),
	)...)
	s.metrics.SlowAfter = s.govern.Time(limits.SlowCall)
}

// unready is why clients should not be sent to this server.
func (s *Server) unready() (reasons []gateway.Reason) {
	if h, ok := s.store.(store.Healthy); ok && h.Health() != nil {
		reasons = append(reasons, gateway.Reason{Reason: "database", Message: "The database cannot be written; the log says why"})
	}
	if h, ok := s.opt.Bus.(bus.Healthy); ok && h.Health() != nil {
		reasons = append(reasons, gateway.Reason{Reason: "bus", Message: "The bus between the servers does not work; the log says why"})
	}
	for _, id := range []limits.ID{limits.MaxConnections, limits.MaxQueueMemory} {
		if s.govern.Account(id).Full() {
			reasons = append(reasons, gateway.Reason{Reason: id.String(), Message: "As much as the limit is in use"})
		}
	}
	return reasons
}

// Metrics serves the metrics of the server for Prometheus, for programs that serve them at an address of their own.
func (s *Server) Metrics() http.Handler { return s.metrics.Handler() }

// limitSources are the metrics of the limits: the value of each, how often something ran into it, and for those of the server what is in
// use.
func (s *Server) limitSources() []metrics.Source {
	var out []metrics.Source
	for _, l := range limits.All() {
		label := [2]string{"limit", l.Name}
		out = append(out, metrics.Source{
			Name: "live_limit_value", Help: "The value of a limit, in seconds, bytes or as a number.", Label: label, Gauge: true,
			Value: func() float64 {
				if l.Unit == limits.Duration {
					return s.govern.Time(l.ID).Seconds()
				}
				return float64(s.govern.Value(l.ID))
			},
		}, metrics.Source{
			Name: "live_limit_reached_total", Help: "How often something ran into a limit.", Label: label,
			Value: func() float64 { return float64(s.govern.ReachedTotal(l.ID)) },
		})
		if l.Counted() {
			out = append(out, metrics.Source{
				Name: "live_limit_used", Help: "What is in use of a limit of the server.", Label: label, Gauge: true,
				Value: func() float64 { return float64(s.govern.Account(l.ID).Used()) },
			})
		}
	}
	return out
}
