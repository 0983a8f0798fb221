package validate

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/livec-lang/livec/runtime/internal/fault"
)

func TestIssues(t *testing.T) {
	data, err := os.ReadFile("testdata/contract.json")
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(data)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, args, message, issues string }{
		{"chat/send", `["lobby"]`, "The list of arguments must have at least 2 arguments",
			`[{"path":"","message":"must have at least 2 arguments"}]`},
		{"chat/send", `["a","b","c"]`, "Argument 3 is one argument too many", `[{"path":"/2","message":"is one argument too many"}]`},
		{"chat/send", `[1,"b"]`, "room must be a string", `[{"path":"/0","message":"must be a string"}]`},
		{"chat/send", `{"a":1}`, "The list of arguments must be a list", `[{"path":"","message":"must be a list"}]`},
		{"chat/echo", `["a",1.5]`, "times must be an integer or null", `[{"path":"/1","message":"must be an integer or null"}]`},
		{"chat/echo", `["a",0]`, "times must be at least 1", `[{"path":"/1","message":"must be at least 1"}]`},
		{"chat/upload", `["a","%%%%"]`, "data must be encoded as base64", `[{"path":"/1","message":"must be encoded as base64"}]`},
		{"chat/upload", `["a","AAECAwQFBgcI"]`, "data must have at most 5 bytes", `[{"path":"/1","message":"must have at most 5 bytes"}]`},
		{"chat/upload", `["a",""]`, "data must have at least 2 bytes", `[{"path":"/1","message":"must have at least 2 bytes"}]`},
		{"chat/shape", `[{"kind":"circle","radius":0}]`, "shape.radius must be greater than 0",
			`[{"path":"/0/radius","message":"must be greater than 0"}]`},
		{"chat/shape", `[{"kind":"circle"}]`, "shape.radius is required", `[{"path":"/0/radius","message":"is required"}]`},
		{"chat/shape", `[{"kind":"circle","radius":1,"a/b c%":2}]`, "shape.a/b c% is unknown", `[{"path":"/0/a~1b c%","message":"is unknown"}]`},
		{"chat/shape", `[{"kind":"square","side":1,"mail":"x","color":"pink"}]`, "shape.color must be \"red\", \"green\" or \"blue\"",
			`[{"path":"/0/color","message":"must be \"red\", \"green\" or \"blue\""},{"path":"/0/mail","message":"must be an email address"}]`},
		{"chat/shape", `[{"kind":"star"}]`, "shape must be one of the records of its type",
			`[{"path":"/0","message":"must be one of the records of its type"}]`},
		{"chat/shape", `[3]`, "shape must be one of the records of its type",
			`[{"path":"/0","message":"must be one of the records of its type"}]`},
	}
	for _, test := range tests {
		err := c.Arguments(test.name, []byte(test.args), func([]byte) error { return nil })
		failure, ok := err.(*fault.Error)
		if !ok || failure.Code != fault.CodeValidation {
			t.Errorf("%s %s: got %v", test.name, test.args, err)
			continue
		}
		issues, _ := json.Marshal(failure.Issues)
		var want, got any
		_ = json.Unmarshal(issues, &got)
		_ = json.Unmarshal([]byte(test.issues), &want)
		g, _ := json.Marshal(got)
		w, _ := json.Marshal(want)
		if failure.Message != test.message || string(g) != string(w) {
			t.Errorf("%s %s:\n%s %s\nwant\n%s %s", test.name, test.args, failure.Message, g, test.message, w)
		}
	}
}

func TestBrokenContract(t *testing.T) {
	for _, data := range []string{`{`, `{"modules":[{"entryPoints":[{"name":"a/b","args":{"type":"nope"}}]}]}`,
		`{"modules":[{"entryPoints":[{"name":"a/b","args":{"$ref":"#/$defs/Nope"}}]}]}`} {
		if _, err := New([]byte(data)); err == nil {
			t.Errorf("%s is taken", data)
		}
	}
}
