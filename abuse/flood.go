package abuse

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/sync/errgroup"
)

// frameOf joins messages to a frame.
func frameOf(n int, message func(i int) string) string {
	messages := make([]string, n)
	for i := range messages {
		messages[i] = message(i)
	}
	return "[" + strings.Join(messages, ",") + "]"
}

// flood sends frames as fast as they go until ctx ends, reads and counts the answers, and connects again whenever it is closed or refused.
// The frames get the number of those before, also over earlier connections.
func (t *Target) flood(ctx context.Context, from string, frame func(i int) string) error {
	pause := time.NewTicker(100 * time.Millisecond)
	defer pause.Stop()
	for i := 0; ctx.Err() == nil; {
		c, err := t.dial(ctx, from)
		if err != nil {
			return err
		}
		if c == nil {
			select {
			case <-pause.C:
			case <-ctx.Done():
			}
			continue
		}
		var group errgroup.Group
		group.Go(func() error { return t.count(c) })
		for ctx.Err() == nil && c.Send(frame(i)) == nil { // if it fails, the reader knows why
			i++
		}
		c.Close()
		if err := group.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// dial connects from an address. If the server refuses, it counts that, and gives no connection.
func (t *Target) dial(ctx context.Context, from string) (*Client, error) {
	c, err := t.Dial(ctx, from)
	var refused *Refused
	var closed *websocket.CloseError
	switch {
	case err == nil || ctx.Err() != nil:
		return c, nil
	case errors.As(err, &refused):
		t.Saw(strconv.Itoa(refused.Status))
	case errors.As(err, &closed):
		t.Saw(strconv.Itoa(closed.Code))
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		t.Saw("cut") // before its request was read
	default:
		return nil, err
	}
	return nil, nil
}

// count reads until the connection ends, and counts what comes.
func (t *Target) count(c *Client) error {
	for {
		m, err := c.Next()
		var closed *websocket.CloseError
		switch {
		case errors.As(err, &closed):
			t.Saw(strconv.Itoa(closed.Code))
			return nil
		case err != nil:
			return nil // cut
		case m.Code != "":
			t.Saw(m.Code)
		default:
			t.Saw(m.Kind)
		}
	}
}

// send sends messages one by one, in frames of 50, and reads as many answers.
func (t *Target) send(ctx context.Context, c *Client, n int, message func(i int) string) error {
	for sent := 0; sent < n; {
		some := min(50, n-sent)
		if err := c.Send(frameOf(some, func(i int) string { return message(sent + i) })); err != nil {
			return err
		}
		answers := 0
		if _, err := c.Until(ctx, func(m Message) bool {
			if m.ID > 0 && m.Kind != "end" {
				answers++
				if m.Code != "" {
					t.Saw(m.Code)
				} else {
					t.Saw(m.Kind)
				}
			}
			return answers == some
		}); err != nil {
			return err
		}
		sent += some
	}
	return nil
}

// fill writes rows into a room.
func (t *Target) fill(ctx context.Context, room string, rows, bytes int) error {
	c, err := t.Dial(ctx, Address(50_000))
	if err != nil {
		return err
	}
	defer c.Close()
	for rows > 0 {
		some := min(rows, 500) // few enough for a transaction on a busy machine
		args := `["` + room + `",` + strconv.Itoa(some) + `,"` + strings.Repeat("x", bytes) + `"]`
		m, err := c.Call(ctx, "call", "fill", args)
		if err == nil {
			err = m.Err()
		}
		if err != nil {
			return err
		}
		rows -= some
	}
	return nil
}
