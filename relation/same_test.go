package relation

import "testing"

func TestSame(t *testing.T) {
	for _, c := range []struct {
		a, b Value
		want bool
	}{
		{nil, nil, true},
		{nil, "", false},
		{int64(1), int64(1), true},
		{int64(1), 1.0, false},
		{"[]", JSON("[]"), false},
		{[]byte("a"), []byte("a"), true},
		{[]byte("a"), []byte("b"), false},
		{"a", []byte("a"), false},
		{Row{int64(1), []byte("x")}, Row{int64(1), []byte("x")}, true},
		{Row{int64(1)}, Row{int64(1), nil}, false},
		{[]Row{{"a"}}, []Row{{"a"}}, true},
		{[]Row{{"a"}}, []Row{{"b"}}, false},
		{nil, Row{}, false},
	} {
		if got := Same(c.a, c.b); got != c.want {
			t.Errorf("Same(%#v, %#v) = %t", c.a, c.b, got)
		}
		if got := Same(c.b, c.a); got != c.want {
			t.Errorf("Same(%#v, %#v) = %t", c.b, c.a, got)
		}
	}
}
