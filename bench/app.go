package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"slices"
	"strconv"

	live "github.com/livec-lang/livec/runtime"
	"github.com/livec-lang/livec/runtime/store/sqlite"
)

// The app that calls are measured on: one rpc that takes an order of five fields, each with a refinement, and gives its total. It is written as the compiler writes it.

const contract = `{"name":"bench","hash":"b1","modules":[{"name":"bench","entries":[{"kind":"rpc","name":"bench/order","access":"public","params":[
{"name":"item","type":"string","schema":{}},{"name":"note","type":"string","schema":{}},{"name":"quantity","type":"int","schema":{}},{"name":"price","type":"float","schema":{}},{"name":"size","type":"Size","schema":{}}],
"args":` + orderSchema + `,"type":"int"}]}],"$defs":{}}`

const orderSchema = `{"type":"array","minItems":5,"items":false,"prefixItems":[
{"type":"string","minLength":1,"maxLength":40,"pattern":"^[a-z0-9-]+$"},
{"type":"string","maxLength":200},
{"type":"integer","minimum":1,"maximum":100},
{"type":"number","minimum":0,"maximum":100000},
{"enum":["small","medium","large"]}]}`

const orderArgs = `["coffee-beans-dark-roast","Please leave the parcel with the neighbours if nobody is at home",12,8.25,"medium"]`

// orderCall is the message of a call.
func orderCall(id int) string {
	return `{"t":"call","id":` + strconv.Itoa(id) + `,"m":"bench/order","a":` + orderArgs + `}`
}

type order struct {
	item, note string
	quantity   int64
	price      float64
	size       string
}

var sizes = []string{"small", "medium", "large"}

func (o *order) total() int64 { return int64(float64(o.quantity) * o.price * 100) }

// decodeOrder accepts arguments in their plain form.
func decodeOrder(b []byte) (o order, ok bool) {
	if len(b) < 2 || b[0] != '[' {
		return o, false
	}
	b = b[1:]
	if o.item, b, ok = plainString(b, ','); !ok || len(o.item) < 1 || len(o.item) > 40 || !isSlug(o.item) {
		return o, false
	}
	if o.note, b, ok = plainString(b, ','); !ok || len(o.note) > 200 {
		return o, false
	}
	n := bytes.IndexByte(b, ',')
	if n < 1 || n > 18 {
		return o, false
	}
	for _, c := range b[:n] {
		if c < '0' || c > '9' {
			return o, false
		}
		o.quantity = o.quantity*10 + int64(c-'0')
	}
	if o.quantity < 1 || o.quantity > 100 || b[0] == '0' {
		return o, false
	}
	b = b[n+1:]
	n = bytes.IndexByte(b, ',')
	if n < 1 || n > 18 || b[0] < '1' || b[0] > '9' || b[n-1] < '0' || b[n-1] > '9' { // what begins or ends otherwise is for the schema
		return o, false
	}
	var err error
	if o.price, err = strconv.ParseFloat(string(b[:n]), 64); err != nil || o.price < 0 || o.price > 100000 {
		return o, false
	}
	if o.size, b, ok = plainString(b[n+1:], ']'); !ok || len(b) != 0 {
		return o, false
	}
	return o, slices.Contains(sizes, o.size)
}

// plainString reads a string without escapes, and what follows it.
func plainString(b []byte, then byte) (s string, rest []byte, ok bool) {
	if len(b) < 2 || b[0] != '"' {
		return "", nil, false
	}
	for i, c := range b[1:] {
		switch {
		case c == '"':
			if i+2 >= len(b) || b[i+2] != then {
				return "", nil, false
			}
			return string(b[1 : i+1]), b[i+3:], true
		case c == '\\' || c < 0x20 || c >= 0x80:
			return "", nil, false
		}
	}
	return "", nil, false
}

func isSlug(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}

func parseOrder(args []byte) (o order, err error) {
	list := []any{&o.item, &o.note, &o.quantity, &o.price, &o.size}
	return o, json.Unmarshal(args, &list)
}

func benchRegistry() *live.Registry {
	reg := live.NewRegistry(live.App{Name: "bench", Hash: "b1", Contract: []byte(contract)})
	live.AddRPC(reg, live.RPC[order, int64]{
		Name: "bench/order", Mode: live.Pure, Decode: decodeOrder, Parse: parseOrder,
		Call:   func(_ *live.Call, o *order) (int64, error) { return o.total(), nil },
		Encode: func(dst []byte, r *int64) []byte { return strconv.AppendInt(dst, *r, 10) },
	})
	return reg
}

// newLive is the server of the app.
func newLive(ctx context.Context) (s *live.Server, stop func(), err error) {
	db, err := sqlite.Open(ctx, sqlite.Memory, nil, sqlite.Options{})
	if err != nil {
		return nil, nil, err
	}
	s, err = live.New(benchRegistry(), live.Options{Store: db, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
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
	s, stop, err := newLive(ctx)
	if err != nil {
		return nil, err
	}
	return &server{handler: s, close: stop}, nil
}
