package main

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"math"
	"strconv"

	"github.com/livec-lang/livec/bench/order/gen/app"
	live "github.com/livec-lang/livec/runtime"
	"github.com/livec-lang/livec/runtime/store/sqlite"
)

// The app that calls are measured on is in package order: one rpc that takes an order of five fields, each with a refinement, and gives its
// total. Below is what the baseline needs of it.

const orderSchema = `{"type":"array","minItems":5,"items":false,"prefixItems":[
{"type":"string","minLength":1,"maxLength":40,"pattern":"^[a-z0-9-]+$"},
{"type":"string","maxLength":200},
{"type":"integer","minimum":1,"maximum":100},
{"type":"number","minimum":0,"maximum":100000},
{"enum":["small","medium","large"]}]}`

const orderArgs = `["coffee-beans-dark-roast","Please leave the parcel with the neighbours if nobody is at home",12,8.25,"medium"]`

// orderCall is the message of a call.
func orderCall(id int) string {
	return `{"t":"call","id":` + strconv.Itoa(id) + `,"m":"order/order","a":` + orderArgs + `}`
}

type orderForm struct {
	item, note string
	quantity   int64
	price      float64
	size       string
}

func (o *orderForm) total() int64 { return int64(math.Round(float64(o.quantity) * o.price * 100)) }

func parseOrder(args []byte) (o orderForm, err error) {
	list := []any{&o.item, &o.note, &o.quantity, &o.price, &o.size}
	return o, json.Unmarshal(args, &list)
}

// newLive is the server of the app.
func newLive(ctx context.Context) (s *live.Server, stop func(), err error) {
	registry := app.NewRegistry()
	db, err := sqlite.Open(ctx, sqlite.Memory, registry.Tables(), sqlite.Options{})
	if err != nil {
		return nil, nil, err
	}
	s, err = live.New(registry, live.Options{Store: db, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		_ = db.Close()
		return nil, nil, err
	}
	return s, func() {
		_ = s.Close(context.Background())
		_ = db.Close()
	}, nil
}

func serveLive(ctx context.Context) (*server, error) {
	live.EaseCollector() // as the programs that livec builds do
	s, stop, err := newLive(ctx)
	if err != nil {
		return nil, err
	}
	return &server{handler: s, close: stop}, nil
}
