// Package order is the app that calls are measured on, as livec generates it. The code in gen is generated from order.live by go run
// ./scripts/goldens ./bench/order.
package order

import (
	_ "embed"
	"encoding/json"
)

//go:embed gen/app/contract.json
var contract []byte

// Hash gives the hash of the app's contract, which a client sends in its first message.
func Hash() string {
	var c struct{ Hash string }
	if err := json.Unmarshal(contract, &c); err != nil {
		panic(err) // it is embedded, and a test reads it
	}
	return c.Hash
}
