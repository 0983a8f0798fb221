package runtime

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/internal/gateway"
	"github.com/livec-lang/livec/runtime/wire"
)

// TestCrowd has clients connect, disconnect and return while others write. Each client must get every event of its streams, in order, from
// its first data on, and in the end have the data that the database has.
func TestCrowd(t *testing.T) {
	const clients, writers, writes = 12, 3, 60
	s := startServer(t, func(o *Options) { o.Limits = limits.Values{limits.MaxLog: 4 << 10} })
	front := s.listen(t)
	url := "ws" + strings.TrimPrefix(front.URL, "http") + gateway.SocketPath

	var wg sync.WaitGroup
	for range writers {
		c := greet(t, front, "")
		wg.Go(func() {
			for range writes {
				c.do("chat/send", `["lobby","a"]`)
			}
		})
	}
	for n := range clients {
		wg.Go(func() {
			f := &visitor{random: rand.New(rand.NewPCG(1, uint64(n)))}
			for f.held < writers*writes {
				if err := f.visit(url); err != nil {
					t.Errorf("client %d: %v", n, err)
					return
				}
			}
		})
	}
	wg.Wait()
	if t.Failed() {
		t.Log(s.logs)
	}
}

// visitor is a client that connects again and again, and the value that it has kept.
type visitor struct {
	random *rand.Rand
	epoch  string
	offset uint64
	held   int // number of lines in the value
}

// visit connects, subscribes with the value it has, and disconnects after some messages, or when it has all lines.
func (f *visitor) visit(url string) error {
	conn, _, err := (&websocket.Dialer{Subprotocols: []string{wire.Subprotocol}}).Dial(url, http.Header{})
	if err != nil {
		return err
	}
	defer conn.Close()
	at := ""
	if f.epoch != "" {
		at = fmt.Sprintf(`,"at":{"e":%q,"s":%d}`, f.epoch, f.offset)
	}
	if err := conn.WriteMessage(websocket.TextMessage,
		[]byte(`[{"t":"hello","v":1},{"t":"sub","id":1,"m":"chat/lines","a":["lobby"]`+at+`}]`)); err != nil {
		return err
	}
	known := false
	for left := 1 + f.random.IntN(40); left > 0; {
		_ = conn.SetReadDeadline(time.Now().Add(300 * time.Millisecond))
		_, data, err := conn.ReadMessage()
		if err != nil {
			if strings.Contains(err.Error(), "timeout") {
				return nil // all lines are there
			}
			return err
		}
		if data[0] != '[' {
			data = []byte("[" + string(data) + "]")
		}
		var list []struct {
			T, E string
			S    uint64
			V    json.RawMessage
		}
		if err := json.Unmarshal(data, &list); err != nil {
			return err
		}
		for _, m := range list {
			left--
			switch m.T {
			case "live":
				if m.E != f.epoch || m.S != f.offset {
					return fmt.Errorf("held %s %d and goes on from %s %d", f.epoch, f.offset, m.E, m.S)
				}
				known = true
			case "snap":
				known, f.epoch, f.offset = true, m.E, m.S
				if err := f.take(m.V); err != nil {
					return err
				}
			case "ev":
				if !known || m.S != f.offset+1 {
					return fmt.Errorf("event %d comes after %d (%v)", m.S, f.offset, known)
				}
				f.offset = m.S
				if err := f.take(m.V); err != nil {
					return err
				}
			case "resync":
				known = false
			case "hello":
			default:
				return fmt.Errorf("got %s", data)
			}
		}
	}
	return nil
}

// take sets the value. It must never get shorter.
func (f *visitor) take(value json.RawMessage) error {
	var lines []string
	if err := json.Unmarshal(value, &lines); err != nil {
		return err
	}
	if len(lines) < f.held {
		return fmt.Errorf("%d lines come after %d", len(lines), f.held)
	}
	f.held = len(lines)
	return nil
}
