package runtime

import (
	"net/http"
	"strings"
	"testing"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/internal/gateway"
	"github.com/livec-lang/livec/runtime/wire"
)

// startBearerServer runs the app with an upgrade that uses the token as the name of the user.
func startBearerServer(t *testing.T) *testServer {
	s := startServer(t, nil)
	s.reg.app.Upgrade = func(c *Call) (any, error) {
		switch token := c.Bearer(); {
		case token == nil:
			return nil, nil
		case *token == "ended":
			return nil, Fail(CodeUnauthorized, "This token has ended")
		default:
			return relation.Row{*token, "token"}, nil
		}
	}
	return s
}

func TestTokenOfHello(t *testing.T) {
	s := startBearerServer(t)
	front := s.listen(t)
	long := strings.Repeat("x", wire.MaxToken)
	for _, test := range []struct {
		name, header, hello string
		user                string // "~*" for an anonymous one
	}{
		{"none", "", `{"t":"hello","v":1}`, "~*"},
		{"of hello", "", `{"t":"hello","v":1,"h":"h1","token":"ann"}`, "ann"},
		{"null", "", `{"t":"hello","v":1,"token":null}`, "~*"},
		{"empty", "", `{"t":"hello","v":1,"token":""}`, "~*"},
		{"as long as may be", "", `{"t":"hello","v":1,"token":"` + long + `"}`, long},
		{"of the header", "Bearer bob", `{"t":"hello","v":1}`, "bob"},
		{"the header wins", "bearer bob", `{"t":"hello","v":1,"token":"ann"}`, "bob"},
		{"a header of another scheme does not", "Basic Ym9iOng=", `{"t":"hello","v":1,"token":"ann"}`, "ann"},
	} {
		t.Run(test.name, func(t *testing.T) {
			header := http.Header{}
			if test.header != "" {
				header.Set("Authorization", test.header)
			}
			c := dial(t, front, header)
			c.send(test.hello)
			got, _ := c.next()["k"].(string)
			if want, anonymous := strings.CutSuffix(test.user, "*"); !anonymous && got != test.user || anonymous && !strings.HasPrefix(got, want) {
				t.Errorf("the connection speaks for %.20q, want %.20q", got, test.user)
			}
		})
	}
}

func TestTokensThatAreRefused(t *testing.T) {
	s := startBearerServer(t)
	front := s.listen(t)
	for name, test := range map[string]struct{ token, reason string }{
		"by the app":   {"ended", CodeUnauthorized + ": This token has ended"},
		"too long":     {strings.Repeat("x", wire.MaxToken+1), CodeMalformed},
		"with a space": {"a b", CodeMalformed},
		"with a line":  {`a\nb`, CodeMalformed},
		"not of ASCII": {`\u00e4`, CodeMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			c := dial(t, front, nil)
			c.send(`{"t":"hello","v":1,"token":"` + test.token + `"}`)
			if closed := c.wantClose(wire.CloseRefused); closed.Text != test.reason {
				t.Errorf("the reason is %q, want %q", closed.Text, test.reason)
			}
		})
	}
	t.Run("no text", func(t *testing.T) {
		c := dial(t, front, nil)
		c.send(`{"t":"hello","v":1,"token":5}`)
		c.want(`{"t":"err","id":0,"code":"MALFORMED","message":"The message has an invalid \"token\""}`)
	})
	if strings.Contains(s.logs.String(), "ended") || strings.Contains(s.logs.String(), "xxxx") {
		t.Errorf("a token is in the log:\n%s", s.logs)
	}
}

func TestTokenOverHTTP(t *testing.T) {
	s := startBearerServer(t)
	front := s.listen(t)
	for header, want := range map[string]string{
		"Bearer ann": `{"value":"token"}`,
		"":           `{"error":{"code":"UNAUTHORIZED","message":"Log in first"}}`,
	} {
		if got := request(t, front, http.MethodPost, gateway.RPCPath+"chat/whoami", `[]`, "Authorization", header); got.body != want {
			t.Errorf("with %q: %s", header, got.body)
		}
	}
}
