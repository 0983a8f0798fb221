package abuse

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"
)

// Rows is how many rows each call of a writer inserts: all of them are there after it, or none.
const Rows = 3

// Writer calls an rpc that writes, with a key, until it is answered, and then the next one. It sends a call again with its key when it does
// not know whether it was made, also to a server that was started again.
type Writer struct {
	Name   string
	Socket bool // over a WebSocket, else over HTTP
	From   string

	mu       sync.Mutex
	pending  string   // the key of a call that was not answered
	answered []string // the keys of all calls that were
}

// Answered is how many calls were answered.
func (w *Writer) Answered() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.answered)
}

// Run calls until a server does not answer any more, or ctx ends, or it has made n calls; 0 for no end. It gives the first answer that is
// neither the result nor that the server cannot write now.
func (w *Writer) Run(ctx context.Context, s *Server, n int) error {
	send := w.post(s)
	if w.Socket {
		c, err := s.Dial(ctx, w.From)
		if err != nil {
			return nil // the server has ended
		}
		defer c.Close()
		send = w.call(c)
	}
	for made := 0; (n == 0 || made < n) && ctx.Err() == nil; {
		w.mu.Lock()
		if w.pending == "" {
			w.pending = uuid.Must(uuid.NewV7()).String()
		}
		key := w.pending
		w.mu.Unlock()
		code, err := send(ctx, key)
		switch {
		case err != nil:
			return nil // it is not known whether the call was made
		case code == "UNAVAILABLE" || code == "OVERLOADED":
			continue
		case code != "":
			return fmt.Errorf("writer %s is answered %s", w.Name, code)
		}
		w.mu.Lock()
		w.pending, w.answered = "", append(w.answered, key)
		w.mu.Unlock()
		made++
	}
	return nil
}

func (w *Writer) args(key string) string { return fmt.Sprintf(`[%q,%d,%q]`, w.Name, Rows, key) }

// call sends a call over a WebSocket, and gives the code of its error.
func (w *Writer) call(c *Client) func(ctx context.Context, key string) (string, error) {
	return func(ctx context.Context, key string) (string, error) {
		id := c.NewID()
		if err := c.Send(fmt.Sprintf(`{"t":"call","id":%d,"m":"abuse/fill","a":%s,"k":%q}`, id, w.args(key), key)); err != nil {
			return "", err
		}
		m, err := c.Until(ctx, func(m Message) bool { return m.ID == id })
		return m.Code, err
	}
}

// post sends a call over HTTP.
func (w *Writer) post(s *Server) func(ctx context.Context, key string) (string, error) {
	client := HTTP(w.From)
	return func(ctx context.Context, key string) (string, error) {
		reply, err := s.Post(ctx, client, "fill", w.args(key), "Idempotency-Key", key)
		if err != nil || reply.Status == http.StatusOK {
			return "", err
		}
		var failure struct {
			Error struct {
				Code string `json:"code"`
			} `json:"error"`
		}
		if err := json.Unmarshal([]byte(reply.Body), &failure); err != nil {
			return "", err // cut off
		}
		return failure.Error.Code, nil
	}
}

// Verify compares the rows of a writer with its calls: each call that was answered is there once and as a whole, and the last one, which
// was not, is there once or not at all.
func (w *Writer) Verify(ctx context.Context, s *Server) error {
	client := HTTP(w.From)
	client.Timeout = time.Minute
	reply, err := s.Post(ctx, client, "all", fmt.Sprintf("[%q]", w.Name))
	if err != nil || reply.Status != http.StatusOK {
		return fmt.Errorf("the rows of %s: %w, %.200s", w.Name, err, reply.Body)
	}
	var rows struct {
		Value []struct {
			Text string `json:"text"`
		} `json:"value"`
	}
	if err := json.Unmarshal([]byte(reply.Body), &rows); err != nil {
		return err
	}
	n := map[string]int{}
	for _, row := range rows.Value {
		n[row.Text]++
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	lost, wrong := 0, 0
	for _, key := range w.answered {
		switch n[key] {
		case Rows:
		case 0:
			lost++
		default:
			wrong++
		}
		delete(n, key)
	}
	if n[w.pending] == Rows {
		delete(n, w.pending)
	}
	if lost+wrong+len(n) > 0 {
		return fmt.Errorf("of %d calls of %s, %d are lost, %d are there by half or twice, and %d were not answered",
			len(w.answered), w.Name, lost, wrong, len(n))
	}
	return nil
}
