package runtime_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"testing"

	live "github.com/livec-lang/livec/runtime"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/store/sqlite"
)

// BenchmarkPublish moves one cursor of a room without other members.
func BenchmarkPublish(b *testing.B) {
	db, err := sqlite.Open(b.Context(), sqlite.Memory, together(&journal{}).Tables(), sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	s, err := live.New(together(&journal{}), live.Options{Store: db, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		b.Fatal(err)
	}
	r := httptest.NewRequest("GET", "/_live/ws", nil)
	c := s.Connect(r.WithContext(identity.Assume(r.Context(), "ann")), func([]byte) {}, nil)
	c.Send([]byte(`{"t":"hello","v":1}`))
	c.Send([]byte(`{"t":"sub","id":1,"m":"t/board.cursors","a":["b"]}`))
	b.ReportAllocs()
	for i := range b.N {
		c.Send(fmt.Appendf(nil, `{"t":"pub","m":"t/board.cursors","a":["b"],"k":"update","v":{"x":%d,"y":2}}`, i))
	}
	b.StopTimer()
	c.Close()
	_ = s.Close(b.Context())
	_ = db.Close()
}
