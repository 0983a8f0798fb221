package runtime

import (
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
)

// caller is what is kept of a request for as long as a connection lives: small, since every idle connection holds one.
type caller struct {
	ip      string
	key     string // what an anonymous caller is counted by: its connection, or its address where it has none
	mark    string // names the connection to others; "" where there is none
	headers string // name, NUL, value, NUL, …
	query   string // as sent
	token   string // of the client's hello; "" for none
	secure  bool   // its cookies are those of HTTPS
}

func newCaller(r *http.Request, ip, key string) caller {
	var b strings.Builder
	for name, values := range r.Header {
		if skipHeader(name) {
			continue
		}
		for _, v := range values {
			b.WriteString(name)
			b.WriteByte(0)
			b.WriteString(v)
			b.WriteByte(0)
		}
	}
	return caller{ip: ip, key: key, headers: b.String(), query: r.URL.RawQuery}
}

// stampOf is the key that what a caller publishes is stamped with: the user's or, of an anonymous one, its connection's, which no user has.
func stampOf(who *identity, from *caller) string {
	switch {
	case who.key == "" && from.mark == "":
		return "~" + from.key // nobody is shown this
	case who.key == "":
		return "~" + from.mark
	case who.key[0] == '~':
		return "~" + who.key
	}
	return who.key
}

// skipHeader names the headers that belong to the transport.
func skipHeader(name string) bool {
	switch name {
	case "Connection", "Upgrade", "Sec-Websocket-Key", "Sec-Websocket-Version", "Sec-Websocket-Extensions", "Content-Length", "Transfer-Encoding":
		return true
	}
	return false
}

// header is the first value of a header.
func (c *caller) header(name string) (value string, ok bool) {
	c.each(textproto.CanonicalMIMEHeaderKey(name), func(v string) bool {
		value, ok = v, true
		return false
	})
	return value, ok
}

// each gives the values of a header to yield, in their order, until it gives false. name is in its canonical form.
func (c *caller) each(name string, yield func(value string) bool) {
	rest := c.headers
	for rest != "" {
		var n, v string
		n, rest, _ = strings.Cut(rest, "\x00")
		v, rest, _ = strings.Cut(rest, "\x00")
		if n == name && !yield(v) {
			return
		}
	}
}

// cookie is the value of a cookie (RFC 6265), in whichever of several Cookie headers it came.
func (c *caller) cookie(name string) (value string, ok bool) {
	c.each("Cookie", func(header string) bool {
		value, ok = cookieIn(header, name)
		return !ok
	})
	return value, ok
}

// queryParam is the first value of a parameter of the URL.
func (c *caller) queryParam(name string) (string, bool) {
	values, err := url.ParseQuery(c.query)
	if err != nil || !values.Has(name) {
		return "", false
	}
	return values.Get(name), true
}

// bearer is the token of the Authorization header (RFC 6750 §2.1) or, where the request has none there, that of hello: a browser's socket
// cannot send the header. The header wins, since a proxy that has checked who the caller is may have set it.
func (c *caller) bearer() (string, bool) {
	value, _ := c.header("Authorization")
	if scheme, token, ok := strings.Cut(value, " "); ok && strings.EqualFold(scheme, "Bearer") {
		return strings.TrimSpace(token), true
	}
	return c.token, c.token != ""
}

// remoteIP is the address of the peer without its port.
func remoteIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
