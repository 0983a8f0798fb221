package value

import (
	"encoding/json"
	"slices"
	"testing"
	"time"
)

func TestSlices(t *testing.T) {
	list := []int{0, 1, 2, 3, 4}
	for _, c := range []struct {
		from int64
		to   []int64
		want string
	}{
		{0, nil, "01234"}, {2, nil, "234"}, {1, []int64{3}, "12"}, {-2, nil, "34"}, {0, []int64{-1}, "0123"}, {4, []int64{2}, ""},
		{9, nil, ""}, {-9, []int64{9}, "01234"},
	} {
		var got []byte
		for _, n := range Slice(list, c.from, c.to...) {
			got = append(got, '0'+byte(n))
		}
		if string(got) != c.want {
			t.Errorf("Slice(%d, %d) gives %s, want %s", c.from, c.to, got, c.want)
		}
		if s := SliceText("0ä2€4", c.from, c.to...); len([]rune(s)) != len(c.want) {
			t.Errorf("SliceText(%d, %d) gives %s, of the length of %s", c.from, c.to, s, c.want)
		}
	}
	if s := SliceText("0ä2€4", 1, 4); s != "ä2€" {
		t.Errorf("got %s", s)
	}
	if got := Unique([]string{"b", "a", "b"}); !slices.Equal(got, []string{"b", "a"}) {
		t.Errorf("got %v", got)
	}
	if got := Limit(list, -1); len(got) != 0 {
		t.Errorf("got %v", got)
	}
	if s, err := PadStart("ä", 4, "xy"); s != "xyxä" || err != nil {
		t.Errorf("got %s, %v", s, err)
	}
}

// TestEqual compares values of each type with an equal one and a different one.
func TestEqual(t *testing.T) {
	type record struct {
		At   time.Time
		List []string
		Some *int64
		Any  map[string]json.RawMessage
		Form interface{ form() }
	}
	make1 := func() record {
		return record{time.UnixMilli(5).UTC(), []string{"a"}, new(int64(1)), map[string]json.RawMessage{"a": json.RawMessage(`{"b":1}`)},
			circle{1}}
	}
	same := make1()
	same.At = same.At.In(time.FixedZone("x", 3600))
	same.Any["a"] = json.RawMessage(`{ "b": 1.0 }`)
	if !Equal(make1(), same) {
		t.Error("equal records differ")
	}
	if !Equal(record{}, record{List: []string{}}) {
		t.Error("a list that was never made differs from an empty one")
	}
	for i, change := range []func(*record){
		func(r *record) { r.At = r.At.Add(1e6) }, func(r *record) { r.List = nil }, func(r *record) { r.Some = nil },
		func(r *record) { r.Some = new(int64(2)) },
		func(r *record) { delete(r.Any, "a") }, func(r *record) { r.Form = square{1} }, func(r *record) { r.Form = nil },
		func(r *record) { r.Form = circle{2} },
	} {
		other := make1()
		change(&other)
		if Equal(make1(), other) {
			t.Errorf("change %d is not seen", i)
		}
	}
}

type (
	circle struct{ R int }
	square struct{ S int }
)

func (circle) form() {}
func (square) form() {}

// TestSettings reads settings as people write them.
func TestSettings(t *testing.T) {
	for text, want := range map[string]time.Duration{"500ms": 500 * time.Millisecond, "2d": 48 * time.Hour, "1h": time.Hour} {
		if d, err := ReadDuration(text); d != want || err != nil {
			t.Errorf("%s: %v, %v", text, d, err)
		}
		if s := DurationText(want); s != text {
			t.Errorf("%v is written %s, want %s", want, s, text)
		}
	}
	for name, err := range map[string]error{
		"int": second(ReadInt("1.5")), "large": second(ReadInt("9007199254740992")), "float": second(ReadFloat("1e400")),
		"bool": second(ReadBool("maybe")), "time": second(ReadTime("now")), "duration": second(ReadDuration("5")),
		"days": second(ReadDuration("200000d")),
	} {
		if err == nil {
			t.Errorf("%s does not fail", name)
		}
	}
	if on, err := ReadBool("Yes"); !on || err != nil {
		t.Error(on, err)
	}
}
