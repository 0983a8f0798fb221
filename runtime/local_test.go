package runtime

import (
	"net/http/httptest"
	"testing"

	"github.com/livec-lang/livec/runtime/internal/gateway"
	"github.com/livec-lang/livec/runtime/wire"
)

func TestConnect(t *testing.T) {
	s := startServer(t, nil)
	var got []string
	code := 0
	l := s.Connect(httptest.NewRequest("GET", gateway.SocketPath, nil), func(frame []byte) { got = append(got, string(frame)) },
		func(c int, _ string) { code = c })
	l.Send([]byte(`{"t":"hello","v":1}`))
	l.Send([]byte(`{"t":"call","id":7,"m":"chat/echo","a":["hi"]}`))
	if len(got) != 2 || got[1] != `{"t":"ok","id":7,"v":"hi","s":0}` {
		t.Errorf("heard %q", got)
	}
	l.Close()
	l.Send([]byte(`{"t":"call","id":8,"m":"chat/echo","a":["hi"]}`))
	if len(got) != 2 {
		t.Errorf("heard %q after Close", got[2:])
	}
	if open := s.conns.Len(); open != 0 {
		t.Errorf("%d connections are open", open)
	}

	l = s.Connect(httptest.NewRequest("GET", gateway.SocketPath, nil), func([]byte) {}, func(c int, _ string) { code = c })
	defer l.Close()
	l.Send([]byte(`{"t":"hello","v":99}`))
	if code != wire.CloseVersion {
		t.Errorf("closed with %d, want %d", code, wire.CloseVersion)
	}
	waitFor(t, "the end of a connection that the server has closed", func() bool { return s.conns.Len() == 0 })
}
