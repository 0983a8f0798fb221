package merge

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func kindOf(t *testing.T, name string) Kind {
	for k := Crud; k <= Cursor; k++ {
		if k.String() == name {
			return k
		}
	}
	t.Fatalf("there is no merge %q", name)
	return 0
}

func compact(t *testing.T, v []byte) string {
	var b bytes.Buffer
	if err := json.Compact(&b, v); err != nil {
		t.Fatalf("%v: %s", err, v)
	}
	return b.String()
}

func TestCases(t *testing.T) {
	data, err := os.ReadFile("testdata/cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Name, Merge  string
		Key          []string
		Max          int
		Prepend      bool
		Start, Value json.RawMessage
		Events       [][2]json.RawMessage
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		s := New(Rule{Kind: kindOf(t, c.Merge), Key: c.Key, Max: c.Max, Prepend: c.Prepend})
		if err := s.Load(c.Start); err != nil {
			t.Errorf("%s: %v", c.Name, err)
		}
		for _, e := range c.Events {
			var event string
			_ = json.Unmarshal(e[0], &event)
			if err := s.ApplyEvent(event, e[1]); err != nil {
				t.Errorf("%s: %v", c.Name, err)
			}
		}
		if got, want := compact(t, s.Append(nil)), compact(t, c.Value); got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.Name, got, want)
		}
	}
}

func TestUnfit(t *testing.T) {
	for _, c := range []struct {
		rule        Rule
		event, data string
		want        error
	}{
		{Rule{Kind: Crud}, "join", `{"id":1}`, ErrEvent},
		{Rule{Kind: Crud}, "created", `{"name":1}`, ErrData},
		{Rule{Kind: Crud}, "created", `[1]`, ErrData},
		{Rule{Kind: Crud, Key: []string{"a", "b"}}, "created", `{"a":1}`, ErrData},
		{Rule{Kind: Crud}, "set", `{"id":1}`, ErrData},
		{Rule{Kind: Crud}, "set", `[{"id":1},{}]`, ErrData},
		{Rule{Kind: Set}, "update", `1`, ErrEvent},
		{Rule{Kind: Presence}, "update", `{"key":"a"}`, ErrEvent},
		{Rule{Kind: Cursor}, "join", `{"key":"a"}`, ErrEvent},
		{Rule{Kind: Latest}, "", `1`, ErrEvent},
	} {
		s := New(c.rule)
		before := string(s.Append(nil))
		if _, changed, err := s.Apply(c.event, []byte(c.data)); !errors.Is(err, c.want) || changed {
			t.Errorf("%s %s %s: %v", c.rule.Kind, c.event, c.data, err)
		}
		if after := string(s.Append(nil)); after != before {
			t.Errorf("%s %s %s leaves %s", c.rule.Kind, c.event, c.data, after)
		}
	}
	if s := New(Rule{Kind: Presence}); s.ApplyEvent("join", []byte(`{"key":"a"}`)) == nil {
		t.Error("an event without a list is applied")
	}
}

// model is the naive form of a keyed merge.
type model struct {
	rule Rule
	list []string // keys
	data map[string]string
}

func (m *model) apply(event, key, data string) {
	i := slices.Index(m.list, key)
	_, out := m.rule.Kind.Puts()
	switch {
	case event == out:
		if i >= 0 {
			m.list = slices.Delete(m.list, i, i+1)
		}
	case i >= 0:
		m.data[key] = data
	case event == Updated:
	case m.rule.Prepend && m.rule.Kind == Crud:
		m.list = slices.Insert(m.list, 0, key)
		m.data[key] = data
	default:
		m.list = append(m.list, key)
		m.data[key] = data
	}
}

func (m *model) value() string {
	b := []byte("[")
	for i, k := range m.list {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, m.data[k]...)
	}
	return string(append(b, ']'))
}

// TestModel applies random events to a state and to a list that is searched, and compares.
func TestModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rule := Rule{Kind: rapid.SampledFrom([]Kind{Crud, Presence, Cursor}).Draw(t, "merge"), Prepend: rapid.Bool().Draw(t, "prepend")}
		member := "key"
		events := map[Kind][]string{Crud: {Created, Updated, Deleted}, Presence: {Join, Leave}, Cursor: {Update, Remove}}[rule.Kind]
		if rule.Kind == Crud {
			member = "id"
		}
		s, m := New(rule), &model{rule: rule, data: map[string]string{}}
		for n := range rapid.IntRange(0, 300).Draw(t, "events") {
			key := rapid.SampledFrom([]string{`1`, `2`, `"1"`, `"a"`, `"b"`, `"ü"`}).Draw(t, "key")
			event := rapid.SampledFrom(events).Draw(t, "event")
			data := fmt.Sprintf(`{"n":%d,%q:%s}`, n, member, key)
			before := m.value()
			m.apply(event, key, data)
			_, changed, err := s.Apply(event, []byte(data))
			if err != nil {
				t.Fatal(err)
			}
			if got, want := string(s.Append(nil)), m.value(); got != want || changed != (want != before) {
				t.Fatalf("after %s %s: changed %v\ngot  %s\nwant %s", event, data, changed, got, want)
			}
			size := 0
			for _, k := range m.list {
				size += len(m.data[k])
			}
			if s.Size() != size {
				t.Fatalf("%d bytes, want %d", s.Size(), size)
			}
			if s.Len() != len(m.list) || s.Has(key) != slices.Contains(m.list, key) {
				t.Fatalf("%d rows, want %d", s.Len(), len(m.list))
			}
		}
		again := New(rule)
		if err := again.Load(s.Append(nil)); err != nil || string(again.Append(nil)) != m.value() {
			t.Fatalf("loading what was written: %v", err)
		}
	})
}

// TestLatestModel is TestModel for the merge without keys.
func TestLatestModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rule := Rule{Kind: Latest, Max: rapid.IntRange(1, 5).Draw(t, "max"), Prepend: rapid.Bool().Draw(t, "prepend")}
		s := New(rule)
		var list []int
		for n := range rapid.IntRange(0, 30).Draw(t, "events") {
			if rule.Prepend {
				list = append([]int{n}, list...)
				list = list[:min(len(list), rule.Max)]
			} else {
				list = append(list, n)
				list = list[max(0, len(list)-rule.Max):]
			}
			if _, _, err := s.Apply("said", fmt.Append(nil, n)); err != nil {
				t.Fatal(err)
			}
			if want, _ := json.Marshal(list); string(s.Append(nil)) != string(want) {
				t.Fatalf("got %s, want %s", s.Append(nil), want)
			}
		}
	})
}
