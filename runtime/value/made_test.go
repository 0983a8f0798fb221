package value

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/livec-lang/livec/relation/function"
)

// TestSizes makes texts and lists of the largest size, and of one more.
func TestSizes(t *testing.T) {
	const made, joined = function.MaxMade, function.MaxJoined
	half := strings.Repeat("x", joined/2)
	list := make([]bool, made)
	long := strings.Repeat("a", made+1)
	for name, c := range map[string]struct {
		fits, fails error
	}{
		"repeat":         {second(Repeat("ab", made/2)), second(Repeat("ab", made/2+1))},
		"padStart":       {second(PadStart("", made, "x")), second(PadStart("", made+1, "x"))},
		"replace":        {second(Replace("aa", "a", long[:made/2])), second(Replace("aa", "a", long[:made/2+1]))},
		"insert":         {second(Replace("abc", "", long[:made/4-1])), second(Replace("abc", "", long[:made/4]))},
		"replace longer": {second(Replace(long, "a", "b")), second(Replace(long, "a", "bb"))},
		"split":          {second(Split(long[:made-1], "")), second(Split(long, ""))},
		"range":          {second(Range(0, made)), second(Range(-1, made))},
		"join":           {second(JoinText([]string{half, half[1:]}, ",")), second(JoinText([]string{half, half}, ","))},
		"cat":            {panicOf(func() { Cat(half, half) }), panicOf(func() { Cat(half, "x", half) })},
		"concat":         {panicOf(func() { Concat(list[:made-1], list[:1]) }), panicOf(func() { Concat(list, list[:1]) })},
		"toJson":         {panicOf(func() { ToJSON(half, EncodeString) }), panicOf(func() { ToJSON(half+half, EncodeString) })},
	} {
		if c.fits != nil {
			t.Errorf("%s fails: %v", name, c.fits)
		}
		if !errors.Is(c.fails, function.ErrSize) {
			t.Errorf("%s of one more gives %v", name, c.fails)
		}
	}
}

// panicOf is the error that f panics with.
func panicOf(f func()) (err error) {
	defer func() { err, _ = recover().(error) }()
	f()
	return nil
}

// TestUniqueValues expects Unique to agree with Equal, also where equal values have different forms.
func TestUniqueValues(t *testing.T) {
	now := time.Now()
	if got := Unique([]time.Time{now, now.UTC()}); len(got) != 1 {
		t.Errorf("got %v", got)
	}
	if got := Unique([]json.RawMessage{[]byte(`{"a":1,"b":2}`), []byte(`{"b":2, "a":1.0}`), []byte(`{}`)}); len(got) != 2 {
		t.Errorf("got %s", got)
	}
	if got := Unique([]map[string]int64{{"a": 1}, {"a": 1}, {"b": 1}}); len(got) != 2 {
		t.Errorf("got %v", got)
	}
	if got := Unique([]*int64{nil, new(int64), nil, new(int64)}); len(got) != 2 {
		t.Errorf("got %v", got)
	}
	if got := Unique([][]string{nil, {}, {"a"}, {"a"}}); len(got) != 2 {
		t.Errorf("got %v", got)
	}
	if got := Unique([]float64{0, -1 * 0.0, 1}); !slices.Equal(got, []float64{0, 1}) {
		t.Errorf("got %v", got)
	}
	many, _ := Range(0, function.MaxMade)
	if got := Unique(append(many, many...)); len(got) != len(many) {
		t.Errorf("got %d", len(got))
	}
}
