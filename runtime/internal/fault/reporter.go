package fault

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/livec-lang/livec/internal/throttle"
	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/relation/function"
	"github.com/livec-lang/livec/runtime/store"
)

// Reporter turns errors into those that clients are shown. It logs an error that is not for clients, and passes it to the error hook of the
// app.
type Reporter struct {
	Log  *slog.Logger
	Hook func(ctx context.Context, entryPoint string, err error) // nil for none

	Codes map[string]bool // the codes that the app declares, for errors of extern functions

	// Overtime counts a transaction of an entry point that was stopped, and Reached what has run into a limit. They may be nil.
	Overtime func(entryPoint string)
	Reached  func(limits.ID)

	lines throttle.Log
}

// Reach counts that something has run into a limit.
func (r *Reporter) Reach(id limits.ID) {
	if r.Reached != nil {
		r.Reached(id)
	}
}

// Slow logs a call that took long; 0 for one that did not.
func (r *Reporter) Slow(entryPoint string, took time.Duration, by Origin) {
	if took > 0 {
		args := by.Append([]any{"entry_point", entryPoint, "took", took})
		r.lines.Write(r.Log, slog.LevelWarn, "slow "+entryPoint, "a call was slow", args...)
	}
}

// overtime is the error of a transaction that took too long.
func (r *Reporter) overtime(ctx context.Context, entryPoint string, err error) *Error {
	args := origin(ctx, "entry_point", entryPoint)
	var over *store.Overtime
	if errors.As(err, &over) {
		r.Reach(over.Limit)
		args = append(args, "limit", over.Limit.String())
	}
	if r.Overtime != nil {
		r.Overtime(entryPoint)
	}
	const message = "a transaction took too long: it was stopped and undone"
	r.lines.Write(r.Log, slog.LevelWarn, "overtime "+entryPoint, message, args...)
	return &Error{Code: CodeTimeout, Message: "This took too long and was stopped"}
}

// overloaded is the error of what was refused since too much waits.
func (r *Reporter) overloaded(ctx context.Context, entryPoint string, err error) *Error {
	var over *store.Overloaded
	wait := time.Duration(0)
	if errors.As(err, &over) {
		wait = over.RetryAfter
		r.Reach(over.Limit)
		if over.Why != "" {
			return Overloaded(over.Why, wait) // the log names the limit
		}
	}
	r.lines.Write(r.Log, slog.LevelWarn, "overloaded", "calls are refused, since too many wait",
		origin(ctx, "entry_point", entryPoint, "error", err)...)
	return Overloaded("Too many calls wait; try again", wait)
}

// Report gives the error that the client is shown for an error of an entry point. An error that is not for clients is logged and becomes
// INTERNAL.
func (r *Reporter) Report(ctx context.Context, entryPoint string, err error) *Error {
	var known *Error
	var external *External
	var large *store.TooLarge
	switch {
	case errors.As(err, &external) && r.declared(external, &known):
		return known
	case errors.As(err, &known):
		return known
	case errors.As(err, &large):
		if large.Bytes {
			r.Reach(limits.MaxResult)
		} else {
			r.Reach(limits.MaxRows)
		}
		return ResultTooLarge(large.Error())
	case errors.Is(err, function.ErrSize): // also if an operator panicked with it
		return ResultTooLarge(function.ErrSize.Error())
	case errors.Is(err, store.ErrUnique):
		return &Error{Code: CodeConflict, Message: "A value that must be unique is already in use"}
	case errors.Is(err, store.ErrOvertime):
		return r.overtime(ctx, entryPoint, err)
	case errors.Is(err, store.ErrOverloaded):
		return r.overloaded(ctx, entryPoint, err)
	case errors.Is(err, context.DeadlineExceeded) || errors.Is(ctx.Err(), context.DeadlineExceeded):
		return &Error{Code: CodeTimeout, Message: "This took too long and was stopped"}
	case Retryable(err):
		return &Error{Code: CodeConflict, Message: "Others changed the same data at the same time; try again"}
	case errors.Is(err, store.ErrClosed), errors.Is(err, context.Canceled):
		return Unavailable
	case errors.Is(err, store.ErrUnavailable):
		r.lines.Write(r.Log, slog.LevelError, "unavailable", "the database cannot be used",
			origin(ctx, "entry_point", entryPoint, "error", err)...)
		return Unavailable
	}
	r.log(ctx, entryPoint, err)
	r.hook(ctx, entryPoint, err)
	return &Error{Code: CodeInternal, Message: "Something went wrong on the server"}
}

// Unseen reports an error that no client is shown, since nobody waits for what has failed. It is logged and passed to the error hook, also
// if it is one that a client would be shown. The end of the server is no such error.
func (r *Reporter) Unseen(ctx context.Context, entryPoint string, err error) {
	if errors.Is(err, store.ErrClosed) || errors.Is(err, context.Canceled) {
		return
	}
	shown := r.Report(ctx, entryPoint, err)
	if shown.Code == CodeInternal {
		return // it was reported
	}
	r.lines.Write(r.Log, slog.LevelError, "unseen "+entryPoint+" "+shown.Code, "this failed, and no client waits for it",
		origin(ctx, "entry_point", entryPoint, "code", shown.Code, "error", err)...)
	r.hook(ctx, entryPoint, err)
}

// Delayed reports an error after which the server tries the same again. It is logged, and passed to the error hook if it is not for
// clients.
func (r *Reporter) Delayed(ctx context.Context, entryPoint string, err error) {
	if errors.Is(err, store.ErrClosed) || errors.Is(err, context.Canceled) {
		return
	}
	if shown := r.Report(ctx, entryPoint, err); shown.Code != CodeInternal {
		r.lines.Write(r.Log, slog.LevelWarn, "delayed "+entryPoint+" "+shown.Code, "this failed, and is tried again until it succeeds",
			origin(ctx, "entry_point", entryPoint, "code", shown.Code, "error", err)...)
	}
}

func (r *Reporter) hook(ctx context.Context, entryPoint string, err error) {
	if r.Hook == nil {
		return
	}
	if failed := Protect(func() error { r.Hook(ctx, entryPoint, err); return nil }); failed != nil {
		r.lines.Write(r.Log, slog.LevelError, "hook "+entryPoint, "the error hook failed",
			origin(ctx, "entry_point", entryPoint, "error", failed)...)
	}
}

func (r *Reporter) log(ctx context.Context, entryPoint string, err error) {
	var panicked *store.PanicError
	if errors.As(err, &panicked) {
		r.lines.Write(r.Log, slog.LevelError, fmt.Sprint("panic ", entryPoint, panicked.Value), "panic",
			origin(ctx, "entry_point", entryPoint, "panic", panicked.Value, "stack", string(panicked.Stack))...)
		return
	}
	args := origin(ctx, "entry_point", entryPoint, "error", err)
	r.lines.Write(r.Log, slog.LevelError, "failed "+entryPoint+err.Error(), "a call failed", args...)
}
