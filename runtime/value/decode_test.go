package value

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestScalars reads single values, in plain form and in any form.
func TestScalars(t *testing.T) {
	type read func(d *Decoder) any
	str := func(d *Decoder) any { return d.String() }
	num := func(d *Decoder) any { return d.Int() }
	float := func(d *Decoder) any { return d.Float() }
	at := func(d *Decoder) any { return d.Time() }
	raw := func(d *Decoder) any { return string(d.JSON()) }
	data := func(d *Decoder) any { return string(d.Bytes()) }
	boolean := func(d *Decoder) any { return d.Bool() }
	start := time.Date(2026, 1, 31, 9, 30, 0, 0, time.UTC)
	for _, c := range []struct {
		text       string
		read       read
		want       any // nil: refused
		fastRefuse bool
	}{
		{`"a"`, str, "a", false},
		{`"ä€😀"`, str, "ä€😀", false},
		{`"a\n\u00e4"`, str, "a\nä", true},
		{`"a`, str, nil, true},
		{"\"a\nb\"", str, nil, true},
		{`a`, str, nil, true},
		{`0`, num, int64(0), false},
		{`-7`, num, int64(-7), false},
		{`9007199254740991`, num, int64(MaxInt), false},
		{`-9007199254740991`, num, int64(-MaxInt), false},
		{`9007199254740992`, num, nil, true},
		{`12345678901234567890`, num, nil, true},
		{`1.0`, num, int64(1), true},
		{`1e3`, num, int64(1000), true},
		{`-0`, num, int64(0), true},
		{`1.5`, num, nil, true},
		{`01`, num, nil, true},
		{`-`, num, nil, true},
		{``, num, nil, true},
		{`0.25`, float, 0.25, false},
		{`-1e-3`, float, -0.001, false},
		{`1e400`, float, nil, true},
		{`1.`, float, nil, true},
		{`.5`, float, nil, true},
		{`true`, boolean, true, false},
		{`false`, boolean, false, false},
		{`tru`, boolean, nil, true},
		{`"2026-01-31T09:30:00.000Z"`, at, start, false},
		{`"2026-01-31T10:30:00+01:00"`, at, start, true},
		{`"2026-01-31t09:30:00z"`, at, start, true},
		{`"2026-02-30T09:30:00.000Z"`, at, nil, true},
		{`"2016-12-31T23:59:60.000Z"`, at, time.Date(2016, 12, 31, 23, 59, 59, 0, time.UTC), true},
		{`"AQID"`, data, "\x01\x02\x03", false},
		{`""`, data, "", false},
		{`"AQI"`, data, nil, true},
		{`[1,{"a":null}]`, raw, `[1,{"a":null}]`, false},
		{`{"b":1.0,"a":[true]}`, raw, `{"a":[true],"b":1}`, false},
		{`{"a":1,"a":2}`, raw, nil, true},
		{`{"a":}`, raw, nil, true},
		{`[1,]`, raw, nil, true},
		{`[1}`, raw, nil, true},
		{`{"a":1]`, raw, nil, true},
		{strings.Repeat("[", 33) + strings.Repeat("]", 33), raw, nil, true},
	} {
		fast := Fast([]byte(c.text))
		got := c.read(&fast)
		switch {
		case fast.OK() == c.fastRefuse:
			t.Errorf("%s: accepted in plain form: %t", c.text, fast.OK())
		case fast.OK() && got != c.want:
			t.Errorf("%s: got %#v, want %#v", c.text, got, c.want)
		}
		full := Validated([]byte(" " + c.text + "\n"))
		got = c.read(&full)
		if err := full.Err(); (err != nil) != (c.want == nil) || err == nil && got != c.want {
			t.Errorf("%s: got %#v, %v, want %#v", c.text, got, err, c.want)
		}
	}
}

// TestErrors checks what errors say, and where.
func TestErrors(t *testing.T) {
	d := Foreign([]byte(`{"a":[1,{"b":"x"}]}`))
	for d.Object(); d.Member(); {
		d.Array()
		for i := 0; d.Item(i); i++ {
			if i == 0 {
				d.Int()
				continue
			}
			for d.Object(); d.Member(); {
				d.Int()
			}
			d.End()
		}
		d.End()
	}
	d.End()
	if err := d.Err(); err == nil || err.Error() != "/a/1/b must be a number" {
		t.Errorf("got %v", err)
	}
}

// TestTag finds the member that says which form of a union an object has.
func TestTag(t *testing.T) {
	for text, want := range map[string]string{`{"kind":"a","x":1}`: "a", `{"x":{"kind":"b"},"kind":"a"}`: "a", `{"x":1}`: "", `[]`: "",
		`{"kind":1}`: ""} {
		d := Validated([]byte(text))
		if got := string(d.Tag("kind")); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
	d := Fast([]byte(`{"x":1,"kind":"a"}`))
	if got := d.Tag("kind"); got != nil {
		t.Errorf("in plain form the tag is first; got %q", got)
	}
}

// TestRoundTrip reads values in the plain form in which they were written.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		x := rapid.Float64().Draw(t, "x")
		n := rapid.Int64Range(-MaxInt, MaxInt).Draw(t, "n")
		at := time.UnixMilli(rapid.Int64Range(minTime.UnixMilli(), maxTime.UnixMilli()).Draw(t, "at")).UTC()
		d := time.Duration(rapid.Int64Range(-maxMillis, maxMillis).Draw(t, "d")) * time.Millisecond
		b := rapid.SliceOf(rapid.Byte()).Draw(t, "b")

		text := AppendString([]byte{'['}, s)
		text = AppendFloat(append(text, ','), x)
		text = AppendInt(append(text, ','), n)
		text = AppendTime(append(text, ','), at)
		text = AppendDuration(append(text, ','), d)
		text = append(AppendBytes(append(text, ','), b), ']')
		if !json.Valid(text) {
			t.Fatalf("%s is no JSON", text)
		}
		in := Validated(text)
		in.Array()
		in.Next()
		if got := in.String(); got != strings.ToValidUTF8(s, "\uFFFD") {
			t.Errorf("%q became %q", s, got)
		}
		in.Next()
		if got := in.Float(); got != x {
			t.Errorf("%v became %v", x, got)
		}
		in.Next()
		if got := in.Int(); got != n {
			t.Errorf("%d became %d", n, got)
		}
		in.Next()
		if got := in.Time(); !got.Equal(at) {
			t.Errorf("%v became %v", at, got)
		}
		in.Next()
		if got := in.Duration(); got != d {
			t.Errorf("%v became %v", d, got)
		}
		in.Next()
		if got := in.Bytes(); !bytes.Equal(got, b) {
			t.Errorf("%v became %v", b, got)
		}
		in.End()
		if err := in.Err(); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	})
}

// TestFloat reads numbers exactly as strconv does.
func TestFloat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`-?(0|[1-9][0-9]{0,22})(\.[0-9]{1,24})?([eE][+-]?[0-9]{1,2})?`).Draw(t, "text")
		want, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range []Decoder{Fast([]byte(text)), Validated([]byte(text))} {
			if got := d.Float(); !d.OK() || got != want || math.Signbit(got) && got == 0 {
				t.Errorf("%s became %v, want %v; accepted: %t", text, got, want, d.OK())
			}
		}
	})
}

// TestOwnTexts checks that texts do not change with the bytes they were read from, and that short arguments are copied once.
func TestOwnTexts(t *testing.T) {
	for _, padding := range []int{0, maxShared} {
		text := []byte(`["one","","zwölf",{"k":"v"},["` + strings.Repeat("x", padding) + `","last"]]`)
		read := func() (out []string) {
			d := Fast(text)
			d.Array()
			for range 3 {
				d.Next()
				out = append(out, d.String())
			}
			d.Next()
			for d.Object(); d.Member(); {
				out = append(out, d.String())
			}
			d.End()
			d.Next()
			for d.Array(); d.Next(); {
				out = append(out, d.String())
			}
			d.End()
			d.End()
			if !d.OK() {
				t.Error("refused")
			}
			return out
		}
		got := read()
		for i := range text {
			text[i] = '?'
		}
		if want := []string{"one", "", "zwölf", "v", strings.Repeat("x", padding), "last"}; !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	short := []byte(`["one","two","three"]`)
	if n := testing.AllocsPerRun(100, func() {
		d := Fast(short)
		for d.Array(); d.Next(); {
			_ = d.String()
		}
	}); n > 1 {
		t.Errorf("%v allocations", n)
	}
}

// TestFloatText writes floats as JavaScript does.
func TestFloatText(t *testing.T) {
	for x, want := range map[float64]string{
		0: "0", math.Copysign(0, -1): "0", 1: "1", -1.5: "-1.5", 1e20: "100000000000000000000", 1e21: "1e+21", 1e-6: "0.000001", 1e-7: "1e-7",
		1.5e300: "1.5e+300", 5e-324: "5e-324", 0.30000000000000004: "0.30000000000000004",
		math.Inf(1): "null", math.NaN(): "null",
	} {
		if got := string(AppendFloat(nil, x)); got != want {
			t.Errorf("%v: got %s, want %s", x, got, want)
		}
	}
}

// TestCanonical checks that equal json values have equal texts.
func TestCanonical(t *testing.T) {
	for text, want := range map[string]string{
		`{"b": [1.0, 1e2, -0], "a": "\u0041"}`: `{"a":"A","b":[1,100,0]}`, ` null `: `null`, ``: `null`, `{`: `null`,
		`12345678901234567`: `12345678901234567`,
	} {
		if got := string(Canonical(json.RawMessage(text))); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

// TestNoAllocation checks that reading plain arguments needs no decoder on the heap.
func TestNoAllocation(t *testing.T) {
	text := []byte(`[12,0.5,true,"2026-01-31T09:30:00.000Z",500]`)
	if n := testing.AllocsPerRun(100, func() {
		d := Fast(text)
		d.Array()
		d.Item(0)
		d.Int()
		d.Item(1)
		d.Float()
		d.Item(2)
		d.Bool()
		d.Item(3)
		d.Time()
		d.Item(4)
		d.Duration()
		d.End()
		if !d.OK() {
			t.Error("refused")
		}
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
