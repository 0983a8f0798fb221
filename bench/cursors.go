package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	live "github.com/livec-lang/livec/runtime"
	"github.com/livec-lang/livec/runtime/store/sqlite"
	"github.com/livec-lang/livec/runtime/value"
)

// The room that cursors are measured in: everybody in it sees everybody's cursor.
const (
	cursorUsers     = 1000
	cursorRate      = 20 // moves a second of each
	cursorTime      = 5 * time.Second
	cursorObservers = 8 // clients that parse every cursor they receive; the others discard them
)

// cursors has everybody in a room move at once, and measures the traffic, the age of cursors when they are received, and the cost.
func cursors(ctx context.Context, report func(figure)) error {
	s, err := startServer(ctx, "live-room")
	if err != nil {
		return err
	}
	defer s.stop()
	clients, err := dialAll(ctx, s.addr, cursorUsers, 64<<10, enterRoom)
	if err != nil {
		return err
	}
	defer closeAll(clients)

	epoch := time.Now()
	sinceEpoch := func() int64 { return time.Since(epoch).Microseconds() }
	var frames, size, sent atomic.Int64
	var watched atomic.Bool // measuring, not warming up
	var mu sync.Mutex
	var ages []float64 // milliseconds
	failed := make(chan error, 2*cursorUsers)
	var readers sync.WaitGroup
	for i, c := range clients {
		readers.Go(func() {
			var own []float64
			var text bytes.Buffer
			for {
				n, err := c.header()
				if err != nil {
					break // closed at the end
				}
				if i >= cursorObservers {
					_, err = c.r.Discard(n)
				} else {
					text.Reset()
					_, err = io.CopyN(&text, c.r, int64(n))
				}
				if err != nil {
					break
				}
				if !watched.Load() {
					continue
				}
				frames.Add(1)
				size.Add(int64(n))
				if i < cursorObservers {
					now := sinceEpoch()
					for rest := text.Bytes(); ; {
						_, after, ok := bytes.Cut(rest, []byte(`"x":`))
						if !ok {
							break
						}
						digits := after[:max(bytes.IndexByte(after, ','), 0)]
						at, err := strconv.ParseInt(string(digits), 10, 64)
						if err != nil {
							failed <- fmt.Errorf("a cursor stands at %q", digits)
							return
						}
						own = append(own, float64(now-at)/1000)
						rest = after
					}
				}
			}
			mu.Lock()
			ages = append(ages, own...)
			mu.Unlock()
		})
	}

	moving, stop := context.WithCancel(ctx)
	defer stop()
	var movers sync.WaitGroup
	const senders = 20 // each sends its share of the moves, spread evenly over the time of one move
	for h := range senders {
		movers.Go(func() {
			// Each move has its due time on the clock, since a ticker drops ticks when it is late.
			const each = time.Second / cursorRate / (cursorUsers / senders)
			due := time.Now()
			for i := h; moving.Err() == nil; i = (i + senders) % cursorUsers {
				due = due.Add(each)
				if wait := time.Until(due); wait > 0 {
					time.Sleep(wait)
				}
				move := fmt.Sprintf(`{"t":"pub","m":"bench/room.cursors","a":["r"],"k":"update","v":{"x":%d,"y":1}}`, sinceEpoch())
				if _, err := clients[i].conn.Write(frameOf(move)); err != nil {
					failed <- err
					return
				}
				if watched.Load() {
					sent.Add(1)
				}
			}
		})
	}
	wait := func(d time.Duration) error {
		select {
		case err := <-failed:
			return err
		case <-time.After(d):
			return ctx.Err()
		}
	}
	if err := wait(time.Second); err != nil {
		return err
	}
	before, err := s.stats(ctx, false)
	if err != nil {
		return err
	}
	watched.Store(true)
	start := time.Now()
	err = wait(cursorTime)
	took := time.Since(start).Seconds()
	watched.Store(false)
	after, statsErr := s.stats(ctx, false)
	stop()
	movers.Wait()
	closeAll(clients)
	readers.Wait()
	if err = errors.Join(err, statsErr); err != nil {
		return err
	}
	if len(ages) == 0 {
		return errors.New("no cursor was seen")
	}
	slices.Sort(ages)
	moves := float64(sent.Load()) / took
	name := fmt.Sprintf("cursors_%d", cursorUsers)
	report(figure{Name: name + "_moves", Value: round3(moves), Unit: "moves/s taken"})
	f := float64(frames.Load()) / took
	report(figure{
		Name: name + "_frames", Value: round3(f), Unit: "frames/s out",
		Against: fmt.Sprintf("a frame for each move and client: %.3g", moves*cursorUsers), Ratio: round3(moves * cursorUsers / f),
	})
	report(figure{Name: name + "_bytes", Value: round3(float64(size.Load()) / took / 1e6), Unit: "MB/s out"})
	report(figure{Name: name + "_age_p50", Value: round3(ages[len(ages)/2]), Unit: "ms from the move to its being seen"})
	report(figure{Name: name + "_age_p99", Value: round3(ages[len(ages)*99/100]), Unit: "ms from the move to its being seen"})
	report(figure{Name: name + "_cpu", Value: round3((after.CPU - before.CPU).Seconds() / took), Unit: "cores of the server"})
	return nil
}

// enterRoom says hello, subscribes to the cursors and reads their first value.
func enterRoom(c *client) error {
	if _, err := c.say(`{"t":"hello","v":1,"h":"b1"}`); err != nil {
		return err
	}
	text, err := c.say(`{"t":"sub","id":1,"m":"bench/room.cursors","a":["r"]}`)
	if err == nil && !strings.HasPrefix(text, `{"t":"snap"`) {
		err = fmt.Errorf("the server says %s", text)
	}
	return err
}

type cursorPoint struct{ x, y int64 }

// decodePoint reads a cursor as a generated decoder does.
func decodePoint(d *value.Decoder) (p cursorPoint) {
	var seen uint64
	for d.Object(); d.Member(); {
		switch string(d.Key()) {
		case "x":
			d.Once(&seen, 1<<0)
			p.x = d.Int()
		case "y":
			d.Once(&seen, 1<<1)
			p.y = d.Int()
		default:
			d.Unknown()
		}
	}
	d.End()
	d.Need(seen, 0b11)
	return p
}

func roomRegistry() *live.Registry {
	reg := live.NewRegistry(live.App{Name: "bench", Hash: "b1"})
	live.AddRoom(reg, live.Room[[]string]{
		Name: "bench/room", Mode: live.Pure,
		Decode: func(d *value.Decoder) []string {
			d.Array()
			d.Item(0)
			room := d.String()
			d.End()
			return []string{room}
		},
		Open: func(*live.Call, *[]string) ([]byte, error) { return []byte(`["r"]`), nil },
		Cursors: &live.Cursors{Event: live.EventOf(decodePoint,
			func(dst []byte, p *cursorPoint) []byte {
				dst = strconv.AppendInt(append(dst, `{"x":`...), p.x, 10)
				dst = strconv.AppendInt(append(dst, `,"y":`...), p.y, 10)
				return append(dst, '}')
			})},
	})
	return reg
}

// serveRoom is the server of the room.
func serveRoom(ctx context.Context) (*server, error) {
	registry := roomRegistry()
	db, err := sqlite.Open(ctx, sqlite.Memory, registry.Tables(), sqlite.Options{})
	if err != nil {
		return nil, err
	}
	s, err := live.New(registry, live.Options{Store: db, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)), Limits: wide})
	if err != nil {
		_ = db.Close()
		return nil, err
	}
	return &server{handler: s, close: func() {
		_ = s.Close(context.Background())
		_ = db.Close()
	}}, nil
}
