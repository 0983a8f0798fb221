// Package mail is Go code of an app, as its author would write it.
package mail

import (
	"context"
	"errors"
	"strings"
)

// Letter has the fields of a record of the app.
type Letter struct {
	To   string
	Text string
}

// Send sends a letter.
func Send(_ context.Context, l Letter, urgent bool) (string, error) {
	if l.To == "" {
		return "", errors.New("nobody to send to")
	}
	if urgent {
		return strings.ToUpper(l.To + ":" + l.Text), nil
	}
	return l.To + ":" + l.Text, nil
}

// Answer makes a letter.
func Answer(_ context.Context, to string) (Letter, error) { return Letter{To: to, Text: "Thanks"}, nil }

// Ping does nothing.
func Ping(context.Context) error { return nil }
