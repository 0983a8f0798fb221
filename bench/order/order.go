// Package order is the app that calls are measured on, as livec writes it. The code in gen is made of order.live by
// go run ./scripts/goldens ./bench/order.
package order

import (
	_ "embed"
	"encoding/json"
)

//go:embed gen/app/contract.json
var contract []byte

// Hash is the hash of the app's contract, which a client says in its first message.
func Hash() string {
	var c struct{ Hash string }
	if err := json.Unmarshal(contract, &c); err != nil {
		panic(err) // it is part of the program
	}
	return c.Hash
}
