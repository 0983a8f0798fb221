package ir

import "testing"

func TestTypeString(t *testing.T) {
	num := func(n int64) *int64 { return &n }
	frac := func(n float64) *float64 { return &n }
	str := &Scalar{Kind: String}
	user := &Record{Module: "app", Name: "User", Fields: []*Field{{Name: "name", Type: str}}}
	mood := &Enum{Name: "Mood0", Anonymous: true, Values: []string{"good", `so "so"`}}
	tests := []struct {
		t    Type
		want string
	}{
		{str, "string"},
		{&Scalar{Kind: String, Refine: &Refine{Min: num(1), Max: num(40)}}, "string(1..40)"},
		{&Scalar{Kind: String, Refine: &Refine{Max: num(80), Format: "email"}}, "string(..80, email)"},
		{&Scalar{Kind: String, Refine: &Refine{PatternText: `^a\/b$`}}, `string(/^a\/b$/)`},
		{&Scalar{Kind: Int, Refine: &Refine{Min: num(0)}}, "int(0..)"},
		{&Scalar{Kind: Float, Refine: &Refine{FMin: frac(0), FMax: frac(0.5)}}, "float(0..0.5)"},
		{&Scalar{Kind: Bytes, Refine: &Refine{Max: num(5 << 20)}}, "bytes(..5mb)"},
		{&Scalar{Kind: Bytes, Refine: &Refine{Min: num(1), Max: num(1536)}}, "bytes(1..1536)"},
		{&Scalar{Kind: Bytes, Refine: &Refine{Max: num(64 << 10)}}, "bytes(..64kb)"},
		{
			&Scalar{Kind: Time},
			"time",
		}, {&Scalar{Kind: Duration}, "duration"}, {&Scalar{Kind: ID}, "id"}, {&Scalar{Kind: JSON}, "json"}, {&Scalar{Kind: Bool}, "bool"},
		{&List{Elem: user, Refine: &Refine{Min: num(1)}}, "[User](1..)"},
		{&Optional{Elem: &List{Elem: &Optional{Elem: user}}}, "[User?]?"},
		{&Map{Elem: str}, "[string: string]"},
		{
			&Record{Name: "Shape0", Anonymous: true, Fields: []*Field{{Name: "x", Type: &Scalar{Kind: Float}}, {Name: "at", Type: mood}}},
			`{ x: float, at: "good" | "so \"so\"" }`,
		},
		{&Record{Name: "UserPatch", Anonymous: true, PatchOf: user}, "User.patch"},
		{mood, `"good" | "so \"so\""`},
		{&Optional{Elem: mood}, `("good" | "so \"so\"")?`},
		{&Enum{Name: "Mood", Values: []string{"good"}}, "Mood"},
		{&Union{Name: "Form"}, "Form"},
		{&Null{}, "null"}, {&Void{}, ""},
	}
	for _, test := range tests {
		if got := TypeString(test.t); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
}
