package merge

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/livec-lang/livec/runtime/wire"
)

// State is the value of one merge. A change by key costs the same however many rows there are, and removing a row keeps the order of the
// others. Only one goroutine at a time may use it.
type State struct {
	rule        Rule
	value       []byte // of Set
	first, last *row
	index       map[string]*row
	n           int
	size        int // bytes of all rows
}

type row struct {
	key        string
	data       []byte
	prev, next *row
}

// New makes the empty state of a merge: no rows, or null.
func New(r Rule) *State {
	s := &State{rule: r.filled()}
	if r.Kind.Keyed() {
		s.index = map[string]*row{}
	}
	return s
}

// filled is the rule with its defaults.
func (r Rule) filled() Rule {
	switch {
	case r.Kind == Presence || r.Kind == Cursor:
		r.Key, r.Prepend = keyField, false
	case r.Kind == Crud && len(r.Key) == 0:
		r.Key = idField
	case r.Kind == Latest && r.Max <= 0:
		r.Max = DefaultMax
	}
	return r
}

// Most is the greatest number of rows of Latest.
func (r Rule) Most() int { return r.filled().Max }

var (
	keyField = []string{"key"}
	idField  = []string{"id"}
)

// Errors of events that do not fit a merge.
var (
	ErrEvent = errors.New("the merge has no such event")
	ErrData  = errors.New("the data does not fit the merge")
)

// KeyOf is the key of a row, as text that is equal for equal keys. It returns ErrData if the row has none.
func (r Rule) KeyOf(data []byte) (string, error) {
	names := r.filled().Key
	if len(names) == 1 {
		if v, ok := wire.Leading(data, names[0]); ok { // as the server writes rows
			return wire.Same(v), nil
		}
		key, found := "", false
		ok := wire.Members(data, func(name string, value []byte) bool {
			if name == names[0] {
				key, found = wire.Same(value), true
			}
			return !found
		})
		if !ok || !found {
			return "", fmt.Errorf("%w: it has no member %q", ErrData, names[0])
		}
		return key, nil
	}
	parts := make([]string, len(names))
	ok := wire.Members(data, func(name string, value []byte) bool {
		for i, n := range names {
			if n == name {
				parts[i] = wire.Same(value)
			}
		}
		return true
	})
	if !ok {
		return "", fmt.Errorf("%w: it is not an object", ErrData)
	}
	key := ""
	for i, p := range parts {
		if p == "" {
			return "", fmt.Errorf("%w: it has no member %q", ErrData, names[i])
		}
		key += p + ","
	}
	return key, nil
}

// Load replaces the whole value by JSON, or changes nothing if the JSON does not fit. It keeps the bytes.
func (s *State) Load(value []byte) error {
	if s.rule.Kind == Set {
		s.value = value
		return nil
	}
	loaded := New(s.rule)
	var failed error
	if !wire.Elements(value, func(e []byte) {
		if failed == nil {
			failed = loaded.load(e)
		}
	}) {
		return fmt.Errorf("%w: the value is not a list", ErrData)
	}
	if failed == nil {
		*s = *loaded
	}
	return failed
}

func (s *State) load(e []byte) error {
	if s.rule.Kind == Latest {
		s.link(&row{data: e}, false)
		s.trim(!s.rule.Prepend)
		return nil
	}
	key, err := s.rule.KeyOf(e)
	if err != nil {
		return err
	}
	if r := s.index[key]; r != nil {
		s.replace(r, e)
		return nil
	}
	s.insert(key, e, false)
	return nil
}

// Apply applies an event with the data of one row, or with the whole value for set. It keeps the bytes. key is that of the row, or ""
// without keys. changed reports whether the value has changed.
func (s *State) Apply(event string, data []byte) (key string, changed bool, err error) {
	k := s.rule.Kind
	if !k.Takes(event) {
		return "", false, fmt.Errorf("%w: %q with merge %s", ErrEvent, event, k)
	}
	if event == SetAll {
		if err := s.Load(data); err != nil {
			return "", false, err
		}
		return "", true, nil
	}
	if k == Latest {
		s.link(&row{data: data}, s.rule.Prepend)
		s.trim(!s.rule.Prepend)
		return "", true, nil
	}
	if key, err = s.rule.KeyOf(data); err != nil {
		return "", false, err
	}
	r := s.index[key]
	_, removes := k.Puts()
	switch {
	case event == removes:
		if r == nil {
			return key, false, nil
		}
		s.unlink(r)
		delete(s.index, key)
		return key, true, nil
	case r != nil:
		s.replace(r, data)
		return key, true, nil
	case event == Updated:
		return key, false, nil
	}
	s.insert(key, data, s.rule.Prepend)
	return key, true, nil
}

// ApplyEvent applies an event as clients get it: with a list of rows for Presence and Cursor.
func (s *State) ApplyEvent(event string, value []byte) error {
	if k := s.rule.Kind; k != Presence && k != Cursor || event == SetAll {
		_, _, err := s.Apply(event, value)
		return err
	}
	var failed error
	if !wire.Elements(value, func(e []byte) {
		if _, _, err := s.Apply(event, e); err != nil && failed == nil {
			failed = err
		}
	}) {
		return fmt.Errorf("%w: the event has no list of rows", ErrData)
	}
	return failed
}

// CatchUp applies an event that the loaded value may already include. With included, the value was made from data that has the event's
// change: existing rows win, and only missing ones are added.
func (s *State) CatchUp(event string, data []byte, included bool) error {
	if included {
		switch s.rule.Kind {
		case Set:
			return nil
		case Latest:
			for r := s.first; r != nil; r = r.next {
				if bytes.Equal(r.data, data) {
					return nil
				}
			}
		default:
			if event == SetAll {
				return nil
			}
			key, err := s.rule.KeyOf(data)
			if err != nil {
				return err
			}
			if _, removes := s.rule.Kind.Puts(); event != removes && s.Has(key) {
				return nil
			}
		}
	}
	_, _, err := s.Apply(event, data)
	return err
}

// insert adds a row that is not there.
func (s *State) insert(key string, data []byte, front bool) {
	r := &row{key: key, data: data}
	s.index[key] = r
	s.link(r, front)
}

func (s *State) replace(r *row, data []byte) {
	s.size += len(data) - len(r.data)
	r.data = data
}

func (s *State) link(r *row, front bool) {
	s.n++
	s.size += len(r.data)
	switch {
	case s.first == nil:
		s.first, s.last = r, r
	case front:
		r.next, s.first.prev = s.first, r
		s.first = r
	default:
		r.prev, s.last.next = s.last, r
		s.last = r
	}
}

func (s *State) unlink(r *row) {
	s.n--
	s.size -= len(r.data)
	if r.prev != nil {
		r.prev.next = r.next
	} else {
		s.first = r.next
	}
	if r.next != nil {
		r.next.prev = r.prev
	} else {
		s.last = r.prev
	}
}

// trim drops the rows of Latest over its maximum, the first or the last ones.
func (s *State) trim(first bool) {
	for s.n > s.rule.Max {
		if first {
			s.unlink(s.first)
		} else {
			s.unlink(s.last)
		}
	}
}

// DropOldest removes the oldest row, if there is one.
func (s *State) DropOldest() {
	r := s.first
	if s.rule.Prepend {
		r = s.last
	}
	if r != nil {
		s.unlink(r)
		delete(s.index, r.key)
	}
}

// Len is the number of rows; of Set, 1 or 0 for null.
func (s *State) Len() int {
	if s.rule.Kind == Set {
		if len(s.value) == 0 || string(s.value) == "null" {
			return 0
		}
		return 1
	}
	return s.n
}

// Size is the bytes of all rows together, or of the value of Set.
func (s *State) Size() int { return s.size + len(s.value) }

// Has reports whether there is a row with a key.
func (s *State) Has(key string) bool { return s.index[key] != nil }

// Get is the row with a key, or nil.
func (s *State) Get(key string) []byte {
	if r := s.index[key]; r != nil {
		return r.data
	}
	return nil
}

// Oldest is the key of the oldest row, and whether there is one.
func (s *State) Oldest() (key string, ok bool) {
	r := s.first
	if s.rule.Prepend {
		r = s.last
	}
	if r == nil {
		return "", false
	}
	return r.key, true
}

// Each calls do with each row, in order.
func (s *State) Each(do func(key string, data []byte)) {
	for r := s.first; r != nil; r = r.next {
		do(r.key, r.data)
	}
}

// Append appends the value as JSON.
func (s *State) Append(dst []byte) []byte {
	if s.rule.Kind == Set {
		if len(s.value) == 0 {
			return append(dst, "null"...)
		}
		return append(dst, s.value...)
	}
	dst = append(dst, '[')
	for r := s.first; r != nil; r = r.next {
		if r != s.first {
			dst = append(dst, ',')
		}
		dst = append(dst, r.data...)
	}
	return append(dst, ']')
}
