package identity

import (
	"net/http"
	"net/textproto"
	"net/url"
	"strings"

	"github.com/livec-lang/livec/runtime/internal/fault"
)

// RequestID is the header with the id of a request, which the log names.
const RequestID = "X-Request-Id"

// Caller is what a connection keeps of its request. It is small, since every idle connection has one.
type Caller struct {
	IP      string
	Key     string // what an anonymous caller is counted by: its connection, or its address if it has none
	Turn    string // what it takes turns by with others, unless it has a user: its network; see store.Turn
	ConnID  string // names the connection to other clients; "" if there is none
	Token   string // of the client's hello; "" for none
	Request string // the id of the request
	Secure  bool   // the request came over HTTPS

	headers string // name, NUL, value, NUL, …
	query   string // as sent
}

// NewCaller keeps what an app may read of a request. ip is the address of the client, key what it is counted by.
func NewCaller(r *http.Request, ip, key string) Caller {
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
	return Caller{
		IP: ip, Turn: TurnOfAddress(ip), Key: key, headers: b.String(), query: r.URL.RawQuery,
		Request: r.Header.Get(RequestID),
	}
}

// Origin is who calls by a message, for the log; 0 for none.
func (c *Caller) Origin(message uint64) fault.Origin {
	return fault.Origin{Request: c.Request, Message: message, Address: c.IP}
}

// Stamp is the key that the server adds to what a caller publishes: the key of its user. For an anonymous caller it is the key of the
// connection, which no user has.
func Stamp(who *Identity, from *Caller) string {
	switch {
	case who.Key == "" && from.ConnID == "":
		return "~" + from.Key // no other client sees this key
	case who.Key == "":
		return "~" + from.ConnID
	case who.Key[0] == '~':
		return "~" + who.Key
	}
	return who.Key
}

// skipHeader reports whether a header belongs to the transport.
func skipHeader(name string) bool {
	switch name {
	case "Connection", "Upgrade", "Sec-Websocket-Key", "Sec-Websocket-Version", "Sec-Websocket-Extensions", "Content-Length",
		"Transfer-Encoding":
		return true
	}
	return false
}

// Header gives the first value of a header.
func (c *Caller) Header(name string) (value string, ok bool) {
	c.each(textproto.CanonicalMIMEHeaderKey(name), func(v string) bool {
		value, ok = v, true
		return false
	})
	return value, ok
}

// each passes the values of a header to yield, in order, until it returns false. name is in canonical form.
func (c *Caller) each(name string, yield func(value string) bool) {
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

// Cookie gives the value of a cookie (RFC 6265), from any Cookie header.
func (c *Caller) Cookie(name string) (value string, ok bool) {
	c.each("Cookie", func(header string) bool {
		value, ok = cookieIn(header, name)
		return !ok
	})
	return value, ok
}

// QueryParam gives the first value of a parameter of the URL.
func (c *Caller) QueryParam(name string) (string, bool) {
	values, err := url.ParseQuery(c.query)
	if err != nil || !values.Has(name) {
		return "", false
	}
	return values.Get(name), true
}

// Bearer gives the token of the Authorization header (RFC 6750 §2.1) or, if that has none, the token of hello: a browser cannot send the
// header with a WebSocket. The header wins, since it may come from a proxy that has checked the caller.
func (c *Caller) Bearer() (string, bool) {
	value, _ := c.Header("Authorization")
	if scheme, token, ok := strings.Cut(value, " "); ok && strings.EqualFold(scheme, "Bearer") {
		return strings.TrimSpace(token), true
	}
	return c.Token, c.Token != ""
}

// cookieIn gives the value of a cookie from the value of a Cookie header, without quotes around it. It accepts more than the grammar of RFC
// 6265 §4.2.1: other cookies may contain any octets, such as JSON or UTF-8, and may have no value. If several cookies have the name, the
// first one counts: browsers send the one with the longest path first (§5.4).
func cookieIn(header, name string) (string, bool) {
	for header != "" {
		var pair string
		pair, header, _ = strings.Cut(header, ";")
		n, value, ok := strings.Cut(strings.Trim(pair, " \t"), "=")
		if !ok || strings.TrimRight(n, " \t") != name {
			continue
		}
		value = strings.TrimLeft(value, " \t")
		if len(value) >= 2 && value[0] == '"' && value[len(value)-1] == '"' {
			value = value[1 : len(value)-1]
		}
		return value, true
	}
	return "", false
}
