package livetest

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"github.com/livec-lang/livec/runtime/merge"
)

// Stream is a subscription, and the value that the client has.
type Stream struct {
	client *Client
	id     uint64
	name   string
	args   []any
	rule   merge.Rule // where the stream has a merge
	merges bool

	// The client's lock guards what follows.
	topic  uint64 // 0 while it follows none
	epoch  string
	offset uint64
	value  JSON
	state  *merge.State // of a merge, from which value is made when needed; nil while value is as it came
	known  bool
	more   bool
	err    error
	events []Event

	refused error // why the page that was asked for last is not loaded
}

// Event is an event that the client got.
type Event struct {
	Name  string
	Value JSON
}

// Subscribe subscribes to a stream, a channel or a part of a room.
func (c *Client) Subscribe(stream string, args ...any) *Stream {
	c.t.Helper()
	s := &Stream{client: c, name: stream, args: list(args)}
	s.rule, s.merges = c.env.registry.MergeOf(stream)
	c.mu.Lock()
	c.next++
	s.id = c.next
	c.streams[s.id] = s
	c.mu.Unlock()
	c.write(s.subscription())
	c.env.Settle()
	return s
}

func (s *Stream) subscription() map[string]any {
	m := map[string]any{"t": "sub", "id": s.id, "m": s.name, "a": s.args}
	s.client.mu.Lock()
	defer s.client.mu.Unlock()
	if s.known && s.epoch != "" {
		m["at"] = map[string]any{"e": s.epoch, "s": s.offset}
	}
	return m
}

// Unsubscribe ends the subscription. The value stays.
func (s *Stream) Unsubscribe() {
	c := s.client
	c.mu.Lock()
	delete(c.streams, s.id)
	s.topic = 0
	c.mu.Unlock()
	c.write(map[string]any{"t": "unsub", "id": s.id})
	c.env.Settle()
}

// More loads the next page. The error, a *runtime.Error, is that of a limit that refuses the page, or why the subscription is not open; it
// is nil if the page is loaded, and if there is none.
func (s *Stream) More() error {
	s.client.mu.Lock()
	s.refused = nil
	s.client.mu.Unlock()
	s.client.write(map[string]any{"t": "more", "id": s.id})
	s.client.env.Settle()
	s.client.mu.Lock()
	defer s.client.mu.Unlock()
	if s.refused != nil {
		return s.refused
	}
	return s.err
}

// Value is the value that the client has: nil before the first data and while a gate is closed.
func (s *Stream) Value() JSON {
	s.client.mu.Lock()
	defer s.client.mu.Unlock()
	return s.held()
}

// held is the value that the client has. The caller holds the client's lock.
func (s *Stream) held() JSON {
	if s.state != nil && s.value == nil {
		s.value = s.state.Append(nil)
	}
	return s.value
}

// Err is why the subscription failed or ended, a *runtime.Error. It is nil while the subscription is open, also when it has opened by
// itself after it was refused.
func (s *Stream) Err() error {
	s.client.mu.Lock()
	defer s.client.mu.Unlock()
	return s.err
}

// Topic is the number of the topic that the subscription follows, or 0. Subscriptions to the same topic share their data.
func (s *Stream) Topic() uint64 {
	s.client.mu.Lock()
	defer s.client.mu.Unlock()
	return s.topic
}

// Events are the events that have come so far.
func (s *Stream) Events() []Event {
	s.client.mu.Lock()
	defer s.client.mu.Unlock()
	return slices.Clone(s.events)
}

// HasMore reports whether there are further pages.
func (s *Stream) HasMore() bool {
	s.client.mu.Lock()
	defer s.client.mu.Unlock()
	return s.more
}

// WaitFor waits until the value is as wanted, and fails the test if that takes too long. It does not move the clock.
func (s *Stream) WaitFor(wanted func(v JSON) bool) JSON {
	c := s.client
	c.t.Helper()
	deadline := time.Now().Add(patience)
	wake := time.AfterFunc(patience, c.changed.Broadcast)
	defer wake.Stop()
	c.mu.Lock()
	defer c.mu.Unlock()
	for !wanted(s.held()) {
		if time.Now().After(deadline) {
			c.t.Fatalf("livetest: %s did not get the wanted value within %s: it has %s (error: %v)", s.name, patience, s.held(), s.err)
		}
		c.changed.Wait()
	}
	return s.held()
}

// fail ends the subscription, or lets it wait. The value stays, but the subscription cannot resume from it.
func (s *Stream) fail(m *message) { s.err, s.topic, s.known = m.err(), 0, false }

// handle handles a message to the subscription. It needs the client's lock.
func (s *Stream) handle(m *message) {
	switch m.T {
	case "snap":
		s.topic, s.epoch, s.offset, s.value, s.state, s.known, s.more = m.C, m.E, m.S, JSON(m.V), nil, true, m.More != nil && *m.More
		s.err = nil
		if m.Refused != nil {
			s.refused = m.Refused.err()
		}
	case "live":
		s.topic, s.epoch, s.offset, s.err = m.C, m.E, m.S, nil
	case "off":
		s.topic, s.epoch, s.value, s.state, s.known, s.more = 0, "", nil, nil, false, false
		s.err = nil
	case "end":
		s.fail(m)
	}
}

// event applies an event of the topic. It needs the client's lock.
func (s *Stream) event(m *message) {
	from := m.S - 1
	if m.F != nil {
		from = *m.F
	}
	switch {
	case m.S <= s.offset:
		return
	case from > s.offset:
		s.client.t.Errorf("livetest: %s is at event %d, but got the event after %d", s.name, s.offset, from)
		return
	}
	s.offset = m.S
	if m.More != nil {
		s.more = *m.More
	}
	s.events = append(s.events, Event{m.K, JSON(m.V)})
	var err error
	switch {
	case m.K == "diff":
		s.value, err = applyDiff(s.value, m.V)
	case !s.merges:
		s.value = JSON(m.V)
	default:
		if s.state == nil {
			s.state = merge.New(s.rule)
			err = s.state.Load(s.value)
		}
		if err == nil {
			err = s.state.ApplyEvent(m.K, m.V)
		}
		s.value = nil
	}
	if err != nil {
		s.client.t.Errorf("livetest: event %s of %s: %v", m.V, s.name, err)
	}
}

// applyDiff applies the operations of an event of kind diff to a list of rows.
func applyDiff(value JSON, operations json.RawMessage) (JSON, error) {
	var rows []json.RawMessage
	if err := json.Unmarshal(value, &rows); err != nil {
		return value, err
	}
	var ops [][]json.RawMessage
	if err := json.Unmarshal(operations, &ops); err != nil {
		return value, err
	}
	for _, op := range ops {
		var kind string
		var at int
		if err := json.Unmarshal(op[0], &kind); err != nil {
			return value, err
		}
		if err := json.Unmarshal(op[1], &at); err != nil {
			return value, err
		}
		switch kind {
		case "+":
			rows = slices.Insert(rows, at, op[2])
		case "-":
			rows = slices.Delete(rows, at, at+1)
		case ">":
			var to int
			if err := json.Unmarshal(op[2], &to); err != nil {
				return value, err
			}
			row := rows[at]
			rows = slices.Insert(slices.Delete(rows, at, at+1), to, row)
		case "~":
			var row, changed map[string]json.RawMessage
			if err := json.Unmarshal(rows[at], &row); err != nil {
				return value, err
			}
			if err := json.Unmarshal(op[2], &changed); err != nil {
				return value, err
			}
			for name, v := range changed {
				row[name] = v
			}
			b, err := json.Marshal(row)
			if err != nil {
				return value, err
			}
			rows[at] = b
		}
	}
	var b bytes.Buffer
	b.WriteByte('[')
	for i, row := range rows {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(row)
	}
	b.WriteByte(']')
	return b.Bytes(), nil
}
