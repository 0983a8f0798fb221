package main

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// naive is a dispatcher as one writes it with encoding/json and jsonschema: the baseline of figure dispatch.
type naive struct {
	schema   *jsonschema.Schema
	handlers map[string]func(json.RawMessage) (any, error)
}

type naiveCall struct {
	Type string          `json:"t"`
	ID   int             `json:"id"`
	Path string          `json:"m"`
	Args json.RawMessage `json:"a"`
}

type naiveReply struct {
	Type  string `json:"t"`
	ID    int    `json:"id"`
	Value any    `json:"v"`
	Seq   int    `json:"s"`
}

func newNaive() (*naive, error) {
	c := jsonschema.NewCompiler()
	c.Draft = jsonschema.Draft2020
	if err := c.AddResource("order.json", strings.NewReader(orderSchema)); err != nil {
		return nil, err
	}
	schema, err := c.Compile("order.json")
	if err != nil {
		return nil, err
	}
	n := &naive{schema: schema}
	n.handlers = map[string]func(json.RawMessage) (any, error){"order/order": n.order}
	return n, nil
}

func (n *naive) order(args json.RawMessage) (any, error) {
	var v any
	if err := json.Unmarshal(args, &v); err != nil {
		return nil, err
	}
	if err := n.schema.Validate(v); err != nil {
		return nil, err
	}
	o, err := parseOrder(args)
	if err != nil {
		return nil, err
	}
	return o.total(), nil
}

// call answers one message.
func (n *naive) call(frame []byte) ([]byte, error) {
	var c naiveCall
	if err := json.Unmarshal(frame, &c); err != nil {
		return nil, err
	}
	h := n.handlers[c.Path]
	if h == nil {
		return nil, errors.New("there is no rpc " + c.Path)
	}
	v, err := h(c.Args)
	if err != nil {
		return nil, err
	}
	return json.Marshal(naiveReply{Type: "ok", ID: c.ID, Value: v})
}
