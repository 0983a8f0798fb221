package livequery

import "bytes"

// emit shows the result of the content, and appends its difference from what was shown to the topic as one event. The event also says if
// there are further pages now, or none any more.
func (w *Window) emit() {
	s := &w.shown
	first := s.value == nil && s.rows == nil // only the goroutine with the claim changes them
	if !w.content.changed() && !first {
		return
	}
	rows, value, more := w.content.result()
	size := w.content.size()
	s.Lock()
	defer s.Unlock()
	turned := more != s.more
	defer w.count()
	s.memory.content = size + 8*len(rows)
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
	ops := appendDiff(nil, w.plan.out, old, rows)
	if ops != nil {
		s.snap = nil
	}
	switch {
	case turned && ops == nil:
		w.topic.AppendMore("diff", []byte("[]"), more)
	case turned:
		w.topic.AppendMore("diff", ops, more)
	case ops != nil:
		w.topic.Append("diff", ops)
	}
}
