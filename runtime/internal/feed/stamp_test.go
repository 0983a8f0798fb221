package feed

import "testing"

func TestRowKey(t *testing.T) {
	for _, c := range []struct {
		members   []string
		row, want string
	}{
		{nil, `{"id":"a","text":{"x":1}}`, `{"id":"a"}`},
		{[]string{"board", "n"}, `{"n":2,"board":"b","more":[]}`, `{"board":"b","n":2}`},
		{nil, `{"text":"a"}`, ""},
		{nil, `{"id":null}`, ""},
		{nil, `{"id":{"a":1}}`, ""},
		{nil, `[1]`, ""},
		{nil, `null`, ""},
	} {
		got, err := RowKey(c.members, []byte(c.row))
		if (err != nil) != (c.want == "") || err == nil && string(got) != c.want {
			t.Errorf("%v of %s: %s, %v; want %s", c.members, c.row, got, err, c.want)
		}
	}
}
