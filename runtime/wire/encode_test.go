package wire

import (
	"testing"
	"time"
)

func TestEncode(t *testing.T) {
	failure := &Failure{Code: "X", Message: `no "x"`, Issues: []Issue{{"/1", "a"}, {"/2", "b"}}, RetryAfter: 2001 * time.Millisecond}
	for want, got := range map[string][]byte{
		`{"t":"hello","v":1,"h":"abc","e":"E",` +
			`"hb":25000,"k":"~1","now":5,"max":10,"frame":20}`: AppendHello(nil,
			&Greeting{"abc", "E", 25 * time.Second, "~1", time.UnixMilli(5), 10, 20}),
		`{"t":"sig","m":"a/b","a":[1]}`:                               AppendSig(nil, "a/b", []byte("[1]")),
		`{"t":"ok","id":7,"v":null,"s":3,"n":2}`:                      EndReached(append(BeginOK(nil, 7), "null"...), 3, 2),
		`{"t":"ok","id":7,"v":[1],"s":12}`:                            AppendOK(nil, 7, []byte("[1]"), 12),
		`{"t":"err","id":0,"code":"A","message":""}`:                  AppendErr(nil, 0, &Failure{Code: "A"}),
		`{"t":"snap","id":8,"c":3,"e":"E","s":41,"v":[]}`:             AppendSnap(nil, 8, 3, "E", 41, []byte("[]"), false),
		`{"t":"snap","id":8,"c":3,"e":"E","s":41,"v":[],"more":true}`: AppendSnap(nil, 8, 3, "E", 41, []byte("[]"), true),
		`{"t":"snap","id":8,"c":3,"e":"E","s":41,"v":[],"refused":{"code":"OVERLOADED","message":"m"}}`: SnapRefused(
			AppendSnap(nil, 8, 3, "E", 41, []byte("[]"), false), &Failure{Code: "OVERLOADED", Message: "m"}),
		`{"t":"live","id":8,"c":3,"e":"E","s":41}`:           AppendLive(nil, 8, 3, "E", 41),
		`{"t":"off","id":8}`:                                 AppendOff(nil, 8),
		`{"t":"end","id":8,"code":"X","message":"no \"x\""}`: AppendEnd(nil, 8, failure),
		`{"t":"resync","c":3}`:                               AppendResync(nil, 3),
		`{"t":"pong"}`:                                       AppendPong(nil),
		`{"t":"err","id":1,"code":"X","message":"no \"x\"",` +
			`"issues":[{"path":"/1","message":"a"},{"path":"/2","message":"b"}],"retryAfter":3}`: AppendErr(nil, 1, failure),
	} {
		if string(got) != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestCheck(t *testing.T) {
	for value, ok := range map[string]bool{
		`[1, {"a":"]"}]`: true, ` "x" `: true, `1 2`: false, `[tru]`: false, ``: false, "\"\xff\"": false, `{`: false,
	} {
		if err := Check([]byte(value)); (err == nil) != ok {
			t.Errorf("%s: %v", value, err)
		}
	}
	if s := "a~1/b"; UnescapePointer(EscapePointer(s)) != s || EscapePointer(s) != "a~01~1b" {
		t.Errorf("%q is escaped as %q", s, EscapePointer(s))
	}
}
