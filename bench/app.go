package main

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"math"
	"strconv"

	"github.com/livec-lang/livec/bench/order/gen/app"
	"github.com/livec-lang/livec/limits"
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

// wide are limits that one machine full of clients does not reach, for what the server can do without them.
var wide = limits.Values{
	limits.MaxConnections: 1e6, limits.MaxConnectionsPerAddress: 1e6,
	limits.MaxSubscriptions: 1e9, limits.MaxSubscriptionsPerAddress: 1e9, limits.MaxSubscriptionsPerUser: 1e9,
	limits.MaxMessages: 1e9, limits.MaxMessagesPerConnection: 1e9, limits.MaxMessagesPerAddress: 1e9, limits.MaxMessagesPerUser: 1e9,
	limits.MaxTraffic: 1e12, limits.MaxTrafficPerConnection: 1e12, limits.MaxTrafficPerAddress: 1e12, limits.MaxTrafficPerUser: 1e12,
}

// newLive is the server of the app.
func newLive(ctx context.Context, set limits.Values) (s *live.Server, stop func(), err error) {
	registry := app.NewRegistry()
	db, err := sqlite.Open(ctx, sqlite.Memory, registry.Tables(), sqlite.Options{})
	if err != nil {
		return nil, nil, err
	}
	s, err = live.New(registry, live.Options{Store: db, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)), Limits: set})
	if err != nil {
		_ = db.Close()
		return nil, nil, err
	}
	return s, func() {
		_ = s.Close(context.Background())
		_ = db.Close()
	}, nil
}

// serveApp serves the app with these limits.
func serveApp(set limits.Values) func(context.Context) (*server, error) {
	return func(ctx context.Context) (*server, error) {
		live.EaseCollector() // as the programs that livec builds do
		s, stop, err := newLive(ctx, set)
		if err != nil {
			return nil, err
		}
		return &server{handler: s, close: stop}, nil
	}
}
