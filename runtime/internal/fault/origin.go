package fault

import "context"

// Origin says from whom a call came, for the log.
type Origin struct {
	Request string // the id of the request, which its answer has as X-Request-Id; for a connection that of its first request
	Message uint64 // the id of the message over a connection, such as that of a call or a subscription; 0 if there is none
	Address string // of the client
}

type originKey struct{}

// WithOrigin has what is reported with the context name an origin.
func WithOrigin(ctx context.Context, o Origin) context.Context {
	if o == (Origin{}) {
		return ctx
	}
	return context.WithValue(ctx, originKey{}, o)
}

// origin appends the origin of a context to the attributes of a line.
func origin(ctx context.Context, args ...any) []any {
	o, _ := ctx.Value(originKey{}).(Origin)
	return o.Append(args)
}

// Append appends an origin to the attributes of a line in the log.
func (o Origin) Append(args []any) []any {
	if o.Request != "" {
		args = append(args, "request", o.Request)
	}
	if o.Message != 0 {
		args = append(args, "message_id", o.Message)
	}
	if o.Address != "" {
		args = append(args, "address", o.Address)
	}
	return args
}
