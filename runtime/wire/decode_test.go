package wire

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// decodeAll returns the messages of a frame, without their sizes, and its errors.
func decodeAll(frame string) (got []Message, errs []*Malformed) {
	var m Message
	Decode([]byte(frame), &m, func(err error) {
		var malformed *Malformed
		if errors.As(err, &malformed) {
			errs = append(errs, malformed)
			return
		}
		m.Size = 0
		for i := range m.Calls {
			m.Calls[i].Size = 0
		}
		got = append(got, m)
	})
	return got, errs
}

func TestDecode(t *testing.T) {
	const k = "0190a5f0-0000-7000-8000-000000000001"
	call := func(id uint64, path, args string) Message {
		return Message{Kind: Call, ID: id, Path: []byte(path), Args: []byte(args)}
	}
	seeded := call(7, "chat/send", `["a"]`)
	seeded.Seed = []byte(k)
	tests := []struct {
		frame string
		want  []Message
	}{
		{`{"t":"hello","v":1,"h":"abc"}`, []Message{{Kind: Hello, Version: 1, Hash: "abc"}}},
		{`{"t":"hello","v":1,"h":"abc","token":"a.b-c"}`, []Message{{Kind: Hello, Version: 1, Hash: "abc", Token: "a.b-c"}}},
		{`{"t":"hello","v":1,"h":"abc","p":{"a/b":"1f"}}`,
			[]Message{{Kind: Hello, Version: 1, Hash: "abc", Hashes: map[string]string{"a/b": "1f"}}}},
		{`{"token":null,"v":1,"t":"hello"}`, []Message{{Kind: Hello, Version: 1}}},
		{`{"t":"call","id":7,"m":"chat/send","a":["lobby","hi"]}`, []Message{call(7, "chat/send", `["lobby","hi"]`)}},
		{`{"t":"call","id":7,"m":"chat/send","a":["a"],"k":"` + k + `"}`, []Message{seeded}},
		{`{"k":"` + k + `","a":["a"],"m":"chat\/send","id":7,"t":"call","new":{"x":[1]}}`, []Message{seeded}},
		{`{"t":"call","id":7,"m":"a/b"}`, []Message{{Kind: Call, ID: 7, Path: []byte("a/b")}}},
		{
			`{"t":"sub","id":8,"m":"a/b","a":[],"at":{"e":"x","s":41}}`,
			[]Message{{Kind: Sub, ID: 8, Path: []byte("a/b"), Args: []byte("[]"), At: At{"x", 41}}},
		},
		{`{"t":"more","id":8}`, []Message{{Kind: More, ID: 8}}},
		{`{"t":"unsub","id":8}`, []Message{{Kind: Unsub, ID: 8}}},
		{
			`{"t":"pub","id":9,"m":"a/b","a":[],"k":"set","v":{"x":1}}`,
			[]Message{{Kind: Pub, ID: 9, Path: []byte("a/b"), Args: []byte("[]"), Event: []byte("set"), Value: []byte(`{"x":1}`)}},
		},
		{`{"t":"ping"}`, []Message{{Kind: Ping}}},
		{
			`{"t":"pub","m":"a/b","a":["x"],"k":"set","v":{"x":1}}`,
			[]Message{{Kind: Pub, Path: []byte("a/b"), Args: []byte(`["x"]`), Event: []byte("set"), Value: []byte(`{"x":1}`)}},
		},
		{
			`{"t":"pub","m":"a/b","k":"set","a":["x"],"v":1}`,
			[]Message{{Kind: Pub, Path: []byte("a/b"), Args: []byte(`["x"]`), Event: []byte("set"), Value: []byte(`1`)}},
		},
		{`[ {"t":"ping"} , {"t":"more","id":1} ]`, []Message{{Kind: Ping}, {Kind: More, ID: 1}}},
		{`{"t":"batch","q":true,"b":[{"t":"call","id":1,"m":"a/b","a":[]}, {"m":"a/b","t":"call","id":2,"a":[ ]}]}`,
			[]Message{{Kind: Batch, Sequential: true, Calls: []Message{call(1, "a/b", "[]"), call(2, "a/b", "[ ]")}}}},
	}
	for _, test := range tests {
		got, errs := decodeAll(test.frame)
		if len(errs) > 0 || !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got %+v %v", test.frame, got, errs)
		}
	}
}

func TestDecodeMalformed(t *testing.T) {
	tests := []struct {
		frame string
		id    uint64
		want  string
	}{
		{``, 0, "The frame is empty"},
		{"\xff", 0, "The frame is not UTF-8"},
		{`hello`, 0, "A message must be a JSON object"},
		{`[`, 0, "The message cannot be read: it ends too early"},
		{`[]`, 0, "The message cannot be read: it is not JSON"},
		{`[{"t":"ping"},]`, 0, "The message cannot be read: it is not JSON"},
		{`[{"t":"ping"}`, 0, "The frame cannot be read: it ends too early"},
		{`{"t":"ping"} {}`, 0, "The frame has data after its message; send several messages as a JSON array"},
		{`[{"t":"ping"}]x`, 0, "The frame has data after its array"},
		{`{"t":"call","id":0,"m":"a/b"}`, 0, `The message has an invalid "id"`},
		{`{"t":"call","id":9007199254740992,"m":"a/b"}`, 0, `The message has an invalid "id"`},
		{`{"t":"call","m":"a/b"}`, 0, `A message of kind "call" needs an "id", a positive integer`},
		{`{"t":"call","id":3}`, 3, `A message of kind "call" needs "m", the entry point`},
		{`{"t":"call","id":3,"m":"a/b","a":{}}`, 3, `The arguments "a" must be a JSON array`},
		{`{"id":3,"t":"call","t":"sub"}`, 3, `The message has "t" twice`},
		{`{"t":"dance","id":3}`, 3, `"dance" is not a kind of message`},
		{`{"t":"pub","id":3,"m":"a/b"}`, 3, `A message of kind "pub" needs an event "k" and a value "v"`},
		{`{"t":"sub","id":3,"m":"a/b","at":{"e":"x"}}`, 3, `The message has an invalid "at"`},
		{`{"t":"batch","b":{}}`, 0, `A batch needs "b", a list of calls`},
		{`{"t":"batch","b":[{"t":"ping"}]}`, 0, "A batch may contain only calls"},
		{`{"t":"batch","b":[{"t":"batch","b":[]}]}`, 0, "A batch may contain only calls"},
		{
			`{"t":"batch","b":[` + strings.Repeat(`{"t":"call","id":1,"m":"a/b"},`, 50) + `{"t":"call","id":1,"m":"a/b"}]}`,
			0,
			"A batch may have at most 50 calls",
		},
	}
	for _, test := range tests {
		_, errs := decodeAll(test.frame)
		if len(errs) != 1 || errs[0].ID != test.id || errs[0].Reason != test.want {
			t.Errorf("%s: got %+v", test.frame, errs)
		}
	}
	got, errs := decodeAll("[" + strings.Repeat(`{"t":"ping"},`, 50) + `{"t":"ping"}]`)
	if len(got) != 50 || len(errs) != 1 || errs[0].Reason != "The frame has more than 50 messages" {
		t.Errorf("51 messages: %d, %v", len(got), errs)
	}
	got, errs = decodeAll(`[{"t":"dance"},{"t":"ping"}]`)
	if len(got) != 1 || len(errs) != 1 {
		t.Errorf("one of two: %v %v", got, errs)
	}
}

// TestDecodeDeep has messages that are nested too deep: only they fail, with their ids.
func TestDecodeDeep(t *testing.T) {
	nested := func(open, shut string, n int) string { return strings.Repeat(open, n) + strings.Repeat(shut, n) }
	call := func(id uint64, args string) Message {
		return Message{Kind: Call, ID: id, Path: []byte("a/b"), Args: []byte(args)}
	}
	left := call(1, "[]")
	left.Deep = true
	most := nested("[", "]", 31)
	for _, deep := range []string{
		nested("[", "]", 32), nested("[", "]", 100), nested("[", "]", 30_000), "[" + nested(`{"x":`, "}", 31) + "]",
		`["]",` + nested("[", "]", 63) + `,{"\"":[]}]`, `["a",` + nested("[", "]", 64) + "]",
	} {
		last := `{"t":"call","id":2,"m":"a/b","a":` + most + `}`
		for _, frame := range []string{
			`[{"t":"call","id":1,"m":"a/b","a":` + deep + `},` + last + `]`,
			`[{"a" : ` + deep + ` ,"m":"a/b","id":1,"t":"call", "new":` + deep + ` } , ` + last + ` ]`,
		} {
			got, errs := decodeAll(frame)
			if len(errs) > 0 || !reflect.DeepEqual(got, []Message{left, call(2, most)}) {
				t.Errorf("%.60s: %+v, %v", frame, got, errs)
			}
		}
		got, errs := decodeAll(`{"t":"batch","b":[{"t":"call","id":1,"m":"a/b","a":` + deep + `} , ` + last + `],"new":` + deep + `}`)
		if len(errs) > 0 || len(got) != 1 || !reflect.DeepEqual(got[0].Calls, []Message{left, call(2, most)}) {
			t.Errorf("a batch with %.60s: %+v, %v", deep, got, errs)
		}
		got, errs = decodeAll(`{"t":"pub","m":"a/b","a":[],"k":"set","v":` + deep + `}`)
		if len(errs) > 0 || len(got) != 1 || !got[0].Deep {
			t.Errorf("a pub with %.60s: %+v, %v", deep, got, errs)
		}
		got, errs = decodeAll(`{"t":"ping","new":` + deep + `}`)
		if len(errs) > 0 || len(got) != 1 || got[0].Deep {
			t.Errorf("a ping with %.60s: %+v, %v", deep, got, errs)
		}
	}
	deep := nested("[", "]", 40)
	for _, frame := range []string{
		`{"t":"call","id":1,"m":"a/b","a":` + strings.Repeat("[", 40) + strings.Repeat("]", 39), `{"t":` + deep + `}`, `{"t":"ping"` + deep + `}`,
		`{"t":"ping",` + deep + `}`, `{"t" ` + deep + `}`, `{"a":` + deep + `,}`, `{"a":` + deep + ` "t":"ping"}`, deep, `[` + deep + `]`,
		`{"t":"batch","b":[` + deep + `]}`, `{"t":"batch","b":[,` + deep + `]}`, `{"t":"batch","b":[{"t":"batch","b":[` + deep + `]}]}`,
		`{"t":"call","id":1,"m":"a/b","a":` + strings.Repeat("[", 40) + strings.Repeat("}", 40) + `}`,
	} {
		if got, errs := decodeAll(frame); len(errs) == 0 || len(got) > 0 {
			t.Errorf("%s: %+v, %v", frame, got, errs)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"t":"hello","v":1,"h":"abc","token":"a.b"}`,
		`{"t":"call","id":7,"m":"chat/send","a":["lobby","hi"],"k":"0190a5f0-0000-7000-8000-000000000001"}`,
		`{"t":"call","id":7,"m":"chat/send","a":[{"x":[1,2,"\"]"]}]}`,
		`[{"t":"sub","id":8,"m":"chat/messages","a":["lobby"],"at":{"e":"x","s":41}},{"t":"ping"}]`,
		`{"t":"batch","q":true,"b":[{"t":"call","id":1,"m":"a/b","a":[]}]}`,
		`{"t":"pub","id":9,"m":"chat/typing","a":["lobby"],"k":"set","v":{}}`,
		`{"t":"pub","m":"chat/typing","a":["lobby"],"k":"set","v":{"x":[1,"}"]}}`,
		`{"t":"call","id":7,"m":"a","a":[tru]}`,
		`[[[[`, `{"t":"call","id":7,"m":"a","a":["\`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		var m Message
		Decode(frame, &m, func(err error) {
			var malformed *Malformed
			if err != nil && (!errors.As(err, &malformed) || malformed.Reason == "") {
				t.Errorf("an error that says nothing: %v", err)
			}
		})
		// If the fast path accepts a message, the full one must read the same.
		var fast, full Message
		end := decodeFast(frame, 0, &fast)
		if end == 0 || !utf8.Valid(frame) || !json.Valid(frame[:end]) {
			return
		}
		if err := decodeFull(frame[:end], &full, true); err != nil {
			t.Fatalf("the fast path takes what the full one refuses: %v", err)
		}
		if !reflect.DeepEqual(fast, full) {
			t.Fatalf("fast %+v\nfull %+v", fast, full)
		}
	})
}

func FuzzDecodeBinary(f *testing.F) {
	header := `{"t":"call","id":1,"m":"a/b","a":[null]}`
	f.Add(append([]byte{0, 0, byte(len(header))}, header+"payload"...))
	f.Add([]byte{0, 255, 255})
	f.Fuzz(func(t *testing.T, frame []byte) {
		var m Message
		if err := DecodeBinary(frame, &m); err == nil && (m.Kind != Call || m.ID == 0 || m.Payload == nil) {
			t.Errorf("took %+v", m)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{`[1,"a",{"x":null}]`, `{"a":1,"a":2}`, `1 2`, `[`, `"\ud800"`, `{"a/~":{"b":1,"b":2}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := Parse(b)
		var duplicate *DuplicateError
		if errors.As(err, &duplicate) {
			return
		}
		var want any
		d := json.NewDecoder(strings.NewReader(string(b)))
		d.UseNumber()
		if json.Valid(b) != (err == nil) {
			t.Fatalf("valid: %v, error: %v", json.Valid(b), err)
		}
		if err == nil && d.Decode(&want) == nil && !reflect.DeepEqual(v, want) {
			t.Fatalf("got %v, want %v", v, want)
		}
	})
}

func FuzzAppendString(f *testing.F) {
	f.Add("a\"\\\n\x01\xff\u2028é")
	f.Fuzz(func(t *testing.T, s string) {
		var got string
		b := AppendString(nil, s)
		if err := json.Unmarshal(b, &got); err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		if want := strings.ToValidUTF8(s, "\uFFFD"); len([]rune(got)) < len([]rune(want)) ||
			strings.ReplaceAll(got, "\uFFFD", "") != strings.ReplaceAll(want, "\uFFFD", "") {
			t.Fatalf("%q became %q", s, got)
		}
	})
}
