// Package mail is Go code of an app, as its author would write it.
package mail

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Letter has the fields of a record of the app.
type Letter struct {
	To   string
	Text string
}

// Refused is an error that the caller is shown, if the app knows its code.
type Refused string

func (r Refused) Error() string { return "the letter was refused" }

// LiveCode is part of runtime.Coded.
func (r Refused) LiveCode() string { return string(r) }

// Send sends a letter.
func Send(_ context.Context, l Letter, urgent bool) (string, error) {
	switch l.To {
	case "":
		return "", errors.New("nobody to send to")
	case "moved":
		return "", fmt.Errorf("the post office: %w", Refused("MOVED"))
	case "nowhere":
		return "", Refused("NOT_FOUND")
	case "custom":
		return "", Refused("CUSTOM")
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
