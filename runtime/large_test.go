package runtime

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/livec-lang/livec/runtime/internal/fault"
)

// TestTooLargeFailsAlone sends what is nested too deep or has too many bytes, in one frame with other calls. Only that fails.
func TestTooLargeFailsAlone(t *testing.T) {
	s := startServer(t, nil)
	c := greet(t, s.listen(t), "")
	id := 0
	call := func(text string) string {
		id++
		return fmt.Sprintf(`{"t":"call","id":%d,"m":"chat/echo","a":[%s]}`, id, text)
	}
	deep := strings.Repeat("[", 40) + strings.Repeat("]", 40)
	large := `"` + strings.Repeat("x", 64<<10) + `"`
	some := `"` + strings.Repeat("y", 40<<10) + `"`
	for range 12 { // more often than a client may send malformed frames
		for _, frame := range []string{"[%s]", `{"t":"batch","b":[%s]}`, `{"t":"batch","q":true,"b":[%s]}`} {
			for text, code := range map[string]string{deep: fault.CodeValidation, large: fault.CodeTooLarge} {
				c.send(fmt.Sprintf(frame, strings.Join([]string{call(`"a"`), call(text), call(`"b"`)}, ",")))
				got := map[float64]any{}
				for range 3 {
					m := c.next()
					if got[m["id"].(float64)] = m["v"]; m["t"] == "err" {
						got[m["id"].(float64)] = m["code"]
					}
				}
				want := map[float64]any{float64(id - 2): "a", float64(id - 1): code, float64(id): "b"}
				if !maps.Equal(got, want) {
					t.Fatalf("%.20s with %.10s: got %v, want %v", frame, text, got, want)
				}
			}
		}
	}
	c.send(fmt.Sprintf("[%s,%s]", call(some), call(some))) // together they have more bytes than one call may
	for range 2 {
		if m := c.next(); m["t"] != "ok" {
			t.Fatalf("got %v", m["code"])
		}
	}
	c.send(fmt.Sprintf(`[{"t":"sub","id":1,"m":"chat/lines","a":[%s]},{"t":"sub","id":2,"m":"chat/lines","a":[%s]}]`, deep, large))
	c.want(`{"t":"err","id":1,"code":"VALIDATION","message":"A value is nested deeper than 31 levels"}`)
	c.want(`{"t":"err","id":2,"code":"PAYLOAD_TOO_LARGE","message":"At most 65536 bytes are allowed here"}`)
	c.send(`{"t":"ping"}`)
	c.want(`{"t":"pong"}`)
}
