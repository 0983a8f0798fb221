package runtime

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/livec-lang/livec/runtime/value"
)

func TestUnfit(t *testing.T) {
	var failure *Error
	err := unfit(&value.Error{Path: "/a/x~1y", Message: "must be a string"})
	if !errors.As(err, &failure) || failure.Code != CodeValidation || failure.Message != "a.x/y must be a string" ||
		failure.Issues[0].Path != "/a/x~1y" {
		t.Errorf("got %v", err)
	}
	if other := errors.New("other"); unfit(other) != other || unfit(nil) != nil {
		t.Error("another error became one of a value")
	}
}

func TestInvalid(t *testing.T) {
	err := Invalid(Element("items", 2), "must not be empty")
	if err.Code != CodeValidation || err.Message != "items.2 must not be empty" || err.Issues[0].Path != "/items/2" {
		t.Errorf("got %+v", err)
	}
	if path := Invalid(Member("m", "a/b"), "x").Issues[0].Path; path != "/m/a~1b" {
		t.Errorf("got %s", path)
	}
}

func TestToEnum(t *testing.T) {
	type level string
	if v, err := ToEnum("low", level("low"), level("high")); v != "low" || err != nil {
		t.Errorf("got %s, %v", v, err)
	}
	if _, err := ToEnum("x", level("low"), level("high")); CodeOf(err) != CodeValidation || !strings.Contains(err.Error(), `"low", "high"`) {
		t.Errorf("got %v", err)
	}
}

func TestParseJSON(t *testing.T) {
	if v, err := ParseJSON([]byte(` {"b":1, "a":[]} `)); string(v) != `{"a":[],"b":1}` || err != nil {
		t.Errorf("got %s, %v", v, err)
	}
	for _, text := range []string{"", "{", `{"a":1}x`, "\"\xff\""} {
		if _, err := ParseJSON([]byte(text)); CodeOf(err) != CodeValidation {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestAs(t *testing.T) {
	number := func(d *value.Decoder) int64 { return d.Int() }
	if n, err := As(json.RawMessage("12"), number); n != 12 || err != nil {
		t.Errorf("got %d, %v", n, err)
	}
	if _, err := As(json.RawMessage(`"x"`), number); CodeOf(err) != CodeValidation {
		t.Errorf("got %v", err)
	}
}

// TestEnvironment reads settings that are set, missing and invalid, and checks that one error names all mistakes.
func TestEnvironment(t *testing.T) {
	settings := map[string]string{"PORT": "80", "RATIO": "x"}
	e := ReadEnv(func(name string) (string, bool) { v, ok := settings[name]; return v, ok })
	if n := Setting(e, "PORT", value.ReadInt); n != 80 {
		t.Errorf("PORT is %d", n)
	}
	if s := SettingOr(e, "NAME", "live", value.ReadString); s != "live" {
		t.Errorf("NAME is %s", s)
	}
	if s := SettingMaybe(e, "NOTE", value.ReadString); s != nil {
		t.Errorf("NOTE is %s", *s)
	}
	if s := SettingMaybeOr(e, "TEXT", new("x"), value.ReadString); s == nil || *s != "x" {
		t.Error("TEXT has no default")
	}
	if err := e.Err(); err != nil {
		t.Fatal(err)
	}
	Setting(e, "SECRET", value.ReadString)
	Setting(e, "RATIO", value.ReadFloat)
	if err := e.Err(); err == nil || err.Error() != "SECRET is not set\nRATIO must be a number, not \"x\"" {
		t.Errorf("got %v", err)
	}
}
