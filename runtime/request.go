package runtime

// IP is the address of the caller.
func (c *Call) IP() string { return c.in.Caller.IP }

// Cookie is the value of a cookie of the connection's request, or nil.
func (c *Call) Cookie(name string) *string { return optional(c.in.Caller.Cookie(name)) }

// Header is the first value of a header of the connection's request, or nil.
func (c *Call) Header(name string) *string { return optional(c.in.Caller.Header(name)) }

// QueryParam is the first value of a parameter in the URL of the connection's request, or nil.
func (c *Call) QueryParam(name string) *string { return optional(c.in.Caller.QueryParam(name)) }

// Bearer is the token of the Authorization header of the connection's request (RFC 6750) or, if it has none, that of its hello; or nil.
func (c *Call) Bearer() *string { return optional(c.in.Caller.Bearer()) }

func optional(s string, ok bool) *string {
	if !ok {
		return nil
	}
	return &s
}
