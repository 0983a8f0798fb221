package runtime

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// cookieName is the name of the session's cookie of an app: each app has its own, since cookies do not tell the ports of a host apart.
func cookieName(app string) string {
	var b strings.Builder
	b.WriteString("live_")
	for _, c := range []byte(app) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '_', c == '-':
			b.WriteByte(c)
		default: // no token of RFC 9110 §5.6.2, or the mark of those that are not
			fmt.Fprintf(&b, ".%02x", c)
		}
	}
	return b.String()
}

// hostPrefix has browsers take a cookie only over HTTPS, and for no other host and no part of the site (RFC 6265bis §4.1.3.2).
const hostPrefix = "__Host-"

// sentSecurely tells whether the cookies of a request are those of HTTPS.
func (s *Server) sentSecurely(r *http.Request) bool {
	switch s.opt.SecureCookies {
	case On:
		return true
	case Off:
		return false
	}
	return s.opt.Production || r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https"
}

// sessionCookie is the cookie that has a browser carry a session until its end, or no session where value is empty.
func (s *Server) sessionCookie(secure bool, value string, ends time.Time) *http.Cookie {
	c := &http.Cookie{
		Name: s.cookieNames[secure], Value: value, Path: "/", MaxAge: -1,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: secure,
	}
	if value != "" {
		c.MaxAge = max(1, int((ends.Sub(s.runner.Now())+time.Second-1)/time.Second)) // it may be gone no sooner than its session
	}
	return c
}
