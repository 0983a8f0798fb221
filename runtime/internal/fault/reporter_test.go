package fault

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/livec-lang/livec/runtime/store"
)

type bounced struct{ code string }

func (b *bounced) Error() string    { return "the letter came back" }
func (b *bounced) LiveCode() string { return b.code }

// TestExternalErrors checks what a caller is shown of an error of an extern function.
func TestExternalErrors(t *testing.T) {
	r := &Reporter{Log: slog.New(slog.DiscardHandler), Codes: map[string]bool{"BOUNCED": true}}
	for _, c := range []struct {
		err           error
		code, message string
	}{
		{&Error{Code: "BOUNCED", Message: "No such address"}, "BOUNCED", "No such address"},
		{&Error{Code: CodeNotFound, Message: "No such address"}, CodeNotFound, "No such address"},
		{fmt.Errorf("mail: %w", &bounced{"BOUNCED"}), "BOUNCED", "the letter came back"},
		{&bounced{CodeForbidden}, CodeForbidden, "the letter came back"},
		{&bounced{"SMTP_550"}, CodeInternal, "Something went wrong on the server"},
		{&bounced{CodeUseHTTP}, CodeInternal, "Something went wrong on the server"},
		{&Error{Code: "OTHER", Message: "secret"}, CodeInternal, "Something went wrong on the server"},
		{errors.New("secret"), CodeInternal, "Something went wrong on the server"},
		{context.DeadlineExceeded, CodeTimeout, "This took too long and was stopped"},
	} {
		got := r.Report(context.Background(), "app/send", fmt.Errorf("in a guard: %w", &External{c.err}))
		if got.Code != c.code || got.Message != c.message {
			t.Errorf("%v: %v, want %s: %s", c.err, got, c.code, c.message)
		}
	}
	if _, ok := Refusal(&External{&Error{Code: "OTHER"}}); ok {
		t.Error("an error of an extern function is taken for a refusal of the app")
	}
}

// TestUnseen checks that an error that no client is shown is logged and passed to the hook once, unless the server is stopping.
func TestUnseen(t *testing.T) {
	var log bytes.Buffer
	n := 0
	r := &Reporter{Log: slog.New(slog.NewTextHandler(&log, nil)), Hook: func(context.Context, string, error) { n++ }}
	for _, err := range []error{&Error{Code: "FULL"}, store.ErrUnique, errors.New("broken"), context.DeadlineExceeded} {
		n = 0
		log.Reset()
		r.Unseen(context.Background(), "app/room", err)
		if n != 1 || strings.Count(log.String(), "\n") != 1 || !strings.Contains(log.String(), "app/room") {
			t.Errorf("%v: the hook was called %d times, and the log is %q", err, n, log.String())
		}
	}
	n = 0
	r.Unseen(context.Background(), "app/room", context.Canceled)
	r.Unseen(context.Background(), "app/room", store.ErrClosed)
	if n != 0 {
		t.Error("the end of the server is reported")
	}
}
