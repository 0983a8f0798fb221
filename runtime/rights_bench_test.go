package runtime_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"testing"

	live "github.com/livec-lang/livec/runtime"
	"github.com/livec-lang/livec/runtime/store/sqlite"
)

// BenchmarkCalls calls over a connection whose identity is read from the database, one call after the other and, of those that
// write, 64 at a time.
func BenchmarkCalls(b *testing.B) {
	for _, c := range []struct {
		rpc   string
		calls int
	}{{"r/asPure", 1}, {"r/asRead", 1}, {"r/asWrite", 1}, {"r/asWrite", 64}} {
		b.Run(fmt.Sprintf("%s/%d", c.rpc, c.calls), func(b *testing.B) {
			app := &rightsApp{}
			app.history.lines = map[string][]change{}
			reg := app.register()
			db, err := sqlite.Open(b.Context(), sqlite.Memory, reg.Tables(), sqlite.Options{})
			if err != nil {
				b.Fatal(err)
			}
			s, err := live.New(reg, live.Options{Store: db, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
			if err != nil {
				b.Fatal(err)
			}
			talk(b, s, "", nil).call("r/role", "ann", "person")
			answers := make(chan struct{}, 1<<10)
			r := httptest.NewRequest("GET", "/_live/ws", nil)
			r.Header.Set("X-User", "ann")
			ann := s.Connect(r, func(frame []byte) {
				for range bytes.Count(frame, []byte(`"t":"ok"`)) {
					answers <- struct{}{}
				}
			}, nil)
			ann.Send([]byte(`{"t":"hello","v":1}`))
			b.ReportAllocs()
			for i := 0; i < b.N; i += c.calls {
				for range c.calls {
					ann.Send(fmt.Appendf(nil, `{"t":"call","id":%d,"m":%q,"a":["a"]}`, i+1, c.rpc))
				}
				for range c.calls {
					<-answers
				}
			}
			b.StopTimer()
			ann.Close()
			_ = s.Close(b.Context())
			_ = db.Close()
		})
	}
}
