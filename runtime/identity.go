package runtime

// sessions reads the signed cookie in which a signed-in caller carries the key of its session.
type sessions interface {
	// Open gives the key in the value of the cookie, and whether it is genuine and not expired.
	Open(cookie string) (key string, ok bool)
}

// sessionChange is what a call does to the caller's session once it has succeeded.
type sessionChange struct {
	changed bool
	key     string // "" ends the session
}

// sessionCookie is the name of the session's cookie.
const sessionCookie = "live_session"

// SessionKey is the key that StartSession was given, read from the caller's signed cookie, and whether there is one.
func (c *Call) SessionKey() (string, bool) {
	value, ok := c.caller.cookie(sessionCookie)
	if !ok {
		return "", false
	}
	return c.cookies.Open(value)
}

// StartSession signs the caller in: once the call has succeeded, a signed HttpOnly cookie carries the key.
func (c *Call) StartSession(key string) { c.session = sessionChange{changed: true, key: key} }

// EndSession signs the caller out once the call has succeeded.
func (c *Call) EndSession() { c.session = sessionChange{changed: true} }

// Cookie is the value of a cookie of the connection's request, or nil.
func (c *Call) Cookie(name string) *string { return optional(c.caller.cookie(name)) }

// Header is the first value of a header of the connection's request, or nil.
func (c *Call) Header(name string) *string { return optional(c.caller.header(name)) }

// QueryParam is the first value of a parameter in the URL of the connection's request, or nil.
func (c *Call) QueryParam(name string) *string { return optional(c.caller.queryParam(name)) }

// Bearer is the token of the Authorization header of the connection's request (RFC 6750), or nil.
func (c *Call) Bearer() *string { return optional(c.caller.bearer()) }

func optional(s string, ok bool) *string {
	if !ok {
		return nil
	}
	return &s
}
