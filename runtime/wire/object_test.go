package wire

import (
	"slices"
	"testing"
)

func TestMembersAndElements(t *testing.T) {
	var got []string
	if !Members([]byte(` { "a" : 1 , "b\u0062" : [ {"x":"}"} ] , "c":"\"" } `), func(name string, v []byte) bool {
		got = append(got, name+"="+string(v))
		return true
	}) {
		t.Error("an object is refused")
	}
	if want := []string{"a=1", `bb=[ {"x":"}"} ]`, `c="\""`}; !slices.Equal(got, want) {
		t.Errorf("members %q, want %q", got, want)
	}
	got = nil
	if !Elements([]byte(` [ 1 , [2,3] , {"a":"]"} ] `), func(e []byte) { got = append(got, string(e)) }) {
		t.Error("an array is refused")
	}
	if want := []string{"1", "[2,3]", `{"a":"]"}`}; !slices.Equal(got, want) {
		t.Errorf("elements %q, want %q", got, want)
	}
	for _, bad := range []string{``, `1`, `{`, `{"a"`, `{"a":`, `{"a":1`, `{1:2}`, `[`, `[1`, `["`} {
		if Members([]byte(bad), func(string, []byte) bool { return true }) && bad[0] != '{' || Elements([]byte(bad), func([]byte) {}) {
			t.Errorf("%q is accepted", bad)
		}
	}
	for object, want := range map[string]string{
		`{"key":"a","x":1}`: `"a"`, `{"key":12}`: "12", `{"keys":1}`: "", `{"ke":1}`: "", `{"x":1,"key":2}`: "", `{ "key":1}`: "",
		`{"key":`: "", `{`: "",
	} {
		if got, ok := Leading([]byte(object), "key"); string(got) != want || ok != (want != "") {
			t.Errorf("%s leads with %s, %v", object, got, ok)
		}
	}
	if Same([]byte(`"\u0061\/"`)) != `"a/"` || Same([]byte(`12`)) != "12" || Same([]byte(`"a"`)) != `"a"` {
		t.Error("equal values have different texts")
	}
}
