package livequery

import "bytes"

// emit shows the result of the content, and appends its difference from what was shown to the topic as one event.
func (w *Window) emit() {
	s := &w.shown
	first := s.value == nil && s.rows == nil // only the goroutine with the claim changes them
	if !w.content.changed() && !first {
		return
	}
	rows, value, more := w.content.result()
	s.Lock()
	defer s.Unlock()
	s.more = more
	if w.plan.single {
		if bytes.Equal(value, s.value) {
			return
		}
		s.value = value
		if !first {
			w.topic.Append("set", value)
		}
		return
	}
	if rows == nil {
		rows = []*item{}
	}
	old := s.rows
	s.rows = rows
	if first {
		return
	}
	if ops := appendDiff(nil, w.plan.out, old, rows); ops != nil {
		s.snap = nil
		w.topic.Append("diff", ops)
	}
}
